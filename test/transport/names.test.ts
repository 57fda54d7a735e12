import { describe, expect, test } from 'vitest'
import { minutes, seconds } from '#src/domain/time.ts'
import type { Resolver } from '#src/transport/resolver.ts'
import { namesTable, otherPublicAddress, publicAddress } from './names-table.ts'
import { aClosedPort, aReceiver, aSocketThatFails, fine, recordingOpen } from './receivers.ts'
import { answering, aSender, statusOf } from './transports.ts'

describe('what a name stands for is judged at every connection', () => {
  test('D01 a name that turns private at the second question was asked about only once', async () => {
    const answers = [[publicAddress], ['127.0.0.1']]
    let questions = 0
    const { opened, open } = recordingOpen()
    const resolver: Resolver = async () => ({ kind: 'resolved', addresses: answers[questions++] ?? [] })
    const sender = aSender({ allow: [], open, resolver })

    const outcome = await sender.post('http://rebinding.example.com/')

    expect(outcome.kind).toBe('refused')
    expect(questions).toBe(1)
    expect(opened).toEqual([publicAddress])
  })

  test('D02 a name that was public when the webhook was made is refused once it is private', async () => {
    const names: Record<string, string[]> = { 'flipping.example.com': [publicAddress] }
    const { opened, open } = recordingOpen()
    const sender = aSender({ allow: [], open, resolver: answering(names) })
    await sender.post('http://flipping.example.com/')

    names['flipping.example.com'] = ['10.0.0.1']
    const outcome = await sender.post('http://flipping.example.com/')

    expect(outcome.kind).toBe('forbidden-address')
    expect(opened).toEqual([publicAddress])
  })

  test.each(namesTable)('$id a name that is $why is connected to at $opens and nowhere else', async (row) => {
    const { opened, open } = recordingOpen()
    let connections = 0
    const resolver: Resolver = async () => ({ kind: 'resolved', addresses: row.answers[connections] ?? [] })
    const sender = aSender({ allow: [], open, resolver })

    for (; connections < row.answers.length; connections += 1) await sender.post(`http://${row.name}/`)

    expect(opened).toEqual(row.opens)
  })

  test('D08 when the first address refuses, only other judged addresses are tried', async () => {
    const { opened, open } = recordingOpen()
    const resolver = answering({
      'good.example.com': [publicAddress, otherPublicAddress],
      'bad.example.com': [publicAddress, '127.0.0.1'],
    })
    const sender = aSender({ allow: [], open, resolver })

    expect((await sender.post('http://good.example.com/')).kind).toBe('refused')
    expect((await sender.post('http://bad.example.com/')).kind).toBe('forbidden-address')

    expect(opened).toEqual([publicAddress, otherPublicAddress])
  })

  test('when the first address refuses, the second gets the delivery', async () => {
    const receiver = await aReceiver({ host: '127.0.0.2', onRequest: (socket) => socket.end(fine) })
    const resolver = answering({ 'hooks.example.com': ['127.0.0.1', '127.0.0.2'] })
    const sender = aSender({ resolver })

    expect(statusOf(await sender.post(`http://hooks.example.com:${receiver.port}/`))).toBe(200)
  })

  test('D12 a kept-alive socket is not used for ever: a name that has turned private is noticed', async () => {
    const receiver = await aReceiver({ onRequest: (socket) => socket.write(fine) })
    const names: Record<string, string[]> = { 'hooks.example.com': ['127.0.0.1'] }
    const sender = aSender({ resolver: answering(names) })
    const uri = `http://hooks.example.com:${receiver.port}/`
    expect(statusOf(await sender.post(uri))).toBe(200)

    names['hooks.example.com'] = ['10.0.0.1']
    sender.clock.pass(minutes(5) + seconds(1))

    expect((await sender.post(uri)).kind).toBe('forbidden-address')
    expect(receiver.connections()).toBe(1)
  })

  test('what the system says we are connected to is judged again', async () => {
    const receiver = await aReceiver({ onRequest: (socket) => socket.write(fine) })
    const { connect } = await import('node:net')
    const elsewhere = (_address: string, port: number) => connect({ host: '127.0.0.1', port })
    const sender = aSender({
      allow: ['127.0.0.9/32'],
      open: elsewhere,
      resolver: answering({ 'hooks.example.com': ['127.0.0.9'] }),
    })

    expect((await sender.post(`http://hooks.example.com:${receiver.port}/`)).kind).toBe('forbidden-address')
    expect(receiver.requests).toEqual([])
  })
})

