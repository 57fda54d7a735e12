import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Clock, Random } from '../../clock.ts'
import type { Log } from '../../log.ts'
import type { Store } from '../../store/store.ts'
import { KnownPaths } from '../known-paths.ts'
import { headersOf, refusalIn } from '../problem.ts'
import { errorDocument } from './errors.ts'
import type { Limits } from './limits.ts'

/** What Patreon's API works with. */
export type PatreonTools = {
  store: Store
  clock: Clock
  random: Random
  log: Log
  /** What links in documents begin with. */
  linkBase: string
  limits: Limits
}

/**
 * What Patreon's API answers with today (wire.md §7). No charset: the media type has no such parameter. The framework
 * adds one to text, so answers are sent as bytes.
 */
export const patreonMediaType = 'application/vnd.api+json'

/** What errors are told with. */
export type ErrorTools = Pick<PatreonTools, 'clock' | 'random' | 'log'>

type Answering = { request: FastifyRequest; reply: FastifyReply; tools: ErrorTools }

/** Tells what went wrong in Patreon's form. */
export function answerWithErrors(error: unknown, { request, reply, tools }: Answering): FastifyReply {
  const refusal = refusalIn(error, request, tools.log)
  const document = errorDocument(refusal, tools.random.id(tools.clock.now()))
  return reply
    .status(refusal.status)
    .headers(headersOf(refusal))
    .header('content-type', patreonMediaType)
    .send(Buffer.from(JSON.stringify(document)))
}

/** A room of the API in which everything that goes wrong is told in Patreon's form: also a wrong path or method. */
export function patreonScope(routes: (app: FastifyInstance) => void, tools: PatreonTools): FastifyPluginAsync {
  return async (app) => {
    const paths = new KnownPaths()
    app.addHook('onRoute', ({ method, path }) => paths.add(method, path))
    // Under the legacy host's paths nothing else says so.
    app.addHook('onRequest', async (request, reply) => {
      reply.headers({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
      tools.limits.mustSayWho(request.headers['user-agent'])
    })

    app.setErrorHandler((error, request, reply) => answerWithErrors(error, { request, reply, tools }))
    app.setNotFoundHandler((request, reply) => {
      throw paths.refusalFor(request.method, request.url.split('?', 1)[0] ?? '', (allowed) => {
        void reply.header('allow', allowed)
      })
    })
    routes(app)
  }
}
