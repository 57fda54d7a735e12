import { expect, test } from 'vitest'
import { aReceiver, fine } from './receivers.ts'
import { aSender } from './transports.ts'

test('what goes over the wire is what was signed: names in their case, in their order, and the bytes of the body', async () => {
  const receiver = await aReceiver({ onRequest: (socket) => socket.write(fine) })
  const body = Buffer.from('{"name":"caf\u00e9 \u{1f408}","n":1.0}\r\n')

  await aSender().transport.post({
    uri: new URL(`http://127.0.0.1:${receiver.port}/hooks/a%20b?key=1&key=2#part`),
    headers: [
      ['User-Agent', 'Patreon HTTP Robot'],
      ['Content-Type', 'application/json'],
      ['X-Patreon-Event', 'pledges:create'],
      ['X-Patreon-Signature', '0123456789abcdef'],
      ['webhook-id', 'e1~pledges:create'],
    ],
    body,
  })

  expect(receiver.requests).toEqual([
    [
      'POST /hooks/a%20b?key=1&key=2 HTTP/1.1',
      `host: 127.0.0.1:${receiver.port}`,
      'connection: keep-alive',
      'User-Agent: Patreon HTTP Robot',
      'Content-Type: application/json',
      'X-Patreon-Event: pledges:create',
      'X-Patreon-Signature: 0123456789abcdef',
      'webhook-id: e1~pledges:create',
      `content-length: ${body.length}`,
      '',
      body.toString('latin1'),
    ].join('\r\n'),
  ])
})

test('an empty body has a length, too', async () => {
  const receiver = await aReceiver({ onRequest: (socket) => socket.write(fine) })

  await aSender().transport.post({
    uri: new URL(`http://127.0.0.1:${receiver.port}/`),
    headers: [],
    body: new Uint8Array(0),
  })

  expect(receiver.requests[0]).toContain('\r\ncontent-length: 0\r\n')
})

test('a header that cannot be sent ends the attempt, not the process', async () => {
  const receiver = await aReceiver({ onRequest: (socket) => socket.write(fine) })
  const sender = aSender()
  const uri = new URL(`http://127.0.0.1:${receiver.port}/`)

  const outcome = await sender.transport.post({
    uri,
    headers: [['X-Odd', 'a\r\nX-Smuggled: b']],
    body: Buffer.from('{}'),
  })

  expect(outcome).toMatchObject({ kind: 'unreachable', code: 'UND_ERR_INVALID_ARG' })
  expect(receiver.requests).toEqual([])
})

test.each([
  ['two slashes', '//evil.example/x', '//evil.example/x'],
  ['a line break', '/a\r\nX-Evil: 1', '/aX-Evil:%201'],
  ['a line break in a query', '/?a=\r\nX-Evil: 1', '/?a=X-Evil:%201'],
  ['a line break in percents', '/a%0d%0aX-Evil:%201', '/a%0d%0aX-Evil:%201'],
  ['another request', '/ HTTP/1.1\r\n\r\nGET /b', '/%20HTTP/1.1GET%20/b'],
  ['backslashes', '\\..\\b?c\\d', '/b?c\\d'],
  ['a fragment', '/a#/b?c', '/a'],
])(
  'V25 the path is what the URI was parsed into, and nothing of it becomes a header: %s',
  async (_what, given, asked) => {
    const receiver = await aReceiver({ onRequest: (socket) => socket.write(fine) })

    await aSender().post(`http://127.0.0.1:${receiver.port}${given}`)

    const [head = ''] = receiver.requests[0]?.split('\r\n\r\n') ?? []
    const [line, ...headers] = head.split('\r\n')
    expect(receiver.requests).toHaveLength(1)
    expect(line).toBe(`POST ${asked} HTTP/1.1`)
    expect(headers.map((header) => header.split(':')[0])).toEqual([
      'host',
      'connection',
      'X-Patreon-Event',
      'content-length',
    ])
  },
)
