// Posts events over connections that are kept, each with one request under way, as fast as they are accepted; and
// never runs further ahead of the receivers than a window, so that the rate is one that lasts.
import { once } from 'node:events'
import { connect } from 'node:net'
import { answer } from './answering.mjs'
import { postedEvent, renumber } from './events.mjs'
import { messages } from './framing.mjs'

let next = 0

answer({
  /** Posts for so many seconds; says how many events were accepted, once every answer has come. */
  async post({ door, seconds, connections, eventsPerRequest, window, progressPort }) {
    const run = { accepted: 0, under: 0, requests: 0, refused: null, received: 0, isOver: false, waits: [], parked: [] }
    const progress = progressPort === undefined ? null : await follow(progressPort, run, window)
    const lines = await Promise.all(
      Array.from({ length: connections }, () => open(door, eventsPerRequest, run, window)),
    )

    for (const line of lines) line.post()
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    run.isOver = true
    while (run.under > 0) await new Promise((resolve) => setTimeout(resolve, 1))

    for (const line of lines) line.end()
    progress?.destroy()
    const { accepted, requests, refused } = run
    return { accepted, requests, refused, acceptMs: spread(run.waits) }
  },
  /** Numbers begin anew. */
  restart() {
    next = 0
  },
})

async function open({ url, path, authorization }, eventsPerRequest, run, window) {
  const { hostname, port, host } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await once(socket, 'connect')
  const { request, places } = requestOf({ host, path, authorization }, eventsPerRequest)
  let postedAt = 0

  const line = {
    post() {
      if (run.isOver) return
      if (window !== undefined && next - run.received > window) return run.parked.push(line)
      for (const place of places) renumber(request, place, next++)
      run.under += 1
      postedAt = performance.now()
      socket.write(request)
    },
    end: () => socket.destroy(),
  }
  const take = messages((bytes, start, bodyStart, end) => {
    run.under -= 1
    run.requests += 1
    if (run.requests % 16 === 0) run.waits.push(performance.now() - postedAt)
    // `HTTP/1.1 2`: any kind of success.
    if (bytes[start + 9] === 0x32) run.accepted += places.length
    else run.refused ??= bytes.toString('latin1', start, end)
    line.post()
  })
  socket.on('data', take)
  socket.on('error', (error) => (run.refused ??= error.message))
  socket.on('close', () => (run.under = Math.max(0, run.under - 1)))
  return line
}

/** One request's bytes, used again and again: it is written before it is changed, as its answer comes later. */
function requestOf({ host, path, authorization }, eventsPerRequest) {
  const isBatch = eventsPerRequest > 1
  const body = isBatch
    ? Buffer.concat(Array.from({ length: eventsPerRequest }, () => Buffer.concat([postedEvent, Buffer.from('\n')])))
    : postedEvent
  const head = [
    `POST ${path} HTTP/1.1`,
    `Host: ${host}`,
    `Authorization: ${authorization}`,
    `Content-Type: ${isBatch ? 'application/x-ndjson' : 'application/json'}`,
    `Content-Length: ${body.length}`,
  ].join('\r\n')
  const start = head.length + 4
  const request = Buffer.concat([Buffer.from(`${head}\r\n\r\n`), body])
  return { request, places: Array.from({ length: eventsPerRequest }, (_, at) => start + at * (postedEvent.length + 1)) }
}

// Lines that ran too far ahead go on when enough has come.
async function follow(port, run, window) {
  const socket = connect({ host: '127.0.0.1', port })
  await once(socket, 'connect')
  socket.on('error', () => socket.destroy())
  socket.on('data', (chunk) => {
    run.received = Number(chunk.toString('latin1').trimEnd().split('\n').at(-1))
    while (run.parked.length > 0 && next - run.received <= window) run.parked.pop().post()
  })
  return socket
}

function spread(waits) {
  const sorted = waits.toSorted((one, other) => one - other)
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { p50: at(0.5), p99: at(0.99) }
}
