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
