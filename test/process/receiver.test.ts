import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, test } from 'vitest'

const program = fileURLToPath(new URL('../../examples/receiver.mjs', import.meta.url))
const secret = 'a client secret'
const standardKey = Buffer.alloc(32, 7)
const body = Buffer.from('{"data":{"id":"17","type":"pledge"}}')

let receiver: ChildProcess
let uri: string

beforeAll(async () => {
  const env = { CLIENT_SECRET: secret, WHSEC: `whsec_${standardKey.toString('base64')}` }
  receiver = spawn(process.execPath, [program], { env })
  uri = (await nextLine<{ listening: string }>()).listening
})
afterAll(async () => {
  const exited = once(receiver, 'exit')
  receiver.kill()
  await exited
})

async function nextLine<Line>(): Promise<Line> {
  assert.ok(receiver.stdout !== null)
  const [chunk] = await once(receiver.stdout, 'data')
  return JSON.parse(String(chunk)) as Line
}

const now = () => Math.floor(Date.now() / 1000)

function signed(changes: { timestamp?: number; key?: string } = {}): Record<string, string> {
  const { timestamp = now(), key = secret } = changes
  const standard = createHmac('sha256', standardKey).update(`an-id.${timestamp}.`).update(body).digest('base64')
  return {
    'X-Patreon-Event': 'pledges:create',
    'X-Patreon-Signature': createHmac('md5', key).update(body).digest('hex'),
    'webhook-id': 'an-id',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${standard}`,
  }
}

describe('examples/receiver.mjs', () => {
  test('answers 200 to what is signed, and prints a line about it', async () => {
    const line = nextLine<{ event: string; about: string; verified: boolean }>()
    assert.equal((await fetch(uri, { method: 'POST', body, headers: signed() })).status, 200)

    const { event, about, verified } = await line
    assert.deepEqual({ event, about, verified }, { event: 'pledges:create', about: '17', verified: true })
  })

  test.each([
    ['nothing is signed', () => ({})],
    ['it was signed with another secret', () => signed({ key: 'another' })],
    ['it is a recording of long ago', () => signed({ timestamp: now() - 3600 })],
    ['the signature is not even of the right length', () => ({ ...signed(), 'X-Patreon-Signature': 'x' })],
  ])('answers 401 when %s', async (_why, headers) => {
    const line = nextLine<{ verified: boolean }>()
    assert.equal((await fetch(uri, { method: 'POST', body, headers: headers() })).status, 401)

    assert.equal((await line).verified, false)
  })
})
