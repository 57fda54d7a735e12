import { createHmac } from 'node:crypto'
import { createRequire } from 'node:module'
import * as imported from 'kittn'
import { authorize, type Kitten, KittnError, verify } from 'kittn'
import { describe, expect, test } from 'vitest'
import { run } from './languages.ts'
import { startStub } from './stub-server.ts'

const body = '{"id":1}'
const secret = 'a secret of the test'
const signature = createHmac('md5', secret).update(body).digest('hex')

describe('the JavaScript package', () => {
  test('require and import give the same functions and the same classes', () => {
    const required = createRequire(import.meta.url)('kittn') as typeof imported

    for (const [name, value] of Object.entries(required)) expect(imported).toHaveProperty(name, value)
    expect(Object.keys(imported).sort()).toEqual(Object.keys(required).sort())
  })

  test('named imports work in Node itself', async () => {
    const input =
      "import { authorize, verify } from 'kittn'; import * as kittn from 'kittn'\nconsole.log(kittn.authorize === authorize, kittn.verify === verify)"
    const { out } = await run('node', ['--input-type=module', '-'], { input })

    expect(out).toBe('true true\n')
  })

  test('a kitten that is not there rejects with an error of the package', async () => {
    const refusal = { error: { code: 'kitten_not_found', message: 'There is no kitten 99.' } }
    const stub = await startStub([{ status: 404, json: refusal }])
    const kitten: Promise<Kitten> = authorize('meowmeowmeow', { baseUrl: `${stub.url}/0/api` }).kittens.get(99)

    await expect(kitten).rejects.toBeInstanceOf(KittnError)
    await expect(kitten).rejects.toMatchObject({ name: 'KittnError', status: 404, code: 'kitten_not_found' })
    await stub.close()
  })

  test('a forgotten id is refused instead of giving every kitten', async () => {
    const { kittens } = authorize('meowmeowmeow', { baseUrl: 'http://127.0.0.1:9/api' })

    // @ts-expect-error: exactly what a misspelt property gives
    await expect(kittens.get(undefined)).rejects.toMatchObject({ code: 'id_malformed', status: null })
  })

  test('a fresh require reads no setting: the environment is looked at when a key is authorized', async () => {
    const stub = await startStub([{ json: [] }])
    const input = `const kittn = require('kittn'); process.env.KITTN_API_URL = '${stub.url}/0/api'; kittn.authorize('meow').kittens.get().then(console.log)`
    const { out } = await run('node', ['--input-type=commonjs', '-'], { input })

    expect(out).toBe('[]\n')
    await stub.close()
  })
})

describe('verify in JavaScript', () => {
  const pairs = { 'X-Patreon-Event': 'pledges:create', 'X-Patreon-Signature': signature }

  test.each([
    ['a Headers', new Headers(pairs)],
    ['a Map', new Map(Object.entries(pairs))],
    ['a list of pairs', Object.entries(pairs)],
    ['a plain object', pairs],
  ])('takes the headers as %s', (_, headers) => {
    expect(verify(body, headers, { secret })).toMatchObject({ id: null, trigger: 'pledges:create', data: { id: 1 } })
  })

  test.each([
    ['a Buffer', Buffer.from(body)],
    ['a Uint8Array', new TextEncoder().encode(body)],
    ['a text', body],
  ])('takes the body as %s', (_, bytes) => {
    expect(verify(bytes, pairs, { secret }).data).toEqual({ id: 1 })
  })

  test('two signatures in a Headers are refused', () => {
    const headers = new Headers(pairs)
    headers.append('x-patreon-signature', signature)

    expect(() => verify(body, headers, { secret })).toThrow(expect.objectContaining({ code: 'signature_malformed' }))
  })

  test('an undefined key is a mistake in the program, and turns no check off', () => {
    // @ts-expect-error: exactly what process.env gives for a variable that is not set
    expect(() => verify(body, pairs, { secret, whsec: process.env['NOT_SET'] })).toThrow(/whsec is missing or blank/)
  })

  test('a misspelt option is a mistake in the program, and turns no check off', () => {
    // @ts-expect-error: the option is called whsec
    expect(() => verify(body, pairs, { secret, whSec: 'whsec_…' })).toThrow(/whSec/)
  })

  test('a seen that gives a promise is a mistake in the program', () => {
    const key = Buffer.alloc(32, 7)
    const timestamp = 1_700_000_000
    const signed = createHmac('sha256', key).update(`evt_1~a:b.${timestamp}.${body}`).digest('base64')
    const headers = {
      'webhook-id': 'evt_1~a:b',
      'webhook-timestamp': `${timestamp}`,
      'webhook-signature': `v1,${signed}`,
    }
    const options = { whsec: `whsec_${key.toString('base64')}`, now: timestamp }

    expect(verify(body, headers, options).id).toBe('evt_1')
    // @ts-expect-error: a promise is not an answer
    expect(() => verify(body, headers, { ...options, seen: async () => false })).toThrow(/seen must return/)
  })

  test('the present is the default of now', () => {
    const key = Buffer.alloc(32, 7)
    const headers = (timestamp: number) => ({
      'webhook-id': 'evt_1~a:b',
      'webhook-timestamp': `${timestamp}`,
      'webhook-signature': `v1,${createHmac('sha256', key).update(`evt_1~a:b.${timestamp}.${body}`).digest('base64')}`,
    })
    const present = Math.floor(Date.now() / 1000)
    const whsec = `whsec_${key.toString('base64')}`

    expect(verify(body, headers(present), { whsec }).timestamp).toBe(present)
    expect(() => verify(body, headers(present - 3600), { whsec })).toThrow(/replay/)
  })

  test('what was verified cannot be changed afterwards', () => {
    const bytes = Buffer.from(body)
    const delivery = verify(bytes, pairs, { secret })
    bytes.fill(' ')

    expect(delivery.data).toEqual({ id: 1 })
    expect(Object.isFrozen(delivery)).toBe(true)
  })
})
