import { connect, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import { aListener } from '../people.ts'
import { aWorld, type World } from '../world.ts'

describe('an event is accepted however its request comes', () => {
  test('byte by byte', async () => {
    const { world, line, heard } = await anAudience()
    for (const byte of post(world, 1)) await line.write(Buffer.from([byte]))

    expect(await line.answers(1)).toEqual([202])
    expect(await heard()).toEqual([1])
  })

  test('its body after its head', async () => {
    const { world, line, heard } = await anAudience()
    const [head = '', body = ''] = post(world, 1).toString().split('\r\n\r\n')
    await line.write(`${head}\r\n\r\n`)
    await line.write(body)

    expect(await line.answers(1)).toEqual([202])
    expect(await heard()).toEqual([1])
  })

  test('five hundred of them at once, without waiting for answers', async () => {
    const { world, line, heard } = await anAudience()
    const numbers = Array.from({ length: 500 }, (_, index) => index)
    await line.write(Buffer.concat(numbers.map((number) => post(world, number))))

    expect(await line.answers(500)).toEqual(numbers.map(() => 202))
    expect((await heard()).sort((one, other) => one - other)).toEqual(numbers)
  })

  test('followed by a question over the same connection, and that by another event', async () => {
    const { world, line, heard } = await anAudience()
    const question = `GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${world.key}\r\n\r\n`
    await line.write(Buffer.concat([post(world, 1), Buffer.from(question), post(world, 2)]))

    expect(await line.answers(3)).toEqual([202, 200, 202])
    expect(await heard()).toEqual([1, 2])
  })

  test('of any length', async () => {
    const { world, line, heard } = await anAudience()
    const long = 'x'.repeat(100_000)
    await line.write(Buffer.concat([post(world, 1), post(world, long), post(world, 2)]))

    expect(await line.answers(3)).toEqual([202, 202, 202])
    expect(await heard()).toEqual([1, long, 2])
  })

  test('by somebody who says that nothing more will come', async () => {
    const { world, line, heard } = await anAudience()
    line.end(post(world, 1))

    expect(await line.answers(1)).toEqual([202])
    expect(await line.closed()).toBe(true)
    expect(await heard()).toEqual([1])
  })
})

test('whoever asks and asks and reads no answer is not read for ever', async () => {
  const { world, line } = await anAudience()
  const many = 60_000
  line.pause()
  line.end(Buffer.concat(Array.from({ length: many }, () => post(world, 1, { key: 'wrong' }))))
  for (let others = 0; others < 300; others += 1) await world.call('GET', '/api/kittens')

  expect(line.unsent()).toBeGreaterThan(0)
  line.resume()
  await line.closed()
  expect(line.texts().filter((answer) => answer.startsWith('HTTP/1.1 401 '))).toHaveLength(many)
}, 60_000)

test('whoever leaves in the middle of a request is told so, and nothing of it is kept', async () => {
  const { world, line, heard } = await anAudience()
  line.end(post(world, 1).subarray(0, -1))

  expect(await line.answers(1)).toEqual([400])
  expect(await heard()).toEqual([])
})

test('a refusal keeps the connection, and is the same on both ways', async () => {
  const { world, line } = await anAudience()
  await line.write(Buffer.concat([post(world, 1, { key: 'wrong' }), post(world, 2)]))
  await line.write(post(world, 3, { key: 'wrong', more: 'Accept: application/json\r\n' }))

  expect(await line.answers(3)).toEqual([401, 202, 401])
  const [short, , long] = line.texts()
  expect(headersOf(short)).toEqual(headersOf(long))
  expect(short?.split('\r\n\r\n')[1]).toBe(long?.split('\r\n\r\n')[1])
})

test('an answer is the same on both ways', async () => {
  const { world, line } = await anAudience()
  await line.write(post(world, 1))
  await line.write(post(world, 2, { more: 'Accept: application/json\r\n' }))

  expect(await line.answers(2)).toEqual([202, 202])
  const [short, long] = line.texts()
  expect(headersOf(short)).toEqual(headersOf(long))
})

/** A world with a receiver that hears what is posted, and a connection to its door. */
async function anAudience() {
  const world = await aWorld()
  const receiver = await world.aReceiver()
  await aListener(world, receiver)
  const heard = async () => {
    await world.quiet()
    return receiver.received.map(({ body }) => JSON.parse(body.toString('utf8')))
  }
  return { world, line: await aLine(world), heard }
}

function post(world: World, body: unknown, { key = world.key, more = '' } = {}): Buffer {
  const json = JSON.stringify({ tenant: 'acme', trigger: 'invoice:paid', body })
  const fields = `Host: localhost\r\nAuthorization: ${key}\r\nContent-Type: application/json\r\n${more}`
  return Buffer.from(`POST /api/v1/events HTTP/1.1\r\n${fields}Content-Length: ${json.length}\r\n\r\n${json}`)
}

async function aLine({ server }: World) {
  const { hostname, port } = new URL(server.url)
  const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true })
  let text = ''
  let look = () => {}
  let isClosed = false
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    text += chunk
    look()
  })
  socket.on('end', () => {
    isClosed = true
    look()
  })
  const texts = () => text.split(/(?=HTTP\/1\.1 \d{3})/)
  const until = (isSo: () => boolean) =>
    new Promise<void>((resolve) => {
      look = () => isSo() && resolve()
      look()
    })
  return {
    texts,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    /** Bytes that the other side has not taken. */
    unsent: () => socket.writableLength,
    write: (bytes: Buffer | string) => new Promise((resolve) => socket.write(bytes, resolve)),
    end: (bytes: Buffer) => socket.end(bytes),
    /** Resolves once so many answers have come, with their statuses. */
    async answers(count: number) {
      await until(
        () => isClosed || [...text.matchAll(/HTTP\/1\.1 \d{3}[^]*?\r\n\r\n\{[^]*?\}(?=HTTP|$)/g)].length >= count,
      )
      return texts().map((answer) => Number(answer.slice(9, 12)))
    },
    async closed() {
      await until(() => isClosed)
      return isClosed
    },
  }
}

/** In no order and without what differs between two answers of the same kind. */
const headersOf = (answer = '') =>
  (answer.split('\r\n\r\n')[0] ?? '')
    .split('\r\n')
    .map((line) => line.replace(/^(Date|Content-Length): .*/i, '$1').toLowerCase())
    .sort()
