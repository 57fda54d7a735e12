// A kept connection to a door, with one request under way at a time.
import { once } from 'node:events'
import { connect } from 'node:net'
import { postedEvent, renumber } from './events.mjs'
import { messages } from './framing.mjs'

/**
 * Opens one. `write(first)` posts events numbered from there; `answered(line, fault)` hears of each answer, with what was
 * said where it was no success.
 */
export async function openLine({ url, path, authorization }, { scene, eventsPerRequest, answered }) {
  const { hostname, port, host } = new URL(url)
  const socket = connect({ host: hostname, port: Number(port), noDelay: true })
  await once(socket, 'connect')
  const { request, places } = requestOf({ host, path, authorization }, eventsPerRequest)
  let isUnderWay = false

  const line = {
    write(first) {
      for (const [index, place] of places.entries()) {
        renumber(request, place, { number: first + index, tenant: scene.tenantOf(first + index) })
      }
      isUnderWay = true
      socket.write(request)
    },
    end: () => socket.destroy(),
  }
  const over = (fault) => {
    if (!isUnderWay) return
    isUnderWay = false
    answered(line, fault)
  }
  // `HTTP/1.1 2`: any kind of success.
  const take = messages((bytes, start, _bodyStart, end) =>
    over(bytes[start + 9] === 0x32 ? null : bytes.toString('latin1', start, end)),
  )
  socket.on('data', take)
  socket.on('error', (error) => over(error.message))
  socket.on('close', () => over('the connection was closed'))
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
