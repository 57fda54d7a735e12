import type { FastifyPluginAsync } from 'fastify'
import { type PatreonTools, patreonScope } from '../patreon/scope.ts'
import { routeOf, type V2Call } from './call.ts'

/** Patreon's API v2, to be put under each of its two prefixes. */
export const patreonV2 = (calls: readonly V2Call[], tools: PatreonTools): FastifyPluginAsync =>
  patreonScope((app) => {
    for (const call of calls) app.route(routeOf(call, tools))
  }, tools)
