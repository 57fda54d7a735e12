// Whatever is sent to what changes something: an answer is a document or an error in the right form, never our mistake,
// and what was refused changed nothing.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anOAuthClient } from '../oauth/visitor.ts'
import { aWorld, type World } from '../world.ts'
import { aPatreonWebhook, aPlatform, change, path, wish } from './platform.ts'

/** Some hundred calls over real sockets, on machines that have other things to do. */
const patience = 120_000

const hook = 'https://app.example.com/hooks'

const text = fc.oneof(
  fc.constantFrom('', 'webhook', 'oauth-client', 'true', 'false', hook, 'http://10.0.0.1/', '__proto__', '\0', '1e9'),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.constant('x'.repeat(100_000)),
)
const anything: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom(null, true, 0, -1, 1e300, [], {}, [['pledges:create']], nested(50), nested(200)),
)

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)]
}

const names = [
  'data',
  'type',
  'id',
  'attributes',
  'uri',
  'triggers',
  'paused',
  'relationships',
  'campaign',
  'name',
  'redirect_uris',
  'version',
]

/** A document in which one thing at some depth is another. */
const spoilt = (document: object): fc.Arbitrary<unknown> =>
  fc
    .tuple(fc.array(fc.constantFrom(...names, '0', '__proto__'), { minLength: 1, maxLength: 5 }), anything)
    .map(([steps, value]) => {
      const copy = structuredClone(document)
      const [last = '', ...way] = steps.toReversed()
      const place = way
        .reverse()
        .reduce<Record<string, unknown>>(
          (at, step) => (Object.hasOwn(at, step) ? inside(at[step]) : null) ?? at,
          inside(copy) ?? {},
        )
      Object.defineProperty(place, last, { value, enumerable: true, configurable: true, writable: true })
      return copy
    })

const inside = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null

