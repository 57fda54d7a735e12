import { Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { seconds } from '#src/domain/time.ts'
import { socketBudget, socketsAtMost } from '#src/transport/budget.ts'
import { linesPerOrigin } from '#src/transport/lines.ts'
import { aReceiver, counter, fine, type Receiver } from './receivers.ts'
import { aRequest, aSender, statusOf } from './transports.ts'

const uriOf = ({ port }: Receiver) => `http://127.0.0.1:${port}/`

describe('sockets are used again', () => {
  test('R47 of a thousand deliveries to one receiver at least 95 % use a socket that is there', async () => {
    const receiver = await aReceiver({ onRequest: (socket) => socket.write(fine) })
    const sender = aSender()
    let left = 1_000

    const worker = async () => {
      while (left-- > 0) expect(statusOf(await sender.post(uriOf(receiver)))).toBe(200)
    }
    await Promise.all(Array.from({ length: 8 }, worker))

    expect(receiver.requests).toHaveLength(1_000)
    expect(receiver.connections()).toBeLessThanOrEqual(8)
  })

  test('an attempt over a socket that was there has no time of connecting', async () => {
    const receiver = await aReceiver({ onRequest: (socket) => socket.write(fine) })
    const sender = aSender()

    expect(await sender.post(uriOf(receiver))).toMatchObject({ timing: { connected: 0, firstByte: 0, ended: 0 } })
    expect(await sender.post(uriOf(receiver))).toMatchObject({ timing: { connected: null, firstByte: 0, ended: 0 } })
  })

  test('a receiver that says "Connection: close" gets a new socket for each delivery', async () => {
    const answer = 'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok'
    const receiver = await aReceiver({ onRequest: (socket) => socket.end(answer) })
    const sender = aSender()

    for (let number = 0; number < 5; number++) expect(statusOf(await sender.post(uriOf(receiver)))).toBe(200)

    expect(receiver.connections()).toBe(5)
  })
})

describe('a kept-alive socket that turned out dead', () => {
  test.each<[string, (socket: Socket) => unknown]>([
    ['closed', (socket) => socket.destroy()],
    ['reset', (socket) => socket.resetAndDestroy()],
  ])('R57 is %s under a request: the request is sent once more, and that is one attempt', async (_how, kill) => {
    const receiver = await aReceiver({
      onRequest: (socket, number) => (number === 2 ? kill(socket) : socket.write(fine)),
    })
    const sender = aSender()

    expect(statusOf(await sender.post(uriOf(receiver)))).toBe(200)
    expect(statusOf(await sender.post(uriOf(receiver)))).toBe(200)

    expect(receiver.requests).toHaveLength(3)
    expect(receiver.connections()).toBe(2)
  })

  test('a request is never sent a third time', async () => {
    const receiver = await aReceiver({
      onRequest: (socket, number) => (number === 1 ? socket.write(fine) : socket.resetAndDestroy()),
    })
    const sender = aSender()
    await sender.post(uriOf(receiver))

    expect(await sender.post(uriOf(receiver))).toMatchObject({ kind: 'reset', phase: 'answering' })
    expect(receiver.requests).toHaveLength(3)
  })

  test('a request on a new socket is not sent again', async () => {
    const receiver = await aReceiver({ onRequest: (socket) => socket.resetAndDestroy() })

    expect(await aSender().post(uriOf(receiver))).toMatchObject({ kind: 'reset', phase: 'answering' })
    expect(receiver.requests).toHaveLength(1)
  })

  test('a request is not sent again once a byte of an answer has come', async () => {
    const receiver = await aReceiver({
      onRequest: (socket, number) => (number === 1 ? socket.write(fine) : socket.end('HTTP/1.1 2')),
    })
    const sender = aSender()
    await sender.post(uriOf(receiver))

    expect(await sender.post(uriOf(receiver))).toMatchObject({ kind: 'reset', phase: 'answering' })
    expect(receiver.requests).toHaveLength(2)
  })

  test('the second sending has what is left of the deadline, not a new one', async () => {
    const receiver = await aReceiver({ onRequest: (socket, number) => void (number === 1 && socket.write(fine)) })
    const sender = aSender()
    await sender.post(uriOf(receiver))
    const outcome = sender.post(uriOf(receiver))
    await receiver.heard(2)

    sender.clock.pass(seconds(10))
    for (const socket of receiver.sockets) socket.resetAndDestroy()
    await receiver.heard(3)
    sender.clock.pass(seconds(5))

    expect(await outcome).toMatchObject({ kind: 'timed-out', phase: 'answering', timing: { ended: seconds(15) } })
  })

  test('R57 a 408 on an idle socket does not become the answer to the next delivery', async () => {
    const receiver = await aReceiver({ onRequest: (socket) => socket.write(fine) })
    const sender = aSender()
    await sender.post(uriOf(receiver))

    for (const socket of receiver.sockets) socket.end('HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n')
    while (openTo([receiver]) > 0) await new Promise((resolve) => setImmediate(resolve))

    expect(statusOf(await sender.post(uriOf(receiver)))).toBe(200)
    expect(receiver.connections()).toBe(2)
  })

  test('R57 an answer that breaks off after its status counts by the status', async () => {
    const answers = [
      'HTTP/1.1 202 Yes\r\nContent-Length: 50\r\n\r\nhalf',
      'HTTP/1.1 202 Yes\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab',
    ]
    const receiver = await aReceiver({ onRequest: (socket) => socket.end(answers.shift() ?? '') })
    const sender = aSender()

    for (const body of ['half', 'ab']) {
      const outcome = await sender.post(uriOf(receiver))
      expect(outcome).toMatchObject({ kind: 'answered', answer: { status: 202, isCut: true } })
      if (outcome.kind === 'answered') expect(Buffer.from(outcome.answer.body).toString()).toBe(body)
    }
  })

  test('R57 an answer that comes before the body was read is an answer', async () => {
    const receiver = await aReceiver({
      onConnection: (socket) =>
        socket.once('data', () => socket.write('HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n')),
    })

    const outcome = await aSender().transport.post(aRequest(uriOf(receiver), 'x'.repeat(1024 * 1024)))

    expect(statusOf(outcome)).toBe(413)
  })
})

describe('sockets are bounded', () => {
  test('one origin gets at most its share, and the rest take turns', async () => {
    const receiver = await aReceiver({})
    const sender = aSender()
    const outcomes = Array.from({ length: linesPerOrigin + 8 }, () => sender.post(uriOf(receiver)))
    await receiver.heard(linesPerOrigin)

    expect(receiver.connections()).toBe(linesPerOrigin)
    for (const socket of receiver.sockets) {
      socket.write(fine)
      socket.on('data', () => socket.write(fine))
    }

    expect((await Promise.all(outcomes)).map(statusOf)).toEqual(outcomes.map(() => 200))
    expect(receiver.connections()).toBe(linesPerOrigin)
  })

  test('R44 many receivers share few sockets: the longest idle makes room', async () => {
    const receivers = await Promise.all(
      Array.from({ length: 60 }, () => aReceiver({ onRequest: (socket) => socket.write(fine) })),
    )
    const sender = aSender({ sockets: 10 })
    const statuses = receivers.flatMap((receiver) => [sender.post(uriOf(receiver)), sender.post(uriOf(receiver))])

    expect((await Promise.all(statuses)).map(statusOf)).toEqual(statuses.map(() => 200))
    expect(openTo(receivers)).toBeLessThanOrEqual(10)
  })

  test('when all sockets are busy, a request waits for one as long as its deadline lasts', async () => {
    const silent = await aReceiver({})
    const healthy = await aReceiver({ onRequest: (socket) => socket.write(fine) })
    const sender = aSender({ sockets: 1 })
    const first = sender.post(uriOf(silent))
    await silent.heard(1)

    const unlucky = sender.post(uriOf(healthy))
    sender.clock.pass(seconds(10))
    const lucky = sender.post(uriOf(healthy))
    sender.clock.pass(seconds(5))

    expect(await first).toMatchObject({ kind: 'timed-out', phase: 'answering' })
    expect(await unlucky).toMatchObject({ kind: 'timed-out', phase: 'connecting' })
    expect(statusOf(await lucky)).toBe(200)
  })

  test.each([
    ['another receiver', [1, 2], { toOther: 1, toBusy: 0 }],
    ['the same receiver', [2, 1], { toOther: 0, toBusy: 1 }],
  ])('whoever has waited longest gets the next socket: a request to %s', async (_whose, [other, same], expected) => {
    const receivers = { busy: await aReceiver({}), other: await aReceiver({}) }
    const sender = aSender({ sockets: linesPerOrigin })
    for (let number = 0; number < linesPerOrigin; number++) void sender.post(uriOf(receivers.busy))
    await receivers.busy.heard(linesPerOrigin)
    for (const turn of [1, 2]) {
      sender.clock.pass(1)
      if (turn === other) void sender.post(uriOf(receivers.other))
      if (turn === same) void sender.post(uriOf(receivers.busy))
    }

    for (const socket of [...receivers.busy.sockets].slice(0, 1)) socket.write(fine)
    await Promise.race([receivers.other.heard(1), receivers.busy.heard(linesPerOrigin + 1)])

    expect(receivers.other.requests).toHaveLength(expected.toOther)
    expect(receivers.busy.requests).toHaveLength(linesPerOrigin + expected.toBusy)
  })

  test('the budget is half of the files a process may open, and has a bound of its own', () => {
    expect(socketBudget(1_024)).toBe(512)
    expect(socketBudget(1_048_576)).toBe(socketsAtMost)
    expect(socketBudget(1)).toBe(1)
    expect(socketBudget()).toBeGreaterThan(0)
  })
})

describe('when the process stops', () => {
  test('everything in flight ends as reset, and every socket is closed', async () => {
    const silent = await aReceiver({})
    const healthy = await aReceiver({ onRequest: (socket) => socket.write(fine) })
    const sender = aSender()
    await sender.post(uriOf(healthy))
    const outcome = sender.post(uriOf(silent))
    await silent.heard(1)

    await sender.transport.close()

    expect(await outcome).toMatchObject({ kind: 'reset', phase: 'answering' })
    expect(await sender.post(uriOf(healthy))).toMatchObject({ kind: 'reset' })
    while (openTo([silent, healthy]) > 0) await new Promise((resolve) => setImmediate(resolve))
  })
})

test('a connection that is being made when the process stops is given up', async () => {
  const made = counter()
  const socket = new Socket()
  const sender = aSender({ open: () => (made.add(), socket) })
  const outcome = sender.post('http://127.0.0.1:8080/')
  await made.reached(1)

  await sender.transport.close()

  expect(await outcome).toMatchObject({ kind: 'reset', phase: 'connecting' })
  expect(socket.destroyed).toBe(true)
})

function openTo(receivers: readonly Receiver[]): number {
  return receivers.reduce((sum, { sockets }) => sum + sockets.size, 0)
}
