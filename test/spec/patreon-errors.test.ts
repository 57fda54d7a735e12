import { describe, expect, test } from 'vitest'
import { aWorld, type World } from '../world.ts'
import { aPlatform, path as webhooks } from './platform.ts'
import { type RawAnswer, rawRequest } from './raw-request.ts'

type Sent = { headers?: Record<string, string>; body?: string }
type Case = [line: string, expected: string, sent?: Sent]

const json = { 'content-type': 'application/json' }
const large = 'x'.repeat(600_000)
const deep = '['.repeat(1000) + ']'.repeat(1000)

/** What can go wrong under each address of an API of Patreon's; `AT` is the address. */
const wrong: Case[] = [
  ['GET AT', '404 ResourceNotFound'],
  ['GET AT/', '404 ResourceNotFound'],
  ['GET AT/kittens', '404 ResourceNotFound'],
  ['GET AT//campaigns', '404 ResourceNotFound'],
  ['POST AT/kittens', '404 ResourceNotFound', { headers: json, body: '{}' }],
  ['GET AT/campaigns/999', '404 ResourceNotFound'],
  ['GET AT/campaigns/%00', '404 ResourceNotFound'],
  ['GET AT/campaigns/%zz', '400 BadRequest'],
  ['GET AT/%zz', '400 BadRequest'],
  ['GET AT/campaigns/%ff', '400 BadRequest'],
  [`GET AT/campaigns/${'1'.repeat(600)}`, '400 BadRequest'],
  [`GET AT/campaigns/1?include=${'a'.repeat(20_000)}`, '431 HeadersTooLarge'],
  ['PUT AT/campaigns/1', '405 MethodNotAllowed'],
  ['DELETE AT/campaigns/1', '405 MethodNotAllowed'],
  ['OPTIONS AT/campaigns/1', '405 MethodNotAllowed'],
  ['PROPFIND AT/campaigns/1', '405 MethodNotAllowed'],
  ['BREW AT/campaigns/1', '400 BadRequest'],
  ['GET AT/campaigns/1', '406 NotAcceptable', { headers: { accept: 'text/html' } }],
  ['GET AT/kittens', '406 NotAcceptable', { headers: { accept: 'text/html' } }],
  ['GET AT/campaigns/1', '400 BadRequest', { headers: { host: '' } }],
  ['GET AT/campaigns/999', '404 ResourceNotFound', { headers: { expect: 'a-miracle' } }],
  ['GET AT/campaigns/1', '401 Unauthorized', { headers: { authorization: 'Bearer nobodys' } }],
]

/** What can go wrong with a body, too. */
const wrongBodies: Case[] = [
  ['POST AT/webhooks', '415 UnsupportedMediaType', { headers: { 'content-type': 'text/plain' }, body: 'hello' }],
  ['POST AT/webhooks', '415 UnsupportedMediaType', { headers: { 'content-type': 'text/xml' }, body: '<a/>' }],
  ['POST AT/webhooks', '415 UnsupportedMediaType', { body: '{}' }],
  ['POST AT/webhooks', '413 RequestTooLarge', { headers: json, body: large }],
  ['POST AT/webhooks', '400 BadRequest', { headers: json, body: '{' }],
  ['POST AT/webhooks', '400 BadRequest', { headers: json, body: deep }],
  ['POST AT/webhooks', '400 ParameterInvalidOnType', { headers: json, body: '' }],
  ['POST AT/webhooks', '400 ParameterInvalidOnType'],
  ['PATCH AT/webhooks/%zz', '400 BadRequest', { headers: json, body: '{}' }],
  ['PATCH AT/webhooks/1', '404 ResourceNotFound', { headers: json, body: '{}' }],
  ['DELETE AT/webhooks/1', '404 ResourceNotFound'],
  ['PATCH AT/webhooks', '405 MethodNotAllowed', { headers: json, body: '{}' }],
]

/** Beside the two APIs there is nothing, and programs are told so all the same. */
const beside: Case[] = [
  ['GET AT', '404 ResourceNotFound'],
  ['GET AT/kittens', '404 ResourceNotFound'],
  ['GET AT/%zz', '400 BadRequest'],
  ['GET AT/v2x', '404 ResourceNotFound'],
  ['PUT AT/tokens', '404 ResourceNotFound'],
]

