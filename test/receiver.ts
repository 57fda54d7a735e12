import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Clock } from '#src/clock.ts'
import type { Instant } from '#src/domain/time.ts'

/** One request as a receiver saw it. */
export type Received = {
  at: Instant
  /** In the case they came in. */
  headers: Record<string, string>
  body: Buffer
}

/** How a receiver answers: a status, a status with headers, or not at all. */
export type Answering = number | { status: number; headers?: Record<string, string>; body?: string } | 'hang' | 'drop'

/** A receiver on loopback that answers as it is told; the last answer is for good. */
export type Receiver = {
  uri: string
  received: Received[]
  /** From now on it answers so. */
  answers(...answering: Answering[]): void
  /** How many requests it keeps without an answer. */
  hanging(): number
  /** Resolves when so many requests have come. */
  hears(count: number): Promise<void>
  close(): Promise<void>
}

/** Starts a receiver on a free port. */
export async function aReceiver(clock: Clock, ...answering: Answering[]): Promise<Receiver> {
  let script = answering.length === 0 ? [200] : answering
  const received: Received[] = []
  const held = new Set<ServerResponse>()
  let heard: (() => void)[] = []

  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      received.push({ at: clock.now(), headers: rawHeaders(request), body: Buffer.concat(chunks) })
      const next = script.length > 1 ? script.shift() : script[0]
      answer(next ?? 200, { request, response, held })
      for (const wake of heard.splice(0)) wake()
    })
    request.on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))

  return {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answers(...next) {
      script = next
    },
    hanging: () => held.size,
    async hears(count) {
      while (received.length < count) await new Promise<void>((resolve) => (heard = [...heard, resolve]))
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function answer(
  answering: Answering,
  { request, response, held }: { request: IncomingMessage; response: ServerResponse; held: Set<ServerResponse> },
): void {
  if (answering === 'drop') {
    request.socket.destroy()
    return
  }
  if (answering === 'hang') {
    held.add(response)
    response.on('close', () => held.delete(response))
    return
  }
  const { status, headers = {}, body = 'thanks' } = typeof answering === 'number' ? { status: answering } : answering
  response.writeHead(status, headers).end(body)
}

function rawHeaders({ rawHeaders: raw }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : [])))
}
