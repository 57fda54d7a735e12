import { randomBytes, randomInt } from 'node:crypto'
import { v7 } from 'uuid'
import type { Duration, Instant } from './domain/time.ts'

/** The only way that anything here learns the time, or waits for it. */
export type Clock = {
  now(): Instant
  /**
   * Resolves when the time that is left until `wakeAt` is over, or as soon as `signal` aborts; never rejects. Whoever sets
   * the clock back meanwhile does not make it longer: a second's wait must not last a day.
   */
  sleepUntil(wakeAt: Instant, signal?: AbortSignal): Promise<void>
}

/** The only source of chance. */
export type Random = {
  /** A number in [0, 1). */
  fraction(): number
  /** A new identifier that sorts by the time it was made (UUID version 7, RFC 9562 §5.7). */
  id(now: Instant): string
  /** Random bytes fit for secrets. */
  bytes(length: number): Buffer
}

// Node cuts a longer timer to 1 ms (with a warning), so a long wait is made of several.
const longestTimer: Duration = 2 ** 31 - 1

/** The machine's own clock. */
export const systemClock: Clock = clockBy(() => Date.now())

/**
 * A clock for lengths alone: what it says is no moment of any day, and nobody can set it. What has to be over in 15 s is
 * over then, whatever somebody does to the machine's clock meanwhile.
 */
export const steadyClock: Clock = clockBy(() => Math.floor(performance.now()))

function clockBy(now: () => Instant): Clock {
  return {
    now,
    async sleepUntil(wakeAt, signal) {
      let left = wakeAt - now()
      while (left > 0 && signal?.aborted !== true) {
        const length = Math.min(left, longestTimer)
        await wait(length, signal)
        left -= length
      }
    },
  }
}

/** Resolves when `done` does, but no later than after `length`. */
export async function within(length: Duration, done: Promise<void>, clock: Clock): Promise<void> {
  const over = new AbortController()
  await Promise.race([done, clock.sleepUntil(clock.now() + length, over.signal)])
  // A timer that nobody waits for any more would keep the process alive until it goes off.
  over.abort()
}

/** The machine's own dice. */
export const systemRandom: Random = diceOf(randomBytes)

/** Random bytes asked for at once: a system call for each id would cost more than making the id. */
const poolBytes = 4096

/** What an id takes (RFC 9562 §5.7, and uuid's interface). */
const idBytes = 16

function diceOf(bytes: (length: number) => Buffer): Random {
  let pool: Buffer = Buffer.alloc(0)
  return {
    fraction: () => randomInt(2 ** 47) / 2 ** 47,
    id(now) {
      if (pool.length < idBytes) pool = bytes(poolBytes)
      const random = pool.subarray(0, idBytes)
      pool = pool.subarray(idBytes)
      return v7({ msecs: now, random })
    },
    bytes,
  }
}

function wait(length: Duration, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, length)
    signal?.addEventListener('abort', done, { once: true })
  })
}
