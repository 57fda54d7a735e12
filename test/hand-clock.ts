import type { Clock } from '#src/clock.ts'
import type { Duration, Instant } from '#src/domain/time.ts'

/** A clock that stands still until it is moved by hand. */
export type HandClock = Clock & {
  /** Moves on at once; whoever should have woken up meanwhile wakes up now. */
  pass(length: Duration): void
  /** When the next sleeper wants to wake up; null when nobody sleeps for a definite time. */
  nextWake(): Instant | null
}

/** Makes a clock that shows a time of no meaning. */
export function handClock(): HandClock {
  let now: Instant = Date.UTC(2026, 0, 5, 12)
  const sleepers = new Map<() => void, Instant>()

  return {
    now: () => now,
    sleepUntil: (wakeAt, signal) =>
      new Promise((resolve) => {
        if (wakeAt <= now || signal?.aborted === true) return resolve()
        const wake = () => {
          sleepers.delete(wake)
          signal?.removeEventListener('abort', wake)
          resolve()
        }
        sleepers.set(wake, wakeAt)
        signal?.addEventListener('abort', wake, { once: true })
      }),
    pass(length) {
      now += length
      for (const [wake, wakeAt] of [...sleepers]) if (wakeAt <= now) wake()
    },
    nextWake() {
      const next = Math.min(...sleepers.values())
      return Number.isFinite(next) ? next : null
    },
  }
}
