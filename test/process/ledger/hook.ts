/** A receiver of the ledger's: it checks each request as a customer's would, and misbehaves when it is told to. */
import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import type { Ledger } from './ledger.ts'

/** How a receiver treats the first request for an event; a repeated one is always accepted. */
export type Manners = {
  /** Of so many requests, one is answered with 500. Zero: none. */
  fails: number
  /** Of so many requests, one gets no answer before `heal`. Zero: none. */
  hangs: number
  /** Milliseconds before each answer. */
  wait: number
}

export const healthy: Manners = { fails: 0, hangs: 0, wait: 0 }

type Secrets = { secret: string; standardSecret: string }

/** One webhook's receiver on loopback. */
export class Hook {
  readonly #server = createServer((request, response) => this.#take(request, response))
  readonly #failed = new Set<string>()
  readonly #hanging = new Set<() => void>()
  #manners: Manners
  #count = 0
  #ledger: Ledger | null = null
  #secrets: Secrets | null = null
  /** How many requests it got. */
  heard = 0
  /** The webhook's id once it is registered. */
  webhook = ''
  uri = ''

  constructor(manners: Manners) {
    this.#manners = manners
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.uri = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`
  }

  /** How many requests wait for an answer that does not come, and were not given up. */
  get silent(): number {
    return this.#hanging.size
  }

  /** Resolves with the next request. */
  async nextRequest(): Promise<void> {
    await once(this.#server, 'request')
  }

  /** From now on it knows who it is and writes down what it sees. */
  register(webhook: string, secrets: Secrets, ledger: Ledger): void {
    this.webhook = webhook
    this.#secrets = secrets
    this.#ledger = ledger
  }

  /** From now on it accepts everything, and what hangs is answered. */
  heal(): void {
    this.#manners = healthy
    for (const answer of this.#hanging) answer()
    this.#hanging.clear()
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    // A killed server breaks off in the middle of its requests.
    request.on('error', () => {})
    request.on('end', () => this.#hear(request, Buffer.concat(chunks), response))
  }

  #hear({ headers }: IncomingMessage, body: Buffer, response: ServerResponse): void {
    const messageId = String(headers['webhook-id'])
    const eventId = messageId.split('~')[0] ?? ''
    this.heard += 1
    const isSigned = this.#verifies(headers, body)
    this.#ledger?.see({ webhook: this.webhook, eventId, messageId, body, isSigned })

    const accept = () => {
      response.once('finish', () => this.#ledger?.accept(this.webhook, eventId))
      response.writeHead(200).end()
    }
    const { fails, hangs, wait } = this.#manners
    this.#count += 1
    const isSpared = this.#failed.has(eventId)
    if (!isSpared && isTurn(this.#count, fails)) {
      this.#failed.add(eventId)
      response.writeHead(500).end()
    } else if (!isSpared && isTurn(this.#count, hangs)) {
      this.#failed.add(eventId)
      this.#hanging.add(accept)
      response.once('close', () => this.#hanging.delete(accept))
    } else if (wait > 0) setTimeout(accept, wait)
    else accept()
  }

  #verifies(headers: IncomingMessage['headers'], body: Buffer): boolean {
    if (this.#secrets === null) return false
    const { secret, standardSecret } = this.#secrets
    const patreon = createHmac('md5', secret).update(body).digest('hex')
    if (headers['x-patreon-signature'] !== patreon) return false
    try {
      new StandardWebhook(standardSecret).verify(body, headers as Record<string, string>)
      return true
    } catch {
      // The library says by throwing that a signature is wrong.
      return false
    }
  }
}

const isTurn = (count: number, every: number): boolean => every > 0 && count % every === 0
