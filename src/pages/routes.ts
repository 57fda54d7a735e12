import type { FastifyPluginAsync } from 'fastify'
import { addressRoutes } from './address-routes.ts'
import { authorizeRoutes } from './authorize-routes.ts'
import { becomePatronRoutes } from './become-patron-routes.ts'
import { campaignRoutes } from './campaign-routes.ts'
import { clockRoutes } from './clock-routes.ts'
import { creatorRoutes } from './creator/routes.ts'
import { answerWithPage } from './error-page.ts'
import { giftRoutes } from './gift-routes.ts'
import { homeRoutes } from './home-routes.ts'
import { logInRoutes } from './log-in-routes.ts'
import { membershipsRoutes } from './memberships-routes.ts'
import { cover, portrait } from './pictures.ts'
import { postPageRoutes } from './post-routes.ts'
import { stylesheet } from './stylesheet.ts'
import type { PageTools } from './tools.ts'
import { welcomeRoutes } from './welcome-routes.ts'

/** Every server-rendered page. Sessions, forms and CSRF protection must be registered before. */
export function pageRoutes(tools: PageTools): FastifyPluginAsync {
  return async (app) => {
    app.setErrorHandler(answerWithPage(tools.log))

    homeRoutes(app, tools)
    await logInRoutes(app, tools)
    welcomeRoutes(app, tools)
    campaignRoutes(app, tools)
    authorizeRoutes(app, tools)
    becomePatronRoutes(app, tools)
    clockRoutes(app, tools)
    creatorRoutes(app, tools)
    postPageRoutes(app, tools)
    giftRoutes(app, tools)
    membershipsRoutes(app, tools)
    addressRoutes(app, tools)

    for (const [path, asset] of Object.entries(assets)) {
      app.get(path, (_request, reply) =>
        reply.header('cache-control', 'public, max-age=3600').type(asset.type).send(asset.text),
      )
    }
  }
}

const assets = {
  '/assets/pages.css': { type: 'text/css; charset=utf-8', text: stylesheet },
  '/assets/portrait.svg': { type: 'image/svg+xml', text: portrait },
  '/assets/cover.svg': { type: 'image/svg+xml', text: cover },
}
