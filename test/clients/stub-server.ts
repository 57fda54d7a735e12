import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the stub answers to one case: a canned answer, or a way of answering badly. */
export type CannedAnswer = {
  status?: number
  body?: string
  base64?: string
  json?: unknown
  paddedTo?: number
  redirect?: boolean
  stalls?: 'before-answer' | 'in-body' | 'dripping-headers' | 'dripping-body' | 'past-the-limit'
  cut?: boolean
  refused?: boolean
}

/** A request as the stub saw it, without the number of the case before its path. */
export type SeenRequest = {
  method: string
  path: string
  authorization: string | undefined
  accept: string | undefined
}

/** A server on a free port of the loopback; `/<n>/…` gets the nth canned answer. */
export type Stub = {
  url: string
  requests: Map<number, SeenRequest[]>
  /** How many requests came to the host that redirects point to. */
  strayRequests: () => number
  /** An address where nobody listens. */
  refusedUrl: string
  close: () => Promise<void>
}

/** Starts a stub with one canned answer per case. */
export async function startStub(answers: readonly (CannedAnswer | null)[]): Promise<Stub> {
  let strays = 0
  const elsewhere = await listening((_, response) => {
    strays += 1
    response.end('{}')
  })
  const requests = new Map<number, SeenRequest[]>()
  const stub = await listening((request, response) => {
    const [, index, path] = /^\/(\d+)(\/.*)$/.exec(request.url ?? '') ?? []
    const seen = requests.get(Number(index)) ?? []
    requests.set(Number(index), [...seen, seenRequest(request, path ?? '')])
    answer(
      answers[Number(index)] ?? { status: 500, body: 'no answer was asked for' },
      response,
      `${elsewhere.url}/api/kittens/2`,
    )
  })
  const nobody = await listening(() => {})
  await nobody.close()

  return {
    url: stub.url,
    requests,
    strayRequests: () => strays,
    refusedUrl: nobody.url,
    close: async () => {
      await stub.close()
      await elsewhere.close()
    },
  }
}

async function listening(answerTo: (request: IncomingMessage, response: ServerResponse) => void) {
  const server: Server = createServer(answerTo).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { url: `http://127.0.0.1:${port}`, close }
}

function seenRequest({ method = '', headers }: IncomingMessage, path: string): SeenRequest {
  return { method, path, authorization: headers.authorization, accept: headers.accept }
}

function answer(canned: CannedAnswer, response: ServerResponse, elsewhere: string): void {
  if (canned.stalls !== undefined) {
    stall(canned.stalls, response)
    return
  }
  if (canned.cut === true) {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
    response.write('{"id":2}', () => response.destroy())
    return
  }
  const headers = { 'content-type': 'application/json', ...(canned.redirect === true ? { location: elsewhere } : {}) }
  response.writeHead(canned.status ?? 200, headers)
  const body = bodyOf(canned)
  const padding = Buffer.alloc(Math.max(0, (canned.paddedTo ?? 0) - body.length), ' ')
  response.end(Buffer.concat([body, padding]))
}

function bodyOf({ body, base64, json }: CannedAnswer): Buffer {
  if (base64 !== undefined) return Buffer.from(base64, 'base64')
  return Buffer.from(body ?? JSON.stringify(json))
}

function stall(manner: NonNullable<CannedAnswer['stalls']>, response: ServerResponse): void {
  const { socket } = response
  if (socket === null || manner === 'before-answer') return

  socket.write('HTTP/1.1 200 OK\r\n')
  if (manner !== 'dripping-headers')
    socket.write('Content-Type: application/json\r\nContent-Length: 100000000\r\n\r\n{')
  if (manner === 'past-the-limit') socket.write(Buffer.alloc(4 * 1024 * 1024, ' '))
  if (manner === 'in-body' || manner === 'past-the-limit') return

  const dripping = setInterval(() => socket.write(manner === 'dripping-headers' ? `X-Drip: 1\r\n` : ' '), 20)
  socket.on('error', () => {
    // The client hung up, which is what the case waits for.
  })
  socket.on('close', () => clearInterval(dripping))
}