const query = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        'include',
        'fields[webhook]',
        'fields[client]',
        'page[count]',
        'page[cursor]',
        'sort',
        'fields[]',
      ),
      fc.oneof(fc.constantFrom('campaign.tiers', 'client', 'uri,secret', '1', '-1', 'null', '%', '__proto__'), text),
    ),
    { maxLength: 3 },
  )
  .map((pairs) => pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encoded(value)}`).join('&'))

const encoded = (value: string): string =>
  value === '%' ? '%' : encodeURIComponent(value.slice(0, 50).replaceAll(/\p{Surrogate}/gu, ''))

type Told = { data?: unknown; error?: string; errors?: { status: string; code_name: string; id: string }[] }

/** Everything that a client can see of what it has. */
const seen = async (world: World, as: string): Promise<unknown> => {
  const fields = 'fields[webhook]=uri,triggers,paused,secret'
  return (await world.call<Told>('GET', `${path}?${fields}`, { as })).body
}

test('webhooks are changed by what is understood, and by nothing else', { timeout: patience }, async () => {
  const platform = await aPlatform()
  const { world, creator, token: as } = platform
  const { id } = await aPatreonWebhook(platform, hook)
  const documents = fc.oneof(
    { weight: 4, arbitrary: spoilt(wish(hook, creator.campaign.id)) },
    { weight: 4, arbitrary: spoilt(change(id, { paused: true, uri: hook })) },
    anything,
  )
  const calls = fc.constantFrom(
    ...[
      ['POST', path],
      ['PATCH', `${path}/${id}`],
      ['PATCH', `${path}/999`],
      ['GET', path],
      ['GET', `${path}/${id}`],
    ],
  )

  await fc.assert(
    fc.asyncProperty(calls, query, documents, async ([method = '', at = ''], asked, body) => {
      const before = await seen(world, as)
      const sent = method === 'GET' ? {} : { body: JSON.stringify(body) }
      const answer = await world.call<Told>(method, `${at}?${asked}`, { as, ...sent })

      expect([200, 201, 400, 403, 404, 413, 422]).toContain(answer.status)
      if (answer.status < 300) {
        expect(answer.body).toHaveProperty('data')
        return
      }
      expect(answer.body.errors).toMatchObject([{ status: String(answer.status), id: expect.any(String) as string }])
      expect(await seen(world, as)).toEqual(before)
    }),
    { numRuns: 150 },
  )
})

test('clients are made of what is understood, and of nothing else', { timeout: patience }, async () => {
  const { world, token: as } = await aPlatform(['w:identity.clients'])
  const site = { name: 'A site', redirect_uris: 'https://site.example/', version: '2' }
  const documents = fc.oneof(spoilt({ data: { type: 'oauth-client', attributes: site } }), anything)
  const calls = fc.constantFrom(['POST', ''], ['POST', '/1'], ['DELETE', '/1'], ['DELETE', '/__proto__'], ['PATCH', ''])
  const all = async () => (await world.call('GET', '/api/oauth2/v2/clients', { as })).body

  await fc.assert(
    fc.asyncProperty(calls, query, documents, async ([method = '', rest = ''], asked, body) => {
      const before = await all()
      const at = `/api/oauth2/v2/clients${rest}?${asked}`
      const answer = await world.call<Told>(method, at, { as, body: JSON.stringify(body) })

      expect([201, 400, 404, 405, 413, 422]).toContain(answer.status)
      if (answer.status === 201) {
        expect(answer.body).toMatchObject({ data: { type: 'oauth-client' } })
        return
      }
      expect(answer.body.errors).toMatchObject([{ status: String(answer.status) }])
      expect(await all()).toEqual(before)
    }),
    { numRuns: 120 },
  )
})

const parameter = fc.tuple(
  fc.constantFrom(
    'grant_type',
    'code',
    'client_id',
    'client_secret',
    'redirect_uri',
    'refresh_token',
    'token',
    'scope',
  ),
  fc.oneof(fc.constantFrom('authorization_code', 'refresh_token', 'password'), text),
)

test('tokens are given for nothing that was made up', { timeout: patience }, async () => {
  const world = await aWorld()
  const { clientId, secret, basic, creatorAccess } = await anOAuthClient(world, { version: 2 })
  const known = { client_id: clientId, client_secret: secret, grant_type: 'refresh_token' }
  const places = fc.constantFrom('/api/oauth2/token', '/oauth2/token', '/api/oauth2/token/revoke', '/oauth2/revoke')
  const bodies = fc.oneof(
    fc.array(parameter, { maxLength: 5 }).map((pairs) => ({ form: { ...known, ...Object.fromEntries(pairs) } })),
    fc.array(parameter, { maxLength: 5 }).map((pairs) => ({ form: Object.fromEntries(pairs) })),
    anything.map((json) => ({ json })),
    spoilt(known).map((json) => ({ json })),
  )

  await fc.assert(
    fc.asyncProperty(places, bodies, fc.constantFrom(null, basic, 'Basic !', 'Bearer x'), async (at, body, as) => {
      const isForm = 'form' in body
      const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json'
      const sent = isForm ? new URLSearchParams(body.form).toString() : JSON.stringify(body.json)
      const answer = await world.call<Told>('POST', at, { as, body: sent, headers: { 'content-type': type } })

      expect(answer.body).not.toHaveProperty('access_token')
      // Giving back what never was is no mistake (RFC 7009 §2.2).
      if (answer.status === 200) {
        expect(at).toContain('revoke')
        return
      }
      expect([400, 401, 413]).toContain(answer.status)
      expect(answer.body.error).toMatch(/^(?:invalid_request|invalid_client|invalid_grant|unsupported_grant_type)$/)
      expect(answer.headers.get('content-type')).toBe('application/json')
    }),
    { numRuns: 200 },
  )
  expect((await world.call('GET', '/api/oauth2/v2/identity', { as: `Bearer ${creatorAccess}` })).status).toBe(200)
})
