import type {} from '@fastify/rate-limit'
import type { FastifyPluginAsync } from 'fastify'
import type { Log } from '../../log.ts'
import type { ApiTools } from '../api/tools.ts'
import type { Limits } from '../patreon/limits.ts'
import { answerWithOAuthError } from './answers.ts'
import { revocationDoor, tokenDoor } from './token.ts'

/**
 * A secret has 384 random bits and nobody guesses it; this keeps those busy who try. One address may be the server of
 * a large client, which refreshes for all its people.
 */
const tokenRate = { max: 1_000, timeWindow: 60_000 }

/** Where Patreon has them, and where its older host had them (wire.md §0.7 and §4.2). */
const tokenPaths = ['/api/oauth2/token', '/oauth2/token']
const revocationPaths = ['/api/oauth2/token/revoke', '/oauth2/token/revoke', '/api/oauth2/revoke', '/oauth2/revoke']

/** The calls by which clients get tokens and give them back. */
export function oauthRoutes(tools: ApiTools & { log: Log; limits: Limits }): FastifyPluginAsync {
  return async (app) => {
    app.addHook('onRequest', async (request) => tools.limits.mustSayWho(request.headers['user-agent']))
    app.setErrorHandler(answerWithOAuthError(tools.log))
    const options = { schema: { hide: true }, config: { rateLimit: tokenRate } }
    for (const url of tokenPaths) {
      // Some client asks by GET. A HEAD would spend the code and keep the tokens to itself.
      app.route({ ...options, method: ['GET', 'POST'], url, exposeHeadRoute: false, handler: tokenDoor(tools) })
    }
    for (const url of revocationPaths) app.post(url, options, revocationDoor(tools))
  }
}
