import type { FastifyPluginAsync, RouteHandlerMethod } from 'fastify'
import { type Json, wireBytes } from '../../domain/wire-json.ts'
import { accessIn } from '../patreon/bearer.ts'
import { type PatreonTools, patreonMediaType, patreonScope } from '../patreon/scope.ts'
import { type Asked, campaignPledges, currentUser, oneCampaign, ownCampaigns, type Reading } from './calls.ts'
import type { RawQuery } from './query.ts'

/** Patreon's API v1, for reading. */
export const patreonV1 = (tools: PatreonTools): FastifyPluginAsync =>
  patreonScope((app) => {
    const at = (path: string, call: Call) => app.get(path, { schema: { hide: true } }, answering(call, tools))

    at('/current_user', currentUser)
    at('/current_user/campaigns', ownCampaigns)
    at('/campaigns/:id', oneCampaign)
    at('/campaigns/:id/pledges', campaignPledges)
  }, tools)

type Call = (asked: Asked, reading: Reading) => Promise<Json>

function answering(call: Call, { store, clock, limits, linkBase }: PatreonTools): RouteHandlerMethod {
  return async (request, reply) => {
    const access = await accessIn(request, store.read, clock)
    limits.count(access)
    // The framework's own parsers wrote these two.
    const { id = '' } = request.params as { id?: string }
    const document = await call({ access, id, query: request.query as RawQuery }, { read: store.read, linkBase })
    return reply.header('content-type', patreonMediaType).send(wireBytes(document))
  }
}
