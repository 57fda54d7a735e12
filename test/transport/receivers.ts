import { type AddressInfo, createServer, type Server, Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { onTestFinished } from 'vitest'

/** A receiver on this machine that does to each request whatever a test wants. */
export type Receiver = {
  port: number
  /** Connections that were made to it so far. */
  connections: () => number
  /** Every whole request, as it came over the wire. */
  requests: string[]
  /** Resolves when so many whole requests have come. */
  heard: (count: number) => Promise<void>
  /** Resolves when so many connections were made. */
  met: (count: number) => Promise<void>
  /** The sockets that are open now. */
  sockets: Set<Socket>
}

/** What a receiver does with a request, or with a connection before any request. */
export type Behaviour = {
  onRequest?: (socket: Socket, number: number) => void
  onConnection?: (socket: Socket, number: number) => void
  tls?: TlsOptions
  host?: string
}

/** Opens a receiver, and closes it when the test is over. */
export async function aReceiver({ onRequest, onConnection, tls, host = '127.0.0.1' }: Behaviour): Promise<Receiver> {
  const sockets = new Set<Socket>()
  const requests: string[] = []
  const requested = counter()
  const met = counter()

  const accept = (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    met.add()
    onConnection?.(socket, met.count())
    forEachRequest(socket, (request) => {
      requests.push(request)
      requested.add()
      onRequest?.(socket, requests.length)
    })
  }
  const server = tls === undefined ? createServer(accept) : createTlsServer(tls, accept)
  server.on('tlsClientError', () => {})
  const port = await listening(server, host)
  onTestFinished(() => closed(server, sockets))
  return { port, connections: met.count, requests, heard: requested.reached, met: met.reached, sockets }
}

/** An ordinary answer. */
export const fine = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** A port at which nobody listens. */
export async function aClosedPort(): Promise<number> {
  const server = createServer()
  const port = await listening(server, '127.0.0.1')
  await new Promise((done) => server.close(done))
  return port
}

/** A way out that leads nowhere: it writes down where to, and every connection is refused. */
export function recordingOpen(): { opened: string[]; open: (address: string) => Socket } {
  const opened: string[] = []
  const open = (address: string) => {
    opened.push(address)
    return aSocketThatFails('ECONNREFUSED')
  }
  return { opened, open }
}

/** A socket that never was connected and says so. */
export function aSocketThatFails(code: string): Socket {
  const socket = new Socket()
  queueMicrotask(() => socket.destroy(Object.assign(new Error(code), { code })))
  return socket
}

async function listening(server: Server, host: string): Promise<number> {
  await new Promise<void>((done) => server.listen(0, host, done))
  const address = server.address() as AddressInfo
  return address.port
}

async function closed(server: Server, sockets: Set<Socket>): Promise<void> {
  for (const socket of sockets) socket.destroy()
  await new Promise((done) => server.close(done))
}

function forEachRequest(socket: Socket, hear: (request: string) => void): void {
  let pending = ''
  socket.on('data', (chunk) => {
    pending += chunk.toString('latin1')
    for (let end = endOfRequest(pending); end !== null; end = endOfRequest(pending)) {
      hear(pending.slice(0, end))
      pending = pending.slice(end)
    }
  })
}

function endOfRequest(text: string): number | null {
  const head = text.indexOf('\r\n\r\n')
  if (head === -1) return null
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(text.slice(0, head))?.[1] ?? 0)
  const end = head + 4 + length
  return text.length >= end ? end : null
}

/** Counts, and lets others wait for a number. */
export function counter() {
  let count = 0
  const waiting: { until: number; wake: () => void }[] = []
  return {
    count: () => count,
    add() {
      count += 1
      for (const { until, wake } of waiting) if (count >= until) wake()
    },
    reached: (until: number) =>
      new Promise<void>((wake) => {
        if (count >= until) wake()
        else waiting.push({ until, wake })
      }),
  }
}
