import { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { answerKeptBytes } from '#src/domain/outcome.ts'
import { seconds } from '#src/domain/time.ts'
import { aReceiver, counter, fine, type Receiver } from './receivers.ts'
import { answering, aRequest, aSender, type Sender, statusOf } from './transports.ts'

const chunked = 'Transfer-Encoding: chunked\r\n\r\n'
const uriOf = ({ port }: Receiver) => `http://127.0.0.1:${port}/`

describe('a receiver cannot hold us longer than the deadline', () => {
  test('R50 a receiver that never accepts is given five seconds', async () => {
    const opened = counter()
    const sender = aSender({ open: () => (opened.add(), new Socket()) })
    const outcome = sender.post('http://127.0.0.1:8080/')
    await opened.reached(1)

    sender.clock.pass(seconds(5))

    expect(await outcome).toEqual({
      kind: 'timed-out',
      phase: 'connecting',
      timing: { connected: null, firstByte: null, ended: seconds(5) },
    })
  })

  test('R59 a name server that is silent is given five seconds, and holds up nobody else', async () => {
    const receiver = await aReceiver({ onRequest: (socket) => socket.write(fine) })
    const asked = counter()
    const known = answering({ 'hooks.example.com': ['127.0.0.1'] })
    const sender = aSender({
      resolver: (name) => (name === 'hooks.example.com' ? known(name) : (asked.add(), new Promise(() => {}))),
    })
    const slow = sender.post('http://silent.example.com/')
    await asked.reached(1)

    expect(statusOf(await sender.post(`http://hooks.example.com:${receiver.port}/`))).toBe(200)
    sender.clock.pass(seconds(5))

    expect(await slow).toMatchObject({ kind: 'timed-out', phase: 'resolving' })
  })

  test('R51 a receiver that accepts and never answers is given fifteen seconds', async () => {
    const receiver = await aReceiver({})
    const sender = aSender()
    const outcome = sender.post(uriOf(receiver))
    await receiver.heard(1)

    sender.clock.pass(seconds(15) - 1)
    sender.clock.pass(1)

    expect(await outcome).toMatchObject({ kind: 'timed-out', phase: 'answering', timing: { ended: seconds(15) } })
  })

  test('R51 a receiver that does not read the body is told as timed out while sending', async () => {
    const receiver = await aReceiver({ onConnection: (socket) => socket.pause() })
    const sender = aSender()
    const outcome = sender.transport.post(aRequest(uriOf(receiver), 'x'.repeat(32 * 1024 * 1024)))
    await receiver.met(1)
    await turns(20)

    sender.clock.pass(seconds(15))

    expect(await outcome).toMatchObject({ kind: 'timed-out', phase: 'sending' })
  })

  test('R52 headers that come byte by byte do not put the deadline off', async () => {
    const receiver = await aReceiver({ onRequest: (socket) => socket.write('HTTP/1.1 2') })
    const sender = aSender()
    const outcome = sender.post(uriOf(receiver))
    await receiver.heard(1)

    for (const byte of '00 OK\r\n') {
      for (const socket of receiver.sockets) socket.write(byte)
      await turns(3)
      sender.clock.pass(seconds(5))
    }

    expect(await outcome).toMatchObject({ kind: 'timed-out', phase: 'answering', timing: { ended: seconds(15) } })
  })

  test('R53 a body that comes slowly counts by its status when time is up', async () => {
    const receiver = await aReceiver({
      onRequest: (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\nsome'),
    })
    const sender = aSender()
    const outcome = sender.post(uriOf(receiver))
    await receiver.heard(1)
    await turns(20)

    sender.clock.pass(seconds(15))

    expect(await outcome).toMatchObject({ kind: 'answered', answer: { status: 200, isCut: true } })
  })
})

describe('a receiver cannot make us read or keep more than the limit', () => {
  test('R53 an endless body is cut, the status counts, and the socket is closed', async () => {
    const receiver = await aReceiver({
      onRequest(socket) {
        socket.write('HTTP/1.1 500 Oops\r\n\r\n')
        const pour = () => void (socket.writable && socket.write('x'.repeat(16 * 1024), pour))
        pour()
      },
    })
    const sender = aSender()

    const outcome = await sender.post(uriOf(receiver))

    expect(statusOf(outcome)).toBe(500)
    expect(outcome).toMatchObject({ answer: { isCut: true, body: { length: answerKeptBytes } } })
    await until(() => receiver.sockets.size === 0)
  })

  test('a body of exactly what is kept is whole, one byte more is cut', async () => {
    const lengths = [answerKeptBytes, answerKeptBytes + 1]
    const receiver = await aReceiver({
      onRequest(socket) {
        const body = 'x'.repeat(lengths.shift() ?? 0)
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`)
      },
    })
    const sender = aSender()

    expect(await sender.post(uriOf(receiver))).toMatchObject({
      answer: { isCut: false, body: { length: answerKeptBytes } },
    })
    expect(await sender.post(uriOf(receiver))).toMatchObject({
      answer: { isCut: true, body: { length: answerKeptBytes } },
    })
    expect(receiver.connections()).toBe(1)
  })

  test('R54 a compressed bomb is kept as it came, never decoded', async () => {
    const bomb = gzipSync(Buffer.alloc(8 * 1024 * 1024))
    const receiver = await aReceiver({
      onRequest(socket) {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip, br\r\nContent-Length: ${bomb.length}\r\n\r\n`)
        socket.write(bomb)
      },
    })

    const outcome = await aSender().post(uriOf(receiver))

    expect(statusOf(outcome)).toBe(200)
    if (outcome.kind === 'answered') expect(Buffer.from(outcome.answer.body)).toEqual(bomb.subarray(0, answerKeptBytes))
  })

  test.each([
    ['ten megabytes of headers', `X-Large: ${'x'.repeat(10 * 1024 * 1024)}\r\n`, 'UND_ERR_HEADERS_OVERFLOW'],
    ['a hundred thousand headers', 'a: b\r\n'.repeat(100_000), 'TOO_MANY_HEADERS'],
    ['a hundred thousand trailers', `${chunked}0\r\n${'a: b\r\n'.repeat(100_000)}`, 'TOO_MANY_HEADERS'],
  ])('R52 %s are garbled', async (_what, headers, code) => {
    const receiver = await aReceiver({ onRequest: (socket) => socket.write(`HTTP/1.1 200 OK\r\n${headers}`) })

    expect(await aSender().post(uriOf(receiver))).toMatchObject({ kind: 'garbled', code })
  })

  test('two hundred headers, and a page of a thousand lines, are an answer', async () => {
    const headers = Array.from({ length: 200 }, (_, index) => `X-${index}: y`).join('\r\n')
    const page = 'line\n'.repeat(1_000)
    const receiver = await aReceiver({
      onRequest: (socket) =>
        socket.write(`HTTP/1.1 200 OK\r\n${headers}\r\nContent-Length: ${page.length}\r\n\r\n${page}`),
    })

    const outcome = await aSender().post(uriOf(receiver))

    expect(outcome).toMatchObject({ kind: 'answered', answer: { isCut: false, body: { length: page.length } } })
    if (outcome.kind === 'answered') expect(outcome.answer.headers).toHaveLength(201)
  })

  test('R52 two hundred receivers of endless headers take less than 64 MiB', async () => {
    const headers = Buffer.from(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(8_000)}`)
    const receivers = await Promise.all(
      Array.from({ length: 200 }, () => aReceiver({ onRequest: (socket) => socket.write(headers) })),
    )
    const sender = aSender()
    const memoryBefore = process.memoryUsage().rss

    const outcomes = await Promise.all(receivers.map((receiver) => sender.post(uriOf(receiver))))

    expect(countKinds(outcomes)).toEqual({ garbled: 200 })
    expect(process.memoryUsage().rss - memoryBefore).toBeLessThan(64 * 1024 * 1024)
  })

  test('R58 a flood of early news is garbled, a little is passed over', async () => {
    const news = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'
    const little = await aReceiver({ onRequest: (socket) => socket.write(news.repeat(3) + fine) })
    const flood = await aReceiver({ onRequest: (socket) => socket.write(news.repeat(1_000) + fine) })
    const sender = aSender()

    expect(statusOf(await sender.post(uriOf(little)))).toBe(200)
    expect(await sender.post(uriOf(flood))).toMatchObject({ kind: 'garbled', code: 'TOO_MANY_INFORMATIONAL' })
  })
})

describe('many hostile receivers at once', () => {
  const manners: readonly ((socket: Socket) => unknown)[] = [
    () => {},
    (socket) => socket.resetAndDestroy(),
    (socket) => socket.destroy(),
    (socket) => socket.write('garbage\r\n'.repeat(1_000)),
    (socket) => socket.write(`HTTP/1.1 200 OK\r\n${'a: b\r\n'.repeat(20_000)}`),
    (socket) => socket.write(`HTTP/1.1 500 Oops\r\n\r\n${'x'.repeat(256 * 1024)}`),
    (socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort'),
  ]

  test('R50-R58 two hundred of them do not disturb fifty healthy ones', async () => {
    const hostile = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        aReceiver({ onRequest: (socket) => void manners[index % 7]?.(socket) }),
      ),
    )
    const healthy = await Promise.all(
      Array.from({ length: 50 }, () => aReceiver({ onRequest: (socket) => socket.write(fine) })),
    )
    const sender = aSender()

    const bad = hostile.map((receiver) => sender.post(uriOf(receiver)))
    const good = await Promise.all(healthy.map((receiver) => deliverTen(sender, receiver)))
    await Promise.all(hostile.map((receiver) => receiver.heard(1)))
    await turns(50)
    sender.clock.pass(seconds(15))

    expect(good).toEqual(healthy.map(() => 10))
    expect(countKinds(await Promise.all(bad))).toEqual({ 'timed-out': 29, reset: 58, garbled: 57, answered: 56 })
  })
})

async function deliverTen(sender: Sender, receiver: Receiver): Promise<number> {
  let delivered = 0
  for (let number = 0; number < 10; number++) {
    if (statusOf(await sender.post(uriOf(receiver))) === 200) delivered += 1
  }
  return delivered
}

function countKinds(outcomes: readonly { kind: string }[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { kind } of outcomes) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}

/** Lets the event loop turn, so that what is on its way over loopback arrives. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await turns(1)
}
