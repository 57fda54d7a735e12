import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { httpStatusOf, type RefusalCode } from '#src/domain/refusal.ts'
import { aClient, make } from '../people.ts'
import { type Answer, aWorld, type World } from '../world.ts'
import { rawRequest } from './raw-request.ts'

type Told = { error?: { code: RefusalCode; message: string; field?: string; expected?: string } }

/** `<code> <field>` of a refusal that is told as every refusal must be; anything else as it is. */
function told({ status, body }: Answer<Told>): string {
  const { code, message = '', field, expected } = body.error ?? {}
  if (code === undefined || httpStatusOf[code] !== status || message === '') return `${status} ${JSON.stringify(body)}`
  if (field !== undefined && status !== 404 && expected === undefined)
    return `${code} ${field} without what would be right`
  return field === undefined ? code : `${code} ${field}`
}

type Request = { body?: string | Buffer; headers?: Record<string, string>; as?: string | null }

const ask = async (world: World, method: string, path: string, request: Request = {}): Promise<string> =>
  told(await world.call<Told>(method, path, request))

const post = (world: World, body: string | Buffer, headers: Record<string, string> = {}) =>
  ask(world, 'POST', '/api/v1/events', { body, headers })

/** One event's JSON around the JSON of its body. */
const around = (body: string): string => `{"tenant":"acme","trigger":"kittens:create","body":${body}}`
const eventWith = (fields: Record<string, unknown>): string =>
  JSON.stringify({ tenant: 'acme', trigger: 'kittens:create', body: 1, ...fields })
const bytesAround = (...bytes: number[]): Buffer =>
  Buffer.concat([Buffer.from(around('"').slice(0, -1)), Buffer.from(bytes), Buffer.from('"}')])
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

/** What is asked, and what it is told, for many in one world. */
type Case<Input> = [what: string, input: Input, expected: string]

/** Asks all of them; what they were told must be what they should be told, each beside its name. */
async function expectEach<Input>(
  cases: readonly Case<Input>[],
  told: (input: Input) => Promise<string>,
): Promise<void> {
  const answers: Record<string, string> = {}
  for (const [what, input] of cases) answers[what] = await told(input)
  expect(answers).toEqual(Object.fromEntries(cases.map(([what, , expected]) => [what, expected])))
}

const nonsense: readonly Case<string | Buffer>[] = [
  ['nothing', '', 'json_malformed body'],
  ['half an object', '{', 'json_malformed body'],
  ['a list', '[]', 'json_malformed body'],
  ['null', 'null', 'json_malformed body'],
  ['something behind the object', `${around('1')} x`, 'json_malformed body'],
  ['two objects', `${around('1')}\n${around('1')}`, 'json_malformed body'],
  ['a byte order mark', `\ufeff${around('1')}`, 'json_malformed body'],
  ['UTF-16', Buffer.from(around('1'), 'utf16le'), 'json_malformed body'],
  ['a body nested deeper than anybody can read', around(nested(100)), 'json_malformed body'],
  ['a body nested without end', around(nested(130_000)), 'json_malformed body'],
  ['bytes that are no UTF-8', bytesAround(0xff, 0xc3), 'body_not_utf8 body'],
  ['half a character of UTF-16', bytesAround(0xed, 0xa0, 0x80), 'body_not_utf8 body'],
  ['no body', '{"tenant":"acme","trigger":"kittens:create"}', 'field_missing body'],
  ['two bodies', `${around('1').slice(0, -1)},"body":2}`, 'field_missing body'],
  [
    'two bodies, one of them spelled with an escape',
    `${around('1').slice(0, -1)},"b\\u006fdy":2}`,
    'field_missing body',
  ],
  ['no tenant', eventWith({ tenant: undefined }), 'field_missing tenant'],
  ['a number for a tenant', eventWith({ tenant: 7 }), 'field_invalid tenant'],
  ['an empty tenant', eventWith({ tenant: '' }), 'tenant_malformed tenant'],
  ['a line feed behind a tenant', eventWith({ tenant: 'acme\n' }), 'tenant_malformed tenant'],
  ['a path for a tenant', eventWith({ tenant: '../acme' }), 'tenant_malformed tenant'],
  ['half a character in a tenant', eventWith({ tenant: '\ud800' }), 'tenant_malformed tenant'],
  ['a trigger that nobody registered', eventWith({ trigger: 'invoice:lost' }), 'trigger_unknown trigger'],
  ['a line feed behind a trigger', eventWith({ trigger: 'kittens:create\n' }), 'trigger_malformed trigger'],
  ['a word of JavaScript for a trigger', eventWith({ trigger: '__proto__' }), 'trigger_unknown trigger'],
  ['null for an id', eventWith({ id: null }), 'field_invalid id'],
  ['a path for an id', eventWith({ id: '../../etc/passwd' }), 'event_id_malformed id'],
  ['a NUL in an id', eventWith({ id: 'a\0' }), 'event_id_malformed id'],
  ['an id of 65 characters', eventWith({ id: 'a'.repeat(65) }), 'event_id_malformed id'],
  ['a field that means nothing', eventWith({ topic: 'x' }), 'field_invalid topic'],
  ['a prototype', `{"__proto__":{"tenant":"acme"},${around('1').slice(1)}`, 'field_invalid __proto__'],
  ['a body of a byte too many', around(`"${'x'.repeat(256 * 1024 - 1)}"`), 'body_too_large body'],
  ['a body of a megabyte', around(`"${'x'.repeat(1024 * 1024)}"`), 'body_too_large'],
]

