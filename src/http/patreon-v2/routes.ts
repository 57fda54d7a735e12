import type { FastifyInstance, FastifyPluginAsync } from 'fastify'
import { type PatreonTools, patreonScope } from '../patreon/scope.ts'
import { routeOf } from './call.ts'
import { readCalls } from './calls.ts'

/** Patreon's API v2, to be put under each of its two prefixes: what it reads, and beside that what `more` adds. */
export const patreonV2 = (tools: PatreonTools, more: (app: FastifyInstance) => void): FastifyPluginAsync =>
  patreonScope((app) => {
    for (const call of readCalls(tools)) app.route(routeOf(call, tools))
    more(app)
  }, tools)
