import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { sqliteJournal } from '#src/journal/sqlite.ts'
import { aListener, make } from '../people.ts'
import { aWorld, type World } from '../world.ts'
import { rawRequest } from './raw-request.ts'

type Receipt = { sequence: number }

const event = '{"tenant":"acme","trigger":"invoice:paid","body":1}'
const largestBatchBytes = 8 * 1024 * 1024
/** So many of the largest batches are all that may be under way. */
const batchesAtOnce = 8

const publish = (world: World, headers = {}) => world.call<Receipt>('POST', '/api/v1/events', { body: event, headers })

const publishBatch = (world: World, lines: string) =>
  world.call<{ data: Receipt[] }>('POST', '/api/v1/events/batch', {
    body: lines,
    headers: { 'content-type': 'application/x-ndjson' },
  })

describe('when more is being published than fits into the budget', () => {
  test('both doors refuse at once, with a time to come back, and keep nothing of it', async () => {
    const { world } = await aFullWorld()

    const refused = [await publish(world), await publishBatch(world, event)]
    // Whoever says what they accept goes the long way.
    refused.push(await publish(world, { accept: 'application/json' }))

    for (const { status, headers, body } of refused) {
      expect({ status, body }).toMatchObject({ status: 503, body: { error: { code: 'overloaded' } } })
      expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect(world.server.load().lastSequence).toBe(0)
  })

  test('everything else is answered as always', async () => {
    const { world } = await aFullWorld()

    const kitten = await world.call('POST', '/api/kittens', { body: { name: 'Pip', fluffiness: 6, cuteness: 9 } })

    expect(kitten.status).toBeLessThan(300)
    expect((await world.call('GET', '/api/v1/events')).status).toBe(200)
    expect((await world.call('GET', '/health/live', { as: null })).status).toBe(200)
  })

  test('the doors open again as soon as there is room, and what was accepted arrives', async () => {
    const { world, receiver, leave } = await aFullWorld()

    const before = await publish(world)
    leave()
    let after = await publish(world)
    while (after.status === 503) after = await publish(world)
    await world.quiet()

    expect([before.status, after.status]).toEqual([503, 202])
    expect(receiver.received).toHaveLength(1)
  })

  test('who is refused goes on with the same connection, though nobody read their body', async () => {
    const { world } = await aFullWorld()
    const body = `{"tenant":"acme","trigger":"invoice:paid","body":"${'x'.repeat(200_000)}"}`

    const answers = await rawRequest(
      world.server.url,
      `${postHead(world, '', body.length)}\r\n\r\n${body}GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    )

    expect(answers.status).toBe(503)
    expect(answers.headers).not.toMatch(/connection: close/i)
    expect(answers.body).toMatch(/HTTP\/1\.1 200 OK[^]*\{"status":"live"\}$/)
  })

  test('who asks before sending a body is refused without being asked for it', async () => {
    const { world } = await aFullWorld()

    const refused = await rawRequest(world.server.url, `${postHead(world, '', 1000)}\r\nExpect: 100-continue\r\n\r\n`)

    expect(refused.status).toBe(503)
    expect(refused.headers).toMatch(/connection: close/i)
  })
})

test('who asks before sending a body is asked for it where there is room', async () => {
  const world = await aWorld()
  await make(world, '/api/v1/triggers', { name: 'invoice:paid' })
  const socket = open(world)
  const said = reading(socket)

  socket.write(`${postHead(world, '', event.length)}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n`)
  await said.has('HTTP/1.1 100 Continue\r\n\r\n')
  socket.write(event)
  await once(socket, 'close')

  expect(said.text()).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 202 /)
})

test('who may not publish is told so before their body is read, and takes none of the room', async () => {
  const world = await aWorld()
  await make(world, '/api/v1/triggers', { name: 'invoice:paid' })

  for (let count = 0; count <= batchesAtOnce; count += 1) {
    const said = reading(announce(world, 'no-such-key'))
    await said.has('HTTP/1.1 401 ')
  }

  expect((await publish(world)).status).toBe(202)
})

test('the doors refuse while too many events wait for their deliveries to be planned', async () => {
  const gate = aGate()
  const world = await aWorld({
    parts: {
      memory: (opened) => {
        const journal = sqliteJournal(opened)
        return {
          store: opened,
          journal: { ...journal, read: (...asked) => gate.passed.then(() => journal.read(...asked)) },
        }
      },
    },
  })
  const receiver = await world.aReceiver()
  await aListener(world, receiver)
  const unheard = `${event.replace('acme', 'globex')}\n`.repeat(1_000)

  const statuses: number[] = [(await publish(world)).status]
  for (let batch = 0; batch < 10; batch += 1) statuses.push((await publishBatch(world, unheard)).status)
  gate.open()
  await world.quiet()

  expect(statuses).toEqual([...Array.from({ length: 10 }, () => 202), 503])
  expect((await publish(world)).status).toBe(202)
  await world.quiet()
  expect(receiver.received).toHaveLength(2)
  expect(world.server.load().lastSequence).toBe(9_002)
})

/** A world whose budget is used up by those who have announced the largest batches there may be, and don't send them. */
async function aFullWorld() {
  const world = await aWorld()
  const receiver = await world.aReceiver()
  await aListener(world, receiver)
  const sockets = Array.from({ length: batchesAtOnce }, () => announce(world))
  for (const socket of sockets) await reading(socket).has('100 Continue')
  return { world, receiver, leave: () => sockets.forEach((socket) => socket.destroy()) }
}

const postHead = (world: World, path: string, length: number, key = world.key): string =>
  `POST /api/v1/events${path} HTTP/1.1\r\nHost: x\r\nAuthorization: ${key}\r\nContent-Type: application/${path === '' ? 'json' : 'x-ndjson'}\r\nContent-Length: ${length}`

/** Says that a large batch will come, and waits to be asked for it. */
function announce(world: World, key = world.key): Socket {
  const socket = open(world)
  socket.write(`${postHead(world, '/batch', largestBatchBytes, key)}\r\nExpect: 100-continue\r\n\r\n`)
  return socket
}

function open(world: World): Socket {
  const { hostname, port } = new URL(world.server.url)
  const socket = connect(Number(port), hostname).on('error', () => {})
  onTestFinished(() => void socket.destroy())
  return socket
}

/** What comes back on a connection. */
function reading(socket: Socket) {
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk)))
  return {
    text: () => text,
    async has(part: string): Promise<void> {
      while (!text.includes(part)) await once(socket, 'data')
    },
  }
}

/** Nobody gets through before it is opened. */
function aGate() {
  let open = () => {}
  const passed = new Promise<void>((resolve) => (open = resolve))
  return { passed, open: () => open() }
}
