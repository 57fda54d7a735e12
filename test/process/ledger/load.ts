/** Clients that publish as fast as they are answered, and write down what they were told. */
import { randomBytes } from 'node:crypto'
import type { Attempted, Ledger } from './ledger.ts'

export const trigger = 'ledger:tick'

/** So many events go into one batch. */
const batchSize = 20

type Door = { url: string; key: string }

/** Several connections, each posting single events and batches in turn. */
export class Load {
  readonly #ledger: Ledger
  readonly #tenants: readonly string[]
  /** Nobody was told what became of these: they are posted again, under the same ids. */
  #unsure: Attempted[][] = []
  #count = 0
  /** Answers that no client should ever get. */
  readonly surprises: string[] = []

  constructor(ledger: Ledger, tenants: readonly string[]) {
    this.#ledger = ledger
    this.#tenants = tenants
  }

  /** Posts over `connections` at a time until `signal` aborts; resolves when the last has its answer or its error. */
  async run(door: Door, connections: number, signal: AbortSignal): Promise<void> {
    const one = async (_: unknown, connection: number) => {
      while (!signal.aborted) await this.#post(door, this.#unsure.shift() ?? this.#next(connection))
    }
    await Promise.all(Array.from({ length: connections }, one))
  }

  /** Posts so many requests, one after another. */
  async publish(door: Door, requests: number): Promise<void> {
    for (let sent = 0; sent < requests; sent += 1) await this.#post(door, this.#unsure.shift() ?? this.#next(0))
  }

  /** Posts what nobody knows of once more, until everybody knows. */
  async settle(door: Door): Promise<void> {
    for (let events = this.#unsure.shift(); events !== undefined; events = this.#unsure.shift()) {
      await this.#post(door, events)
    }
  }

  #next(connection: number): Attempted[] {
    const size = (this.#count + connection) % 3 === 0 ? batchSize : 1
    return Array.from({ length: size }, () => {
      const count = this.#count++
      const tenant = this.#tenants[count % this.#tenants.length] ?? ''
      const id = `e${count}_${randomBytes(6).toString('hex')}`
      // Spellings that would not survive being parsed and printed again.
      const body = Buffer.from(`{"n":${count}.0, "é":"\\u00e9 ${randomBytes(24).toString('base64')}"}`)
      return { id, tenant, body }
    })
  }

  async #post({ url, key }: Door, events: Attempted[]): Promise<void> {
    for (const event of events) this.#ledger.attempt(event)
    const [path, type] = events.length === 1 ? ['', 'json'] : ['/batch', 'x-ndjson']
    const headers = { authorization: key, 'content-type': `application/${type}` }
    const body = Buffer.concat(events.map(line))
    try {
      const answer = await fetch(`${url}/api/v1/events${path}`, { method: 'POST', headers, body })
      const text = await answer.text()
      if (answer.status >= 300 || text.includes('"taken"'))
        this.surprises.push(`${answer.status} ${text.slice(0, 300)}`)
      else for (const { id } of events) this.#ledger.ack(id)
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      // The connection broke: it may have been accepted or not.
      this.#unsure.push(events)
    }
  }
}

function line({ id, tenant, body }: Attempted): Buffer {
  return Buffer.concat([Buffer.from(`{"tenant":"${tenant}","trigger":"${trigger}","id":"${id}","body":`), body, brace])
}

const brace = Buffer.from('}\n')