const oddHeaders: readonly Case<Record<string, string>>[] = [
  ['as plain text', { 'content-type': 'text/plain' }, 'content_type_unsupported Content-Type'],
  ['as a form', { 'content-type': 'application/x-www-form-urlencoded' }, 'content_type_unsupported Content-Type'],
  ['as nothing that there is', { 'content-type': 'json' }, 'content_type_unsupported Content-Type'],
  ['for somebody who reads XML', { accept: 'text/xml' }, 'answer_not_acceptable Accept'],
  ['with an empty idempotency key', { 'idempotency-key': '' }, 'field_invalid Idempotency-Key'],
  ['with a long idempotency key', { 'idempotency-key': 'k'.repeat(256) }, 'field_invalid Idempotency-Key'],
]

describe('an event that makes no sense', () => {
  test('is refused with its reason, and nothing of it is kept', async () => {
    const world = await aWorld()

    await expectEach(nonsense, (body) => post(world, body))
    expect(world.server.load().lastSequence).toBe(0)
  })

  test('is refused though its JSON is right, when its headers are not', async () => {
    const world = await aWorld()

    await expectEach(oddHeaders, (headers) => post(world, around('1'), headers))
    expect(world.server.load().lastSequence).toBe(0)
  })
})

const good = around('1')

const oddBatches: readonly Case<string>[] = [
  ['without a line', '', 'field_missing body'],
  ['of empty lines', '\n\r\n \n', 'field_missing body'],
  ['with half an object in the middle', `${good}\n{\n${good}`, 'json_malformed body'],
  ['with an unknown trigger at the end', `${good}\n${eventWith({ trigger: 'a:b' })}`, 'trigger_unknown trigger'],
  ['with a body that is too large', `${good}\n${around(`"${'x'.repeat(256 * 1024)}"`)}`, 'body_too_large body'],
  ['as a JSON list', `[${good},${good}]`, 'json_malformed body'],
  ['of 1,001 events', `${good}\n`.repeat(1_001), 'too_many body'],
  ['of nine megabytes', `${around(`"${'x'.repeat(200_000)}"`)}\n`.repeat(46), 'body_too_large'],
]

describe('a batch that makes no sense', () => {
  test('is refused as a whole', async () => {
    const world = await aWorld()
    const headers = { 'content-type': 'application/x-ndjson' }

    await expectEach(oddBatches, (body) => ask(world, 'POST', '/api/v1/events/batch', { body, headers }))
    expect(world.server.load().lastSequence).toBe(0)
  })

  test('says which line it was', async () => {
    const world = await aWorld()
    const body = `${good}\n\n{\n${good}`

    const { body: answer } = await world.call<Told>('POST', '/api/v1/events/batch', { body })

    expect(answer.error?.message).toMatch(/^Line 3 /)
  })

  test('is refused when it has an idempotency key, which could not keep it from being published twice', async () => {
    const world = await aWorld()
    const request = { body: good, headers: { 'idempotency-key': 'k' } }

    expect(await ask(world, 'POST', '/api/v1/events/batch', request)).toBe('field_invalid Idempotency-Key')
    expect(world.server.load().lastSequence).toBe(0)
  })
})

