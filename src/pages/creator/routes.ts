import type { FastifyInstance } from 'fastify'
import type { PageTools } from '../tools.ts'
import { detailsRoutes } from './details-routes.ts'
import { memberRoutes } from './member-routes.ts'
import { overview } from './overview.ts'
import { postRoutes } from './post-routes.ts'
import { startRoutes } from './start-routes.ts'
import { tierRoutes } from './tier-routes.ts'
import { byCreator, show } from './work.ts'

/** What creators do: start a campaign, and manage it. */
export function creatorRoutes(app: FastifyInstance, tools: PageTools): void {
  const { members, posts } = tools.store.read

  const overviewOf = byCreator(tools, async (work) => {
    const { id } = work.standing.campaign
    const counts = { members: await members.countMembers(id), posts: await posts.countPosts(id) }
    return show(work, overview(work.standing, counts))
  })
  app.get('/c/:vanity/manage', overviewOf)

  startRoutes(app, tools)
  detailsRoutes(app, tools)
  tierRoutes(app, tools)
  postRoutes(app, tools)
  memberRoutes(app, tools)
}
