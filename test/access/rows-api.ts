/** Our own API, and the kittens. */
import { dot } from './makers.ts'
import type { Row } from './table.ts'

const comics = { vanity: 'new{anybody}', creation_name: 'Comics' }
const event = { tenant: '{tenant}', trigger: 'posts:delete', body: 1 }
const webhook = (of: Record<string, string>) => ({ uri: '{receiver}', triggers: ['posts:delete'], ...of })

/** The rows of `/api/v1`. */
const ownRows: readonly Row[] = [
  ['GET    /api/v1/openapi.json', 'anybody', null, { as: ['nobody', 'rob'] }],

  ['GET    /api/v1/accounts', 'operator', 403],
  ['POST   /api/v1/accounts', 'operator', 403, { body: { email: 'new{anybody}@example.test', full_name: 'New' } }],
  ['GET    /api/v1/accounts/{creator}', 'cleo', 404, { finds: ['cleo', 'the e-mail address of cleo'] }],
  ['GET    /api/v1/accounts/{patron}', 'pat', 404],
  ['POST   /api/v1/accounts/{creator}/links', 'operator', 403],
  ['GET    /api/v1/accounts/{patron}/address', 'pat', 404, { finds: ['pat', 'the city of pat'] }],
  ['PUT    /api/v1/accounts/{patron}/address', 'pat', 403, { body: { city: 'pat-city-canary', country: 'DE' } }],

  ['GET    /api/v1/keys', 'everybody', null, { finds: ['cleo', 'cleo’s key name'] }],
  ['POST   /api/v1/keys', 'cleo', 403, { body: { name: 'a key', scopes: ['events'], account_id: '{creator}' } }],
  ['DELETE /api/v1/keys/{key}', 'cleo', 404],

  ['GET    /api/v1/clients', 'everybody', null, { finds: ['cleo', 'cleo’s client'] }],
  ['POST   /api/v1/clients', 'cleo', 404, { body: { name: 'An app', account_id: '{creator}' } }],
  ['GET    /api/v1/clients/{client}', 'cleo', 404, { finds: ['cleo', 'cleo’s client'] }],
  ['PATCH  /api/v1/clients/{client}', 'cleo', 404, { body: { description: 'new' } }],
  ['DELETE /api/v1/clients/{client}', 'cleo', 404],
  ['POST   /api/v1/clients/{client}/replacements', 'cleo', 404],
  ['POST   /api/v1/clients/{client}/creator_tokens', 'cleo', 404],
  ['POST   /api/v1/clients/{client}/grants', 'operator', 403, { body: { tenant: '{tenant}' } }],
  ['DELETE /api/v1/clients/{client}/grants/{tenant}', 'operator', 403],

  ['GET    /api/v1/triggers', 'everybody', null],
  ['POST   /api/v1/triggers', 'operator', 403, { body: { name: 'made:by{anybody}' } }],

  ['GET    /api/v1/webhooks', 'everybody', null, { finds: ['cleo', 'cleo’s webhook'] }],
  ['POST   /api/v1/webhooks', 'cleo | client', 404, { body: webhook({ client_id: '{theClient}' }) }],
  ['POST   /api/v1/webhooks', 'client', 422, { body: webhook({ tenant: '{tenant}' }), as: ['client', 'robs client'] }],
  ['GET    /api/v1/webhooks/{webhook}', 'cleo | client', 404, { secretsFor: 'client' }],
  ['PATCH  /api/v1/webhooks/{webhook}', 'cleo | client', 404, { body: { schedule: 'patreon' } }],
  ['DELETE /api/v1/webhooks/{webhook}', 'cleo | client', 404],
  ['POST   /api/v1/webhooks/{webhook}/pauses', 'cleo | client', 404],
  ['POST   /api/v1/webhooks/{webhook}/resumptions', 'cleo | client', 404],
  ['POST   /api/v1/webhooks/{webhook}/tests', 'cleo | client', 404, { body: { trigger: 'kittens:delete' } }],

  ['GET    /api/v1/deliveries', 'everybody', null],
  ['GET    /api/v1/deliveries?webhook_id={webhook}', 'cleo | client', 404],
  ['GET    /api/v1/deliveries/{delivery}', 'cleo | client', 404],
  ['POST   /api/v1/deliveries/{delivery}/redeliveries', 'cleo | client', 404],

  ['GET    /api/v1/events?limit=200', 'everybody', null, { finds: ['cleo', 'cleo’s event'] }],
  ['GET    /api/v1/events?tenant={tenant}', 'everybody', null, { finds: ['cleo', 'cleo’s event'] }],
  ['GET    /api/v1/events/{event}', 'cleo | client | other client', 404, { finds: ['cleo', 'cleo’s event'] }],
  ['POST   /api/v1/events', 'operator', 403, { body: event }],
  ['POST   /api/v1/events/batch', 'operator', 403, { body: event }],

  ['GET    /api/v1/campaigns', 'everybody', null, { finds: ['cleo', 'cleo’s thanks'] }],
  ['POST   /api/v1/campaigns', 'cleo', 403, { body: { ...comics, creator_id: '{creator}' } }],
  ['GET    /api/v1/campaigns/{campaign}', 'everybody', null, { finds: ['cleo', 'cleo’s thanks'] }],
  ['PATCH  /api/v1/campaigns/{campaign}', 'cleo', 403, { body: { summary: 'new' } }],
  ['POST   /api/v1/campaigns/{campaign}/tiers', 'cleo', 403, { body: { title: 'New', amount_cents: 100 } }],
  ['PUT    /api/v1/tiers/{tier}/image', 'cleo', 403, { body: { file_name: 'dot.gif', base64: dot } }],
  ['DELETE /api/v1/tiers/{illustrated}/image', 'cleo', 403],
  ['PATCH  /api/v1/tiers/{tier}', 'cleo', 403, { body: { title: 'new' } }],

  ['GET    /api/v1/campaigns/{campaign}/pledges', 'cleo', 404, { finds: ['cleo', 'cleo’s patron’s amount'] }],
  ['POST   /api/v1/campaigns/{campaign}/pledges', 'pat', 403, { body: { amount_cents: 500, patron_id: '{patron}' } }],
  ['PATCH  /api/v1/pledges/{pledge}', 'pat', 404, { body: { amount_cents: 600 } }],
  ['DELETE /api/v1/pledges/{pledge}', 'pat', 404],
  ['POST   /api/v1/campaigns/{campaign}/gifts', 'cleo', 403, { body: { patron_id: '{joined}', tier_id: '{tier}' } }],
  ['POST   /api/v1/campaigns/{campaign}/trials', 'pat', 403, { body: { patron_id: '{patron}', tier_id: '{tier}' } }],

  ['GET    /api/v1/campaigns/{campaign}/members', 'cleo', 404, { finds: ['cleo', 'cleo’s note'] }],
  ['POST   /api/v1/campaigns/{campaign}/members', 'pat', 403, { body: { account_id: '{patron}' } }],
  ['GET    /api/v1/members/{member}', 'cleo | pat', 404, { finds: ['cleo', 'cleo’s note'] }],
  ['PATCH  /api/v1/members/{member}', 'cleo', 404, { body: { note: 'new' }, sees: 'pat' }],
  ['DELETE /api/v1/members/{follower}', 'pat', 404, { sees: 'cleo' }],
  ['POST   /api/v1/members/{member}/declines', 'cleo', 404, { sees: 'pat' }],
  ['POST   /api/v1/members/{declined}/recoveries', 'cleo | pat', 404],
  ['POST   /api/v1/members/{member}/refunds', 'cleo', 404, { sees: 'pat' }],
  ['GET    /api/v1/clock', 'everybody', null],
  ['POST   /api/v1/clock/moves', 'operator', 403, { body: { by_seconds: 1 }, status: 409 }],
  ['GET    /api/v1/campaigns/{campaign}/benefits', 'everybody', null],
  ['POST   /api/v1/campaigns/{campaign}/benefits', 'cleo', 403, { body: { title: 'New' } }],
  ['PATCH  /api/v1/benefits/{benefit}', 'cleo', 403, { body: { title: 'new' } }],
  ['DELETE /api/v1/benefits/{benefit}', 'cleo', 403],
  ['POST   /api/v1/members/{member}/frauds', 'cleo', 404, { sees: 'pat' }],
  ['POST   /api/v1/charges/runs', 'operator', 403, { body: {} }],

  ['GET    /api/v1/campaigns/{campaign}/posts', 'cleo', 403, { finds: ['cleo', 'cleo’s post'] }],
  ['POST   /api/v1/campaigns/{campaign}/posts', 'cleo', 403, { body: { title: 'New' } }],
  ['GET    /api/v1/posts/{post}', 'cleo', 403, { finds: ['cleo', 'cleo’s post'] }],
  ['PATCH  /api/v1/posts/{post}', 'cleo', 403, { body: { title: 'new' } }],
  ['DELETE /api/v1/posts/{post}', 'cleo', 403],
]

/** The kittens are everybody's who has a key for them. */
const kittenRows: readonly Row[] = [
  ['GET    /kittens', 'everybody', null],
  ['POST   /kittens', 'everybody', null, { body: { name: 'Tom', fluffiness: 1, cuteness: 1 } }],
  ['GET    /kittens/{kitten}', 'everybody', null],
  ['DELETE /kittens/{kitten}', 'everybody', null],
]

/** A route that is there twice: with `/api` and without. */
export const twice = (rows: readonly Row[]): Row[] =>
  rows.flatMap(([route, ...rest]): Row[] => [
    [route, ...rest],
    [route.replace(' /', ' /api/'), ...rest],
  ])

/** All of them. */
export const apiRows: readonly Row[] = [...ownRows, ...twice(kittenRows)]