/** What goes wrong where tokens are given. */
const wrongForTokens: Case[] = [
  ['PUT AT/token', '405 invalid_request'],
  ['GET AT/token/revoke', '405 invalid_request'],
  ['POST AT/token', '406 invalid_request', { headers: { accept: 'text/html' } }],
  ['POST AT/token', '415 invalid_request', { headers: { 'content-type': 'text/xml' }, body: '<a/>' }],
  ['POST AT/token', '413 invalid_request', { headers: json, body: large }],
  ['POST AT/token', '400 invalid_request', { headers: json, body: '{' }],
  ['POST AT/token', '400 invalid_request', { headers: json, body: deep }],
  ['POST AT/token/', '400 invalid_request'],
  ['POST AT/revoke', '400 invalid_request', { headers: json, body: '{' }],
  [`GET AT/token?code=${'a'.repeat(20_000)}`, '431 invalid_request'],
]

/** Sends bytes that no client of ours would change on the way, and says what they were told. */
async function told(at: string, [line, , { headers = {}, body = '' } = {}]: Case, asked: { url: string; as: string }) {
  const all = Object.entries({ authorization: asked.as, host: 'x', connection: 'close', ...headers })
  const lines = all.filter(([, value]) => value !== '')
  const length = body === '' ? [] : [`content-length: ${body.length}`]
  const head = [
    `${line.replace(' AT', ` ${at}`)} HTTP/1.1`,
    ...lines.map(([name, value]) => `${name}: ${value}`),
    ...length,
  ]
  return inWords(await rawRequest(asked.url, `${head.join('\r\n')}\r\n\r\n${body}`))
}

type Told = { error?: string; errors?: { code_name: string; status: string; id: string; detail: string }[] }

function inWords({ status, headers, body }: RawAnswer): string {
  const { error, errors } = JSON.parse(body) as Told
  const type = /^content-type: (.*)$/im.exec(headers)?.[1]?.trim()
  if (errors !== undefined) {
    expect([type, errors.map((one) => one.status)]).toEqual(['application/vnd.api+json', [String(status)]])
    expect(errors[0]?.id).toMatch(/^[0-9a-f-]{36}$/)
    expect(errors[0]?.detail).not.toMatch(/event|ndjson/)
    return `${status} ${errors[0]?.code_name}`
  }
  expect(type).toBe('application/json')
  return `${status} ${error}`
}

async function expectEach(at: string, cases: readonly Case[]): Promise<void> {
  const { world, token } = await aPlatform(['identity', 'campaigns', 'campaigns.members', 'w:campaigns.webhook'])
  const answers: string[] = []
  for (const one of cases) answers.push(`${one[0]}: ${await told(at, one, { url: world.server.url, as: token })}`)
  expect(answers).toEqual(cases.map(([line, expected]) => `${line}: ${expected}`))
}

describe('whatever goes wrong is told in Patreon’s form', () => {
  test.each(['/api/oauth2/v2', '/oauth2/v2'])('under %s', (at) => expectEach(at, [...wrong, ...wrongBodies]))

  test.each(['/api/oauth2/api', '/oauth2/api'])('under %s', (at) => expectEach(at, wrong))

  test.each(['/api/oauth2', '/oauth2'])('beside them, under %s', (at) => expectEach(at, beside))

  test.each(['/api/oauth2', '/oauth2'])('or in OAuth’s, where tokens are given, under %s', (at) =>
    expectEach(at, wrongForTokens),
  )
})

test('who wants to read a page under Patreon’s addresses is shown one where pages are', async () => {
  const world = await aWorld()

  const page = await world.call<string>('GET', '/oauth2/kittens', { headers: { accept: 'text/html' } })

  expect([page.status, page.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
})

test('too much at once is told in Patreon’s form, with the time to wait', async () => {
  const { world, token } = await aPlatform(undefined, { TIDINGS_PATREON_LIMITS: 'on' })

  const answers = await Promise.all(Array.from({ length: 101 }, () => list(world, token)))

  const refused = answers.filter(({ status }) => status !== 200)
  expect(refused.map(({ status, body }) => [status, body.errors?.[0]?.code_name])).toEqual([[429, 'RequestThrottled']])
  expect(refused[0]?.headers.get('retry-after')).toMatch(/^\d+$/)
})

const list = async (world: World, as: string) => await world.call<Told>('GET', webhooks, { as })
