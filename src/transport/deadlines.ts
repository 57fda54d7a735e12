import type { Clock } from '../clock.ts'
import type { Duration, Instant } from '../domain/time.ts'

/** Something that has to be over in time. */
export type Limited = {
  /** When it has to be over; set when it is watched. */
  endsAt: Instant
  /** Its time is up; it is no longer watched. */
  expire(): void
}

/**
 * Watches things that all may last equally long.
 *
 * With one length for all, whatever began first ends first: a set, which keeps
 * the order in which things came, and a single sleeper do the work of a timer
 * per request. What ends in time is taken out at once, so that nothing finished
 * is kept in memory until its deadline.
 */
export class Deadlines<T extends Limited> {
  readonly #clock: Clock
  readonly #length: Duration
  readonly #closing = new AbortController()
  readonly #watched = new Set<T>()
  #isAwake = false

  constructor(clock: Clock, length: Duration) {
    this.#clock = clock
    this.#length = length
  }

  /** Watches one thing from `startedAt` on. */
  add(one: T, startedAt: Instant): void {
    one.endsAt = startedAt + this.#length
    this.#watched.add(one)
    if (!this.#isAwake) void this.#watch()
  }

  /** It is over, and its deadline no longer matters. */
  remove(one: T): void {
    this.#watched.delete(one)
  }

  /** Stops watching, and gives back what was not over. */
  close(): readonly T[] {
    const left = [...this.#watched]
    this.#watched.clear()
    this.#closing.abort()
    return left
  }

  async #watch(): Promise<void> {
    this.#isAwake = true
    for (let first = this.#first(); first !== undefined; first = this.#first()) {
      await this.#clock.sleepUntil(first.endsAt, this.#closing.signal)
      if (this.#watched.delete(first)) first.expire()
    }
    this.#isAwake = false
  }

  // Asked anew each time: an iterator kept over a sleep would keep alive all that came and went meanwhile.
  #first(): T | undefined {
    return this.#watched.values().next().value
  }
}