describe('names that mean something on local networks only', () => {
  const local = namesTable.filter(({ id }) => id === 'D09' || id === 'D10')

  test.each(local)('$id $name is not even looked up', async ({ name }) => {
    const asked: string[] = []
    const resolver: Resolver = async (question) => {
      asked.push(question)
      return { kind: 'resolved', addresses: [publicAddress] }
    }
    const sender = aSender({ allow: [], resolver })

    expect((await sender.post(`http://${name}/`)).kind).toBe('forbidden-address')
    expect(asked).toEqual([])
  })

  test('D18 a local name is judged by its address where an operator opened networks of their own', async () => {
    const { opened, open } = recordingOpen()
    const names: Record<string, string[]> = { 'hooks.corp': ['10.1.0.7'] }
    const sender = aSender({ allow: ['10.1.0.0/16'], open, resolver: answering(names) })
    const kinds: string[] = []

    for (const address of ['10.1.0.7', publicAddress, '10.2.0.7']) {
      names['hooks.corp'] = [address]
      kinds.push((await sender.post('http://hooks.corp/')).kind)
    }

    expect(kinds).toEqual(['refused', 'refused', 'forbidden-address'])
    expect(opened).toEqual(['10.1.0.7', publicAddress])
  })

  test('localhost can be delivered to when the operator opened loopback', async () => {
    const receiver = await aReceiver({ onRequest: (socket) => socket.write(fine) })
    const { systemResolver } = await import('#src/transport/resolver.ts')
    const sender = aSender({ resolver: systemResolver() })

    expect(statusOf(await sender.post(`http://localhost:${receiver.port}/`))).toBe(200)
  })
})

describe('ways on that receivers offer are not taken', () => {
  const redirects = [301, 302, 303, 307, 308]

  test.each(redirects)('R55 D13 a %i is an ordinary answer; where it points to hears nothing', async (status) => {
    const canary = await aReceiver({ onRequest: (socket) => socket.write(fine) })
    const answer = `HTTP/1.1 ${status} Gone\r\nLocation: http://127.0.0.1:${canary.port}/\r\nContent-Length: 0\r\n\r\n`
    const receiver = await aReceiver({ onRequest: (socket) => socket.write(answer) })
    const sender = aSender()

    const outcome = await sender.post(`http://127.0.0.1:${receiver.port}/`)

    expect(statusOf(outcome)).toBe(status)
    expect(outcome).toMatchObject({
      answer: {
        headers: [
          ['Location', `http://127.0.0.1:${canary.port}/`],
          ['Content-Length', '0'],
        ],
      },
    })
    expect(canary.connections()).toBe(0)
    expect(receiver.requests).toHaveLength(1)
  })

  test('D14 Refresh, Link, Alt-Svc and early hints are kept as text at most', async () => {
    const canary = await aReceiver({})
    const there = `http://127.0.0.1:${canary.port}/`
    const hints = `HTTP/1.1 103 Early Hints\r\nLink: <${there}>; rel=preload\r\n\r\n`
    const answer = `HTTP/1.1 200 OK\r\nRefresh: 0; url=${there}\r\nAlt-Svc: h2=":${canary.port}"\r\nLocation: ${there}\r\nContent-Length: 0\r\n\r\n`
    const receiver = await aReceiver({ onRequest: (socket) => socket.write(hints + answer) })
    const sender = aSender()

    expect(statusOf(await sender.post(`http://127.0.0.1:${receiver.port}/`))).toBe(200)
    expect(statusOf(await sender.post(`http://127.0.0.1:${receiver.port}/`))).toBe(200)

    expect(canary.connections()).toBe(0)
  })

  test('D20 a proxy in the environment is not used', async () => {
    const proxy = await aReceiver({})
    const receiver = await aReceiver({ onRequest: (socket) => socket.write(fine) })
    process.env['HTTP_PROXY'] = process.env['http_proxy'] = `http://127.0.0.1:${proxy.port}`
    process.env['NODE_USE_ENV_PROXY'] = '1'

    const outcome = await aSender().post(`http://127.0.0.1:${receiver.port}/`)

    for (const name of ['HTTP_PROXY', 'http_proxy', 'NODE_USE_ENV_PROXY']) delete process.env[name]
    expect(statusOf(outcome)).toBe(200)
    expect(proxy.connections()).toBe(0)
  })
})

describe('receivers that cannot be connected to', () => {
  test('R50 a receiver that refuses is told as refused', async () => {
    const port = await aClosedPort()

    const outcome = await aSender().post(`http://127.0.0.1:${port}/`)

    expect(outcome).toEqual({ kind: 'refused', timing: { connected: null, firstByte: null, ended: 0 } })
  })

  test.each(['EHOSTUNREACH', 'ENETUNREACH', 'EMFILE', 'EACCES'])(
    'a network that says %s is told as unreachable',
    async (code) => {
      const sender = aSender({ open: () => aSocketThatFails(code) })

      expect(await sender.post('http://127.0.0.1:8080/')).toMatchObject({ kind: 'unreachable', code })
    },
  )

  test('a name that does not exist is told with the code of the name server', async () => {
    expect(await aSender().post('http://nowhere.example.com/')).toMatchObject({ kind: 'unresolved', code: 'ENOTFOUND' })
  })
})