const oddQuestions: readonly [path: string, expected: string][] = [
  ['/api/v1/events?after=x', 'field_invalid after'],
  ['/api/v1/events?after=-1', 'field_invalid after'],
  ['/api/v1/events?after=1.5', 'field_invalid after'],
  ['/api/v1/events?after=1e300', 'field_invalid after'],
  ['/api/v1/events?after=1&after=2', 'field_invalid after'],
  ['/api/v1/events?limit=0', 'field_invalid limit'],
  ['/api/v1/events?limit=-1', 'field_invalid limit'],
  ['/api/v1/events?limit=201', 'field_invalid limit'],
  ['/api/v1/events?tenant=a&tenant=b', 'field_invalid tenant'],
  ['/api/v1/deliveries?status=lost', 'field_invalid status'],
  ['/api/v1/deliveries?before=1-1-1', 'query_malformed before'],
  ['/api/v1/deliveries?before=%F0%9F%98%80', 'query_malformed before'],
  ['/api/v1/deliveries?webhook_id=../1', 'webhook_not_found webhook_id'],
  ['/api/v1/events/..%2f..%2fkey', 'event_not_found id'],
  ['/api/v1/events/%00', 'event_not_found id'],
  ['/api/v1/webhooks/1e0', 'webhook_not_found webhook_id'],
  ['/api/v1/webhooks/999999999999999999999', 'webhook_not_found webhook_id'],
  ['/api/v1/clients/0x1', 'client_not_found client_id'],
  ['/api/v1/clients/99999999999999999999999', 'client_not_found client_id'],
  ['/api/v1/deliveries/1-99999999999999999', 'delivery_not_found id'],
  ['/api/kittens/NaN', 'kitten_not_found id'],
  ['/api/v1/nothing', 'page_not_found'],
  ['/API/v1/events', 'page_not_found'],
  ['//api/v1/events', 'page_not_found'],
]

const oddKeys: readonly Case<string | null>[] = [
  ['no key', null, 'key_missing Authorization'],
  ['an empty key', '', 'key_wrong Authorization'],
  ['the word Bearer alone', 'Bearer', 'key_wrong Authorization'],
  ['another key', 'tidings_nobody', 'key_wrong Authorization'],
  ['no pair', 'Basic !!!', 'credentials_wrong Authorization'],
  ['an empty pair', 'Basic Og==', 'credentials_wrong Authorization'],
]

