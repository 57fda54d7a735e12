/** Publishers who post when it is time to, whether they were answered before or not: so a slow server meets more of them. */
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import type { Attempted, Ledger } from './ledger.ts'
import { trigger } from './load.ts'

type Door = { url: string; key: string }

/** Every third request is a batch, large enough for the server to have more to do than those who post. */
const sizes = [1, 1, 100]
const eventsPerRequest = sizes.reduce((sum, size) => sum + size, 0) / sizes.length

/** Timers are a millisecond coarse; what became due meanwhile is posted at once. */
const tickMs = 2

/** They keep so many connections, more than a server bears requests; what finds none of them free waits, and that counts. */
const connections = 4_096

/** What came of it within so many seconds. `ms`: from when an accepted request was posted, whether a connection was free or not, to its answer. */
export type Answers = {
  seconds: number
  offered: number
  accepted: number
  refused: number
  ms: number[]
  surprises: string[]
}

export class OpenLoop {
  readonly #ledger: Ledger
  readonly #tenants: readonly string[]
  readonly #agent = new Agent({ keepAlive: true, maxSockets: connections })
  readonly #name = randomBytes(6).toString('hex')
  #requests = 0
  #events = 0

  constructor(ledger: Ledger, tenants: readonly string[]) {
    this.#ledger = ledger
    this.#tenants = tenants
  }

  /** Posts `rate` events a second for so many seconds; resolves when the last request has been answered. */
  async pace(door: Door, rate: number, seconds: number): Promise<Answers> {
    const answers = noAnswers()
    const underWay: Promise<void>[] = []
    const since = performance.now()
    const everyMs = (1000 * eventsPerRequest) / rate
    const until = since + seconds * 1000
    for (let dueAt = since; dueAt < until; ) {
      const now = Math.min(performance.now(), until)
      for (; dueAt <= now; dueAt += everyMs) underWay.push(this.#post(door, answers))
      await setTimeout(tickMs)
    }
    await Promise.all(underWay)
    return { ...answers, seconds: (performance.now() - since) / 1000 }
  }

  /** Posts as fast as it is answered, so many at a time. */
  async saturate(door: Door, publishers: number, seconds: number): Promise<Answers> {
    const answers = noAnswers()
    const since = performance.now()
    const one = async () => {
      while (performance.now() < since + seconds * 1000) await this.#post(door, answers)
    }
    await Promise.all(Array.from({ length: publishers }, one))
    return { ...answers, seconds: (performance.now() - since) / 1000 }
  }

  close(): void {
    this.#agent.destroy()
  }

  async #post({ url, key }: Door, answers: Answers): Promise<void> {
    const postedAt = performance.now()
    const events = this.#next()
    for (const event of events) this.#ledger.attempt(event)
    answers.offered += events.length
    const [path, type] = events.length === 1 ? ['', 'json'] : ['/batch', 'x-ndjson']
    const headers = { authorization: key, 'content-type': `application/${type}` }
    const asked = request(`${url}/api/v1/events${path}`, { method: 'POST', headers, agent: this.#agent })
    asked.end(events.map(line).join(''))
    try {
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      answer.resume()
      await once(answer, 'end')
      this.#note(answer, { events, postedAt, answers })
    } catch (error) {
      answers.surprises.push(String(error))
    }
  }

  #note(
    { statusCode, headers }: IncomingMessage,
    posted: { events: Attempted[]; postedAt: number; answers: Answers },
  ): void {
    const { events, postedAt, answers } = posted
    if (statusCode === 202) {
      for (const { id } of events) this.#ledger.ack(id)
      answers.accepted += events.length
      answers.ms.push(performance.now() - postedAt)
    } else if (statusCode === 503 && Number(headers['retry-after']) > 0) {
      answers.refused += events.length
    } else {
      answers.surprises.push(String(statusCode))
    }
  }

  #next(): Attempted[] {
    const size = sizes[this.#requests++ % sizes.length] ?? 1
    return Array.from({ length: size }, () => {
      const count = this.#events++
      const id = `${this.#name}_${count}`
      return { id, tenant: this.#tenants[count % this.#tenants.length] ?? '', body: Buffer.from(`{"n":${count}.0}`) }
    })
  }
}

const noAnswers = (): Answers => ({ seconds: 0, offered: 0, accepted: 0, refused: 0, ms: [], surprises: [] })

const line = ({ id, tenant, body }: Attempted): string =>
  `{"tenant":"${tenant}","trigger":"${trigger}","id":"${id}","body":${body.toString()}}\n`
