/**
 * The budget of unsettled work: how much a server takes upon itself at the doors for events before it refuses.
 *
 * What is refused early costs next to nothing and can be sent again; what is let in and can't be dealt with costs memory,
 * and everybody's time. A slow receiver uses none of it, because what can't be sent waits in the store (`lanes.ts`).
 */
import type { Clock } from '../clock.ts'
import { Refusal } from '../domain/refusal.ts'
import { type Duration, type Instant, seconds } from '../domain/time.ts'

/** Requests that wait for their answer: as many as a busy machine answers within a second, so that nobody waits much longer. */
const requestLimit = 1_024

/** Their bodies, as long as they were announced: memory is the only place to keep them until they are on disk. */
const bytesLimit = 64 * 1024 * 1024

/**
 * Events that are on their way into the journal or wait there to be planned: about a second of planning, so that nothing
 * runs dry while those who were refused wait, and nobody waits or hears of an event much later than that.
 */
const eventLimit = 10_000

const retryAfterSeconds = 1

/** Refusing must stay cheap, so the log hears of it no more often than this. */
const tellingInterval: Duration = seconds(10)

/** What a server has taken upon itself. */
export type Unsettled = { requests: number; bytes: number; events: number }

/** Whether so much may be unsettled at once. */
const isBearable = ({ requests, bytes, events }: Unsettled): boolean =>
  requests <= requestLimit && bytes <= bytesLimit && events <= eventLimit

type Tools = {
  /** How many events of the journal wait to be planned. */
  unplanned: () => number
  clock: Clock
  /** Told of refusals, now and then: how many there were since the last time, and what was unsettled. */
  told: (shed: Unsettled & { refused: number }) => void
}

/** Counts what is unsettled, and refuses what would be too much. */
export class Budget {
  readonly #tools: Tools
  #requests = 0
  #bytes = 0
  #appending = 0
  #refused = 0
  #toldAt: Instant = Number.NEGATIVE_INFINITY

  constructor(tools: Tools) {
    this.#tools = tools
  }

  /** Takes a request upon itself before its body is read; what is returned is called when it is over. */
  takeRequest(bytes: number): () => void {
    // It brings an event at least: what could not be taken in afterwards need not be read.
    this.#mustBear({ requests: 1, bytes, events: 1 })
    this.#requests += 1
    this.#bytes += bytes
    return () => {
      this.#requests -= 1
      this.#bytes -= bytes
    }
  }

  /** Takes events upon itself while they are being written into the journal; from then on the journal counts them. */
  async takeEvents<Result>(count: number, append: () => Promise<Result>): Promise<Result> {
    this.#mustBear({ requests: 0, bytes: 0, events: count })
    this.#appending += count
    try {
      return await append()
    } finally {
      this.#appending -= count
    }
  }

  get #unsettled(): Unsettled {
    return { requests: this.#requests, bytes: this.#bytes, events: this.#appending + this.#tools.unplanned() }
  }

  #mustBear(more: Unsettled): void {
    const { requests, bytes, events } = this.#unsettled
    if (isBearable({ requests: requests + more.requests, bytes: bytes + more.bytes, events: events + more.events })) {
      return
    }
    this.#refused += 1
    this.#tell()
    throw overloaded
  }

  #tell(): void {
    const now = this.#tools.clock.now()
    if (now - this.#toldAt < tellingInterval) return
    this.#tools.told({ refused: this.#refused, ...this.#unsettled })
    this.#toldAt = now
    this.#refused = 0
  }
}

/** Always the same one: to make an error for each would cost more than all the rest of refusing. */
const overloaded = new Refusal('overloaded', {
  message: 'More is being published than can be dealt with at the moment. Nothing of this was accepted.',
  retryAfterSeconds,
})
