import { type TLSSocket, type TlsOptions } from 'node:tls'
import { afterAll, describe, expect, test } from 'vitest'
import { seconds } from '#src/domain/time.ts'
import { anAuthority } from './certificates.ts'
import { aReceiver, fine } from './receivers.ts'
import { aSender, statusOf } from './transports.ts'

const authority = anAuthority()
const stranger = anAuthority()
afterAll(() => [authority, stranger].forEach(({ remove }) => remove()))

const good = authority.certify('DNS:hooks.example.com')

describe('a receiver over https has to prove its name', () => {
  test('a good certificate is accepted, and the name is told to the receiver', async () => {
    const names: unknown[] = []
    const receiver = await aReceiver({
      tls: good,
      onRequest(socket) {
        names.push((socket as TLSSocket).servername)
        socket.write(fine)
      },
    })
    const sender = aSender({ ca: authority.ca })

    for (let number = 0; number < 3; number++) {
      expect(statusOf(await sender.post(`https://hooks.example.com:${receiver.port}/`))).toBe(200)
    }
    expect(names).toEqual(['hooks.example.com', 'hooks.example.com', 'hooks.example.com'])
    expect(receiver.requests[0]).toContain(`host: hooks.example.com:${receiver.port}\r\n`)
    expect(receiver.connections()).toBe(1)
  })

  test('an address in a URI is proven as an address', async () => {
    const receiver = await aReceiver({
      tls: authority.certify('IP:127.0.0.1'),
      onRequest: (socket) => socket.write(fine),
    })

    expect(statusOf(await aSender({ ca: authority.ca }).post(`https://127.0.0.1:${receiver.port}/`))).toBe(200)
  })

  test.each<[string, TlsOptions, string | RegExp]>([
    ['has expired', authority.certify('DNS:hooks.example.com', -1), 'CERT_HAS_EXPIRED'],
    ['is signed by itself', authority.selfSigned('DNS:hooks.example.com'), 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['is for another host', authority.certify('DNS:other.example.com'), 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['has an unknown root', stranger.certify('DNS:hooks.example.com'), /UNABLE_TO|SELF_SIGNED/],
    [
      'comes with TLS 1.1',
      { ...good, minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL:@SECLEVEL=0' },
      /ERR_SSL_/,
    ],
    ['comes with no cipher in common', { ...good, maxVersion: 'TLSv1.2', ciphers: 'ECDHE-RSA-AES128-SHA' }, /ERR_SSL_/],
  ])('R56 a certificate that %s is refused with a clear code, and nothing is sent', async (_what, tls, code) => {
    const receiver = await aReceiver({ tls, onRequest: (socket) => socket.write(fine) })
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0'

    const outcome = await aSender({ ca: authority.ca }).post(`https://hooks.example.com:${receiver.port}/`)

    delete process.env['NODE_TLS_REJECT_UNAUTHORIZED']
    expect(outcome).toMatchObject({ kind: 'insecure', code: expect.stringMatching(code) })
    expect(receiver.requests).toEqual([])
  })

  test('R56 a receiver that speaks http only is insecure; we do not fall back', async () => {
    const receiver = await aReceiver({
      onConnection: (socket) => socket.write(fine),
      onRequest: (socket) => socket.write(fine),
    })

    const outcome = await aSender().post(`https://127.0.0.1:${receiver.port}/`)

    expect(outcome).toMatchObject({ kind: 'insecure' })
    expect(receiver.connections()).toBe(1)
    expect(receiver.requests).toEqual([])
  })

  test('R56 a receiver that demands a certificate of ours does not get the delivery', async () => {
    const tls = { ...good, requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' } as const
    const receiver = await aReceiver({ tls, onRequest: (socket) => socket.write(fine) })

    const outcome = await aSender({ ca: authority.ca }).post(`https://hooks.example.com:${receiver.port}/`)

    expect(['insecure', 'reset']).toContain(outcome.kind)
    expect(receiver.requests).toEqual([])
  })

  test('R56 a handshake that stalls is given the connect deadline', async () => {
    const receiver = await aReceiver({})
    const sender = aSender()
    const outcome = sender.post(`https://127.0.0.1:${receiver.port}/`)
    await receiver.met(1)
    const [socket] = receiver.sockets
    await new Promise((resolve) => socket?.once('data', resolve))

    sender.clock.pass(seconds(5))

    expect(await outcome).toMatchObject({ kind: 'timed-out', phase: 'securing' })
  })

  test('R56 a connection that is reset in the handshake is told as reset while securing', async () => {
    const receiver = await aReceiver({ onConnection: (socket) => socket.once('data', () => socket.resetAndDestroy()) })

    expect(await aSender().post(`https://127.0.0.1:${receiver.port}/`)).toMatchObject({
      kind: 'reset',
      phase: 'securing',
    })
  })

  test('R57 a kept-alive secure socket that turned out dead costs one resend', async () => {
    const receiver = await aReceiver({
      tls: good,
      onRequest: (socket, number) => (number === 2 ? socket.destroy() : socket.write(fine)),
    })
    const sender = aSender({ ca: authority.ca })
    const uri = `https://hooks.example.com:${receiver.port}/`

    expect(statusOf(await sender.post(uri))).toBe(200)
    expect(statusOf(await sender.post(uri))).toBe(200)
    expect(receiver.requests).toHaveLength(3)
  })
})
