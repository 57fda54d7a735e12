import { describe, expect, test } from 'vitest'
import { aReceiver, fine, type Receiver } from './receivers.ts'
import { aSender, statusOf } from './transports.ts'

const uriOf = ({ port }: Receiver) => `http://127.0.0.1:${port}/`

describe('what is no HTTP is told as garbled', () => {
  test.each([
    ['a bad status line', 'HTTPS/1.1 two hundred\r\n\r\n'],
    ['an answer of HTTP/0.9', '<html>hello</html>'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nokk'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\nok'],
    [
      'a length beside chunks',
      'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
    ],
    ['a NUL in a header', 'HTTP/1.1 200 OK\r\nX-Odd: a\0b\r\nContent-Length: 0\r\n\r\n'],
    ['a chunk of absurd size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n'],
    ['trailers without end', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n${'a: b\r\n'.repeat(20_000)}`],
    ['lines that end in LF only', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'],
    ['a switch to WebSocket', 'HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'],
    ['a switch to nothing in particular', 'HTTP/1.1 101 Switching\r\n\r\n'],
    ['the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['frames of HTTP/2', '\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80'],
  ])('R58 %s', async (_what, answer) => {
    const receiver = await aReceiver({ onRequest: (socket) => socket.end(answer, 'latin1') })

    expect(await aSender().post(uriOf(receiver))).toMatchObject({
      kind: 'garbled',
      code: expect.stringMatching(/^[A-Z_]+$/),
    })
    expect(receiver.requests).toHaveLength(1)
  })

  test('R58 a status below 100 is told as what it is', async () => {
    const receiver = await aReceiver({
      onRequest: (socket) => socket.write('HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n'),
    })

    expect(await aSender().post(uriOf(receiver))).toMatchObject({ kind: 'garbled', code: 'UNEXPECTED_STATUS' })
  })

  test('R58 status 600 is an answer, and eight-bit header bytes are kept', async () => {
    const receiver = await aReceiver({
      onRequest: (socket) => socket.write('HTTP/1.1 600 High\r\nX-Odd: caf\xe9\r\nContent-Length: 0\r\n\r\n', 'latin1'),
    })

    const outcome = await aSender().post(uriOf(receiver))

    expect(statusOf(outcome)).toBe(600)
    expect(outcome).toMatchObject({
      answer: {
        headers: [
          ['X-Odd', 'café'],
          ['Content-Length', '0'],
        ],
      },
    })
  })

  test('R58 a second answer to one request does not become the answer to the next', async () => {
    const stray = 'HTTP/1.1 500 Stray\r\nContent-Length: 0\r\n\r\n'
    const receiver = await aReceiver({
      onRequest: (socket, number) => socket.write(number === 1 ? fine + stray : fine),
    })
    const sender = aSender()

    expect(statusOf(await sender.post(uriOf(receiver)))).toBe(200)
    expect(statusOf(await sender.post(uriOf(receiver)))).toBe(200)
  })
})