describe('a question that makes no sense', () => {
  test('is refused with its reason', async () => {
    const world = await aWorld()
    const cases = oddQuestions.map(([path, expected]): Case<string> => [path, path, expected])

    await expectEach(cases, (path) => ask(world, 'GET', path))
  })

  test('with a method that is not taken says which are', async () => {
    const world = await aWorld()

    for (const method of ['OPTIONS', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      const answer = await world.call<Told>(method, '/api/v1/events')

      expect(told(answer)).toBe('method_not_allowed')
      expect(answer.headers.get('allow')).toBe('GET, HEAD, POST')
    }
  })

  test('without the right key learns how to ask', async () => {
    const world = await aWorld()

    await expectEach(oddKeys, async (as) => {
      const answer = await world.call<Told>('GET', '/api/v1/events', { as })
      expect(answer.headers.get('www-authenticate')).toContain('Bearer')
      return told(answer)
    })
  })
})

const hook = (uri: string, triggers = '"kittens:create"'): string =>
  `{"client_id":"1","uri":"${uri}","triggers":[${triggers}]}`

const oddThings: readonly [path: string, body: string, expected: string][] = [
  ['/api/v1/triggers', '{"name":"a b"}', 'trigger_malformed name'],
  ['/api/v1/triggers', '{"name":"a:b\\r\\nX-Evil: 1"}', 'trigger_malformed name'],
  ['/api/v1/triggers', '{"name":"a\\u0000b"}', 'json_malformed body'],
  ['/api/v1/triggers', '{"name":":"}', 'trigger_malformed name'],
  ['/api/v1/triggers', '{"name":"t\u0443pe"}', 'trigger_malformed name'],
  ['/api/v1/triggers', `{"name":"${'a'.repeat(129)}"}`, 'trigger_malformed name'],
  ['/api/v1/triggers', `{"name":"a:b","example":${nested(20_000)}}`, 'json_malformed body'],
  ['/api/v1/triggers', '{"name":"a:b","__proto__":{"admin":true}}', 'field_invalid __proto__'],
  ['/api/v1/clients', '[]', 'field_invalid body'],
  ['/api/v1/clients', '{"name":""}', 'field_invalid name'],
  ['/api/v1/clients', '{"name":"x","redirect_uris":["javascript:alert(1)"]}', 'field_invalid redirect_uris'],
  ['/api/v1/webhooks', '{}', 'field_missing uri'],
  ['/api/v1/webhooks', hook('ftp://example.test/'), 'uri_malformed uri'],
  ['/api/v1/webhooks', hook('http://a:b@example.test/'), 'uri_malformed uri'],
  ['/api/v1/webhooks', hook('http://169.254.169.254/'), 'uri_forbidden uri'],
  ['/api/v1/webhooks', hook('http://example.test/', '"nobody:knows"'), 'trigger_unknown triggers'],
  ['/api/v1/webhooks', hook('http://example.test/', ''), 'field_invalid triggers'],
  ['/api/v1/webhooks', hook('http://example.test/', '"*"'), 'trigger_unknown triggers'],
  ['/api/v1/webhooks', hook('http://example.test/', '"kittens"'), 'trigger_unknown triggers'],
  ['/api/v1/webhooks', hook('http://example.test/', '"Kittens:Create"'), 'trigger_unknown triggers'],
  ['/api/v1/clients/1/grants', '{"tenant":"a b"}', 'tenant_malformed tenant'],
  ['/api/v1/accounts', '{"email":"nobody","full_name":"x"}', 'field_invalid email'],
]

describe('anything else that makes no sense', () => {
  test('is refused with its reason', async () => {
    const world = await aWorld()
    await aClient(world)
    const cases = oddThings.map(([path, body, expected]): Case<string[]> => [`${path} ${body}`, [path, body], expected])

    await expectEach(cases, ([path = '', body = '']) => ask(world, 'POST', path, { body }))
  })
})

const noHttp: readonly (readonly [what: string, bytes: string])[] = [
  ['another protocol', '\x16\x03\x01\x02\x00\x01\x00'],
  ['two lengths', 'POST /api/v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab'],
  [
    'a length and chunks',
    `${'POST /api/v1/events HTTP/1.1\r\nHost: x\r\n'}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  ],
  ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n'],
  ['no host', 'GET /api/v1/events HTTP/1.1\r\nConnection: close\r\n\r\n'],
  ['an address of 64 kB', `GET /${'a'.repeat(65_536)} HTTP/1.1\r\nHost: x\r\n\r\n`],
  ['a percent sign that is none', 'GET /api/v1/events/%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'],
]

describe('somebody who speaks no HTTP, or speaks it very slowly', () => {
  test('is told that it was their mistake', async () => {
    const world = await aWorld()

    for (const [what, bytes] of noHttp) {
      const { status } = await rawRequest(world.server.url, Buffer.from(bytes, 'latin1'))
      expect(status, what).toBeWithin(400, 499)
    }
    expect((await world.call('GET', '/health/live')).status).toBe(200)
  })

  test('keeps nobody else waiting', async () => {
    const world = await aWorld()
    const { hostname, port } = new URL(world.server.url)
    const slow = Array.from({ length: 200 }, () => {
      const socket = connect(Number(port), hostname, () =>
        socket.write('POST /api/v1/events HTTP/1.1\r\nHost: x\r\nCont'),
      )
      return socket.on('error', () => {})
    })

    await make(world, '/api/v1/events', { tenant: 'acme', trigger: 'kittens:create', body: 1 })

    expect(world.server.load().lastSequence).toBe(1)
    for (const socket of slow) socket.destroy()
  })
})
