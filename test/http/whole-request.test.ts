import { createServer, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { beginsWith, headIn } from '#src/http/whole-request.ts'

/** What a server makes of a request. */
type Read = { line: string; authorization: string; key: string | null; body: string }

/** Node's own server, which says how it read each request. */
let node: Server
const read: Read[] = []

beforeAll(async () => {
  node = createServer({ requireHostHeader: false }, (request, response) => {
    const { method, url, headers } = request
    request.setEncoding('latin1').on('data', (chunk: string) => (one.body += chunk))
    const key = headers['idempotency-key']
    const one: Read = {
      ...{ line: `${method} ${url}`, authorization: headers.authorization ?? '' },
      ...{ key: typeof key === 'string' ? key : null, body: '' },
    }
    request.on('end', () => {
      read.push(one)
      response.setHeader('connection', 'close').end()
    })
  })
  await new Promise<void>((resolve) => node.listen(0, '127.0.0.1', resolve))
})

afterAll(() => node.close())

/** How Node reads these bytes; null when it does not. */
async function readByNode(bytes: Buffer): Promise<Read | null> {
  read.length = 0
  const { port } = node.address() as AddressInfo
  await new Promise<void>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.end(bytes))
    socket.on('data', () => {})
    socket.on('error', () => {})
    socket.on('close', () => resolve())
  })
  return read[0] ?? null
}

const requestLine = 'POST /api/v1/events HTTP/1.1'
const usual = ['Host: localhost', 'Authorization: key', 'Content-Type: application/json', 'Content-Length: 4']
const head = (lines: readonly string[]) => Buffer.from(`${[requestLine, ...lines].join('\r\n')}\r\n\r\n`, 'latin1')
const body = '"hi"'

const others = [
  'Idempotency-Key: once',
  'User-Agent: test/1',
  'Accept: */*',
  'Accept: text/html',
  'Connection: keep-alive',
  'Connection: close',
  'Transfer-Encoding: chunked',
  'transfer-encoding : identity',
  'Content-Length: 5',
  'content-length: 4',
  'Content-Length: +4',
  'Content-Length:4, 4',
  'Expect: 100-continue',
  'Upgrade: h2c',
  'X-Odd: é',
  'X-Folded: one\r\n two',
  'X Space: one',
  'X-Bare: one\nContent-Length: 2',
  'authorization: another',
  'Empty:',
  ': nameless',
]

/** Heads with some lines more, some less, in any order, and some of their bytes changed. */
const anyHead = fc
  .tuple(
    fc.oneof(
      fc.shuffledSubarray(others, { maxLength: 2 }).map((lines) => [...usual, ...lines]),
      fc.shuffledSubarray([...usual, ...others]),
    ),
    fc.array(fc.tuple(fc.nat(), fc.constantFrom(...'\r\n\t :,;0é\u0000\u007fAa'.split(''))), { maxLength: 2 }),
  )
  .map(([lines, changes]) => {
    const bytes = head(lines)
    for (const [place, sign] of changes) bytes[place % bytes.length] = sign.charCodeAt(0)
    return bytes
  })

describe('the head of a request that goes the short way', () => {
  test('is never read as anything that Node would not read it as', async () => {
    let taken = 0
    await fc.assert(
      fc.asyncProperty(anyHead, async (bytes) => {
        const found = headIn(bytes)
        if (typeof found === 'string') return
        taken += 1
        const whole = Buffer.concat([bytes, Buffer.from(body)])
        const { authorization, idempotencyKey: key, contentLength, bytes: own } = found
        const text = whole.toString('latin1', own.length, own.length + contentLength)
        // Node's server waits for what was announced and does not come.
        fc.pre(contentLength <= body.length)
        expect(await readByNode(whole)).toEqual({ line: 'POST /api/v1/events', authorization, key, body: text })
      }),
      { numRuns: 4_000 },
    )
    expect(taken).toBeGreaterThan(100)
  })

  test.each(others.slice(5).filter((line) => line !== 'Empty:'))('is left to Node with %j', (line) => {
    expect(headIn(head([...usual, line]))).toBe('unusual')
  })

  test.each(['+4', '-4', '0x4', '4e0', '4, 4', '4 4', '', '4294967300'])(
    'is left to Node with the length %j',
    (length) => {
      expect(headIn(head([...usual.slice(0, 3), `Content-Length: ${length}`]))).toBe('unusual')
    },
  )

  test('may come in pieces', () => {
    const bytes = head(usual)
    for (let length = 1; length < bytes.length; length += 1) {
      expect(headIn(bytes.subarray(0, length)), `${length} bytes`).toBe('incomplete')
    }
  })

  test('is left to Node as soon as it can’t be one, and when it has no end', () => {
    expect(headIn(Buffer.from('G'))).toBe('unusual')
    expect(headIn(Buffer.from('POST /api/v1/events/'))).toBe('unusual')
    expect(headIn(Buffer.from(`${requestLine}\r\nX: ${'x'.repeat(16 * 1024)}`))).toBe('unusual')
    expect(headIn(head([...usual, `X: ${'x'.repeat(16 * 1024)}`]))).toBe('unusual')
  })

  test('is known again, and no other is taken for it', () => {
    const found = headIn(head(usual))
    if (typeof found === 'string') throw new Error(found)

    expect(beginsWith(Buffer.concat([head(usual), Buffer.from(body)]), found)).toBe(true)
    expect(beginsWith(head(usual).subarray(0, 40), found)).toBe(false)
    expect(beginsWith(head([...usual.slice(0, 3), 'Content-Length: 5']), found)).toBe(false)
  })
})
