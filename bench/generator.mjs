// Posts events: as fast as they are accepted and received, or at a rate of its own whatever becomes of them.
import { once } from 'node:events'
import { connect } from 'node:net'
import { answer, pause } from './answering.mjs'
import { monotonicNow } from './monotonic.mjs'
import { openLine } from './posting.mjs'
import { sceneOf } from './scenes.mjs'
import { percentiles } from './spread.mjs'

/** Which of the answers' times are kept, when it posts as fast as it can. */
const timedOneIn = 16

let next = 0

answer({
  post,
  pace,
  /** Numbers begin anew. */
  restart({ from = 0 } = {}) {
    next = from
  },
})

/**
 * Posts for so many seconds over connections with one request under way each; says how many events were accepted, once
 * every answer has come. It never runs further ahead of the receivers than a window, so that the rate is one that lasts.
 */
async function post({ door, scene, seconds, connections, eventsPerRequest, window = Infinity, progressPort }) {
  const first = next
  const run = { accepted: 0, under: 0, answers: 0, refused: null, received: 0, isOver: false, waits: [], parked: [] }
  const postedAt = new Map()
  const go = (line) => {
    if (run.isOver) return
    if (next - run.received > window) return run.parked.push(line)
    run.under += 1
    postedAt.set(line, performance.now())
    line.write(next)
    next += eventsPerRequest
  }
  const answered = (line, fault) => {
    run.under -= 1
    run.answers += 1
    if (run.answers % timedOneIn === 0) run.waits.push(performance.now() - postedAt.get(line))
    if (fault === null) run.accepted += eventsPerRequest
    else run.refused ??= fault
    go(line)
  }
  const resume = () => {
    while (run.parked.length > 0 && next - run.received <= window) go(run.parked.pop())
  }
  const lines = await openLines(connections, door, { scene: sceneOf(scene), eventsPerRequest, answered })
  const { copies } = sceneOf(scene)
  const come = (deliveries) => {
    run.received = deliveries / copies
    resume()
  }
  const progress = progressPort === undefined ? null : await follow(progressPort, come)

  for (const line of lines) go(line)
  await pause(seconds * 1000)
  run.isOver = true
  while (run.under > 0) await pause(1)

  for (const line of lines) line.end()
  progress?.destroy()
  const { accepted, refused, waits } = run
  return { first, accepted, refused, acceptMs: percentiles(waits) }
}

/**
 * Posts so many events a second for so many seconds, each when it is due: whatever becomes of those before it. Says when
 * each was due, on the clock of all processes, once every answer has come.
 */
async function pace({ door, scene, rate, seconds, connections }) {
  const first = next
  const count = Math.round(rate * seconds)
  const run = { accepted: 0, due: 0, written: 0, refused: null }
  const answered = (line, fault) => {
    if (fault === null) run.accepted += 1
    else run.refused ??= fault
    free.push(line)
    write()
  }
  const free = await openLines(connections, door, { scene: sceneOf(scene), eventsPerRequest: 1, answered })
  const lines = [...free]
  const write = () => {
    while (run.written < run.due && free.length > 0) free.pop().write(first + run.written++)
  }

  const startsAt = monotonicNow()
  const dueAt = Float64Array.from({ length: count }, (_, index) => startsAt + (index / rate) * 1000)
  while (run.due < count) {
    const now = monotonicNow()
    while (run.due < count && dueAt[run.due] <= now) run.due += 1
    write()
    rest(dueAt[run.due] - monotonicNow())
    await new Promise((resolve) => setImmediate(resolve))
  }
  while (run.accepted < count && run.refused === null) await pause(1)

  for (const line of lines) line.end()
  next += count
  return { first, accepted: run.accepted, refused: run.refused, dueAt }
}

const stillness = new Int32Array(new SharedArrayBuffer(4))

/** Blocks for so many milliseconds: timers are a millisecond coarse, and turning until it is time would take a core. */
const rest = (length) => void (length > 0 && Atomics.wait(stillness, 0, 0, length))

const openLines = (count, door, tools) => Promise.all(Array.from({ length: count }, () => openLine(door, tools)))

// Lines that ran too far ahead go on when enough has come.
async function follow(port, come) {
  const socket = connect({ host: '127.0.0.1', port })
  await once(socket, 'connect')
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => come(Number(chunk.toString('latin1').trimEnd().split('\n').at(-1))))
  return socket
}
