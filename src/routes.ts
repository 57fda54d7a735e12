/** Every URL of the product, on one page. */
import type { FastifyInstance, HTTPMethods } from 'fastify'
import { accountCalls } from './http/api/accounts.ts'
import { addressCalls } from './http/api/addresses.ts'
import { benefitCalls } from './http/api/benefits.ts'
import { campaignCalls } from './http/api/campaigns.ts'
import { chargeCalls } from './http/api/charges.ts'
import { clientCalls } from './http/api/clients.ts'
import { clockCalls } from './http/api/clock.ts'
import { deliveryCalls } from './http/api/deliveries.ts'
import { eventDoors, eventReads } from './http/api/events.ts'
import { giftCalls } from './http/api/gifts.ts'
import { keyCalls } from './http/api/keys.ts'
import { memberCalls } from './http/api/members.ts'
import { pledgeCalls } from './http/api/pledges.ts'
import { postCalls } from './http/api/posts.ts'
import { imageDoor, tierImageCalls } from './http/api/tier-images.ts'
import type { ApiTools } from './http/api/tools.ts'
import { triggerCalls } from './http/api/triggers.ts'
import { webhookCalls } from './http/api/webhooks.ts'
import type { Endpoint } from './http/endpoint.ts'
import { healthDoors, type Readiness } from './http/health.ts'
import { kittenCalls } from './http/kittens/kittens.ts'
import { oauthRoutes } from './http/oauth/routes.ts'
import type { Limits } from './http/patreon/limits.ts'
import { patreonV1 } from './http/patreon-v1/routes.ts'
import { readCalls } from './http/patreon-v2/calls.ts'
import { clientCalls as patreonClientCalls } from './http/patreon-v2/clients.ts'
import { patreonV2 } from './http/patreon-v2/routes.ts'
import { webhookCalls as patreonWebhookCalls, type WebhookTools } from './http/patreon-v2/webhooks.ts'
import { pageRoutes } from './pages/routes.ts'
import type { PageTools } from './pages/tools.ts'

/** The calls that only a key or a token opens: the kittens, publishing, and Patreon's API. */
export async function keyedRoutes(app: FastifyInstance, tools: ApiTools & WebhookTools): Promise<void> {
  kittenRoutes((method, url, endpoint) => app.route({ method, url, ...endpoint }), tools)
  await app.register(eventDoorRoutes(tools))
  // Each of Patreon's paths has two hosts in clients that are out there; on the older one it begins without /api.
  for (const prefix of ['/api/oauth2/api', '/oauth2/api']) await app.register(patreonV1(tools), { prefix })
  const calls = [...readCalls(tools), ...patreonWebhookCalls(tools), ...patreonClientCalls(tools)]
  for (const prefix of ['/api/oauth2/v2', '/oauth2/v2']) await app.register(patreonV2(calls, tools), { prefix })
}

type Tools = ApiTools & PageTools & { limits: Limits; readiness: () => Readiness }

/** Every other call, and every page. */
export async function routes(app: FastifyInstance, tools: Tools): Promise<void> {
  const at: At = (method, url, endpoint) => app.route({ method, url, ...endpoint })

  registrationRoutes(at, tools)
  webhookRoutes(at, tools)
  membershipRoutes(at, tools)

  app.get('/api/v1/openapi.json', { schema: { hide: true } }, () => app.swagger())
  app.get('/media/:id', { schema: { hide: true } }, imageDoor(tools))
  const health = healthDoors(tools)
  app.get('/health/live', { schema: { hide: true } }, health.live)
  app.get('/health/ready', { schema: { hide: true } }, health.ready)

  // Tokens for codes, and back: http/oauth/routes.ts lists the paths.
  await app.register(oauthRoutes(tools))

  // The pages: pages/routes.ts lists them.
  await app.register(pageRoutes(tools))
}

type At = (method: HTTPMethods, url: string, endpoint: Endpoint) => unknown

/** The kittens of the page, with and without /api. */
function kittenRoutes(at: At, tools: ApiTools): void {
  const kittens = kittenCalls(tools)
  for (const [prefix, isAlias] of [
    ['/api/kittens', false],
    ['/kittens', true],
  ] as const) {
    const alias = (endpoint: Endpoint) =>
      isAlias ? { ...endpoint, schema: { ...endpoint.schema, hide: true } } : endpoint
    at('GET', prefix, alias(kittens.list))
    at('POST', prefix, alias(kittens.create))
    at('GET', `${prefix}/:id`, alias(kittens.show))
    at('DELETE', `${prefix}/:id`, alias(kittens.delete))
  }
}

/** Who may ask, and with what. */
function registrationRoutes(at: At, tools: ApiTools): void {
  const accounts = accountCalls(tools)
  at('GET', '/api/v1/accounts', accounts.list)
  at('POST', '/api/v1/accounts', accounts.open)
  at('GET', '/api/v1/accounts/:id', accounts.show)
  at('POST', '/api/v1/accounts/:id/links', accounts.renewLink)

  const keys = keyCalls(tools)
  at('GET', '/api/v1/keys', keys.list)
  at('POST', '/api/v1/keys', keys.make)
  at('DELETE', '/api/v1/keys/:id', keys.revoke)

  const clients = clientCalls(tools)
  at('GET', '/api/v1/clients', clients.list)
  at('POST', '/api/v1/clients', clients.register)
  at('GET', '/api/v1/clients/:id', clients.show)
  at('PATCH', '/api/v1/clients/:id', clients.describe)
  at('DELETE', '/api/v1/clients/:id', clients.delete)
  at('POST', '/api/v1/clients/:id/replacements', clients.replace)
  at('POST', '/api/v1/clients/:id/creator_tokens', clients.renewCreatorTokens)
  at('POST', '/api/v1/clients/:id/grants', clients.grant)
  at('DELETE', '/api/v1/clients/:id/grants/:tenant', clients.withdraw)
}

