import type { Clock, Duration, Instant } from '#src/clock.ts'

/** A clock that stands still until it is moved by hand. */
export type HandClock = Clock & { pass(length: Duration): void }

/** Makes a clock that shows a time of no meaning. */
export function handClock(): HandClock {
  let now: Instant = 1_700_000_000_000
  const sleepers = new Map<() => void, Instant>()

  return {
    now: () => now,
    sleepUntil: (wakeAt, signal) =>
      new Promise((resolve) => {
        if (wakeAt <= now || signal?.aborted === true) return resolve()
        sleepers.set(resolve, wakeAt)
        signal?.addEventListener('abort', () => resolve(), { once: true })
      }),
    pass(length) {
      now += length
      for (const [wake, wakeAt] of sleepers) {
        if (wakeAt > now) continue
        sleepers.delete(wake)
        wake()
      }
    },
  }
}
