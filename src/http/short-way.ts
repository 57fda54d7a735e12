/**
 * The short way of an event: past the web framework.
 *
 * Nearly all requests are one event in one piece, with a key and a length. For these the framework's own work costs
 * more than the event's. Whatever looks any different (another path or type, no key, chunks, an `Accept`, an `Expect`)
 * goes the long way, to `api/events.ts` by way of `routes.ts`, and is answered alike.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { bodyLimitBytes } from '../domain/event.ts'
import type { Log } from '../log.ts'
import { type Publication, publishOne } from './api/events.ts'
import type { ApiTools } from './api/tools.ts'
import { told } from './problem.ts'

/** Room for an event's body and what stands around it. */
export const oneEventLimitBytes = bodyLimitBytes + 16 * 1024

type Tools = ApiTools & { log: Log }

/** Answers what can go the short way, and hands everything else on. */
export function shortWay(tools: Tools, theLongWay: RequestListener): RequestListener {
  return (request, response) => {
    const lengthBytes = shortLengthOf(request)
    if (lengthBytes === null) return theLongWay(request, response)
    readBody(request, lengthBytes, (body) => void answer({ request, response, body }, tools))
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
function readBody(request: IncomingMessage, lengthBytes: number, done: (body: Buffer) => void): void {
  let chunks: Buffer[] = []
  let missingBytes = lengthBytes
  request.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    missingBytes -= chunk.length
    if (missingBytes > 0) return
    const [only] = chunks
    done(chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks))
    chunks = []
  })
}

type Asked = { request: IncomingMessage; response: ServerResponse; body: Buffer }

async function answer({ request, response, body }: Asked, tools: Tools): Promise<void> {
  try {
    const { status, receipt } = await publishOne(publicationIn(request, body), tools)
    send(response, { status, headers: {}, body: JSON.stringify(receipt) })
  } catch (error) {
    send(response, told(error, request, tools.log))
  }
}

function publicationIn({ headers }: IncomingMessage, body: Buffer): Publication {
  const key = headers['idempotency-key']
  return { authorization: headers.authorization ?? '', idempotencyKey: typeof key === 'string' ? key : null, body }
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
