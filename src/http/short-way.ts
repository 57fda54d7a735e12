/**
 * The short way of an event: past the web framework.
 *
 * Nearly all requests are one event in one piece, with a key and a length. For these the framework's own work costs
 * more than the event's. Whatever looks any different (another path or type, no key, chunks, an `Accept`, an `Expect`)
 * goes the long way, to `api/events.ts` by way of `routes.ts`, and is answered alike.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Log } from '../log.ts'
import { admit, oneEventLimitBytes, publishOne } from './api/events.ts'
import type { ApiTools } from './api/tools.ts'
import { told } from './problem.ts'
import { recogniseHeader } from './recognise.ts'

type Tools = ApiTools & { log: Log }

/** Answers what can go the short way, and hands everything else on. */
export function shortWay(tools: Tools, theLongWay: RequestListener): RequestListener {
  return (request, response) => {
    const lengthBytes = shortLengthOf(request)
    if (lengthBytes === null) theLongWay(request, response)
    else void answer({ request, response, lengthBytes }, tools)
  }
}

/** How long the body is that comes; null for what must go the long way. */
function shortLengthOf({ method, url, headers }: IncomingMessage): number | null {
  if (method !== 'POST' || url !== '/api/v1/events' || headers.authorization === undefined) return null
  if (headers['content-type'] !== 'application/json' || headers.expect !== undefined) return null
  if (headers.host === undefined) return null
  if (headers.accept !== undefined && headers.accept !== '*/*') return null
  const lengthBytes = Number(headers['content-length'])
  return lengthBytes > 0 && lengthBytes <= oneEventLimitBytes ? lengthBytes : null
}

/** Node lets no more bytes through than were announced; a caller who leaves before that is answered by nobody. */
function bodyOf(request: IncomingMessage, lengthBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let missingBytes = lengthBytes
  return new Promise((resolve) => {
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      missingBytes -= chunk.length
      if (missingBytes === 0) resolve(chunks.length === 1 ? chunk : Buffer.concat(chunks))
    })
  })
}

type Asked = { request: IncomingMessage; response: ServerResponse; lengthBytes: number }

async function answer({ request, response, lengthBytes }: Asked, tools: Tools): Promise<void> {
  const { authorization = '', 'idempotency-key': key } = request.headers
  try {
    // The body of who is refused here is let go by unread, and the connection stays usable.
    const caller = recogniseHeader(authorization, tools.store.read)
    await admit(caller, { response, bytes: lengthBytes }, tools)
    const body = await bodyOf(request, lengthBytes)
    const { status, receipt } = await publishOne(body, typeof key === 'string' ? key : null, tools)
    send(response, { status, headers: {}, body: JSON.stringify(receipt) })
  } catch (error) {
    send(response, told(error, request, tools.log))
  }
}

/** Whoever has left meanwhile is not there to be told. */
function send(response: ServerResponse, { status, headers, body }: ReturnType<typeof told>): void {
  response.writeHead(status, {
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    ...headers,
  })
  response.end(body)
}
