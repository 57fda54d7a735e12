import type { FastifyPluginAsync } from 'fastify'
import { patreonScope } from '../patreon/scope.ts'
import { routeOf } from './call.ts'
import { readCalls } from './calls.ts'
import { type WebhookTools, webhookCalls } from './webhooks.ts'

/** Patreon's API v2, to be put under each of its two prefixes. A new call is one more in the list. */
export const patreonV2 = (tools: WebhookTools): FastifyPluginAsync =>
  patreonScope((app) => {
    for (const call of readCalls(tools)) app.route(routeOf(call, tools))
    webhookCalls(tools)(app)
  }, tools)