/** What happens, who hears of it, and what came of that. */
function webhookRoutes(at: At, tools: ApiTools): void {
  const triggers = triggerCalls(tools)
  at('GET', '/api/v1/triggers', triggers.list)
  at('POST', '/api/v1/triggers', triggers.register)

  const webhooks = webhookCalls(tools)
  at('GET', '/api/v1/webhooks', webhooks.list)
  at('POST', '/api/v1/webhooks', webhooks.register)
  at('GET', '/api/v1/webhooks/:id', webhooks.show)
  at('PATCH', '/api/v1/webhooks/:id', webhooks.describe)
  at('DELETE', '/api/v1/webhooks/:id', webhooks.delete)
  at('POST', '/api/v1/webhooks/:id/pauses', webhooks.pause)
  at('POST', '/api/v1/webhooks/:id/resumptions', webhooks.resume)
  at('POST', '/api/v1/webhooks/:id/tests', webhooks.test)

  const deliveries = deliveryCalls(tools)
  at('GET', '/api/v1/deliveries', deliveries.list)
  at('GET', '/api/v1/deliveries/:id', deliveries.show)
  at('POST', '/api/v1/deliveries/:id/redeliveries', deliveries.redeliver)

  const events = eventReads(tools)
  at('GET', '/api/v1/events', events.list)
  at('GET', '/api/v1/events/:id', events.show)
}

/** What creators and patrons do. */
function membershipRoutes(at: At, tools: ApiTools): void {
  const campaigns = campaignCalls(tools)
  at('GET', '/api/v1/campaigns', campaigns.list)
  at('POST', '/api/v1/campaigns', campaigns.create)
  at('GET', '/api/v1/campaigns/:id', campaigns.show)
  at('PATCH', '/api/v1/campaigns/:id', campaigns.edit)
  at('POST', '/api/v1/campaigns/:id/tiers', campaigns.createTier)
  at('PATCH', '/api/v1/tiers/:id', campaigns.editTier)

  const pledges = pledgeCalls(tools)
  at('GET', '/api/v1/campaigns/:id/pledges', pledges.list)
  at('POST', '/api/v1/campaigns/:id/pledges', pledges.create)
  at('PATCH', '/api/v1/pledges/:id', pledges.edit)
  at('DELETE', '/api/v1/pledges/:id', pledges.cancel)

  const images = tierImageCalls(tools)
  at('PUT', '/api/v1/tiers/:id/image', images.add)
  at('DELETE', '/api/v1/tiers/:id/image', images.remove)

  const benefits = benefitCalls(tools)
  at('GET', '/api/v1/campaigns/:id/benefits', benefits.list)
  at('POST', '/api/v1/campaigns/:id/benefits', benefits.create)
  at('PATCH', '/api/v1/benefits/:id', benefits.edit)
  at('DELETE', '/api/v1/benefits/:id', benefits.delete)
  memberRoutes(at, tools)
}

/** Who belongs to a campaign, how they are charged, and what they are told. */
function memberRoutes(at: At, tools: ApiTools): void {
  const members = memberCalls(tools)
  at('GET', '/api/v1/campaigns/:id/members', members.list)
  at('POST', '/api/v1/campaigns/:id/members', members.join)
  at('GET', '/api/v1/members/:id', members.show)
  at('PATCH', '/api/v1/members/:id', members.note)
  at('DELETE', '/api/v1/members/:id', members.leave)
  const addresses = addressCalls(tools)
  at('GET', '/api/v1/accounts/:id/address', addresses.show)
  at('PUT', '/api/v1/accounts/:id/address', addresses.keep)

  const gifts = giftCalls(tools)
  at('POST', '/api/v1/campaigns/:id/gifts', gifts.give)
  at('POST', '/api/v1/campaigns/:id/trials', gifts.tryOut)

  const charges = chargeCalls(tools)
  at('POST', '/api/v1/charges/runs', charges.run)
  at('POST', '/api/v1/members/:id/declines', charges.decline)
  at('POST', '/api/v1/members/:id/recoveries', charges.recover)
  at('POST', '/api/v1/members/:id/frauds', charges.fraud)
  at('POST', '/api/v1/members/:id/refunds', charges.refund)

  const clock = clockCalls(tools)
  at('GET', '/api/v1/clock', clock.show)
  at('POST', '/api/v1/clock/moves', clock.move)

  const posts = postCalls(tools)
  at('GET', '/api/v1/campaigns/:id/posts', posts.list)
  at('POST', '/api/v1/campaigns/:id/posts', posts.publish)
  at('GET', '/api/v1/posts/:id', posts.show)
  at('PATCH', '/api/v1/posts/:id', posts.edit)
  at('DELETE', '/api/v1/posts/:id', posts.delete)
}

/** Publishing reads raw bytes, so these two have a parser of their own. */
function eventDoorRoutes(tools: ApiTools) {
  return async (app: FastifyInstance): Promise<void> => {
    app.removeAllContentTypeParsers()
    const types = ['application/json', 'application/x-ndjson']
    app.addContentTypeParser(types, { parseAs: 'buffer' }, (_request, body, done) => done(null, body))

    const { one, batch } = eventDoors(tools)
    app.route({ method: 'POST', url: '/api/v1/events', ...one })
    app.route({ method: 'POST', url: '/api/v1/events/batch', ...batch })
  }
}
