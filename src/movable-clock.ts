import type { Clock } from './clock.ts'
import type { Duration, Instant } from './domain/time.ts'

/** A clock that goes like the machine's, and that somebody may move ahead of it; never back. */
export type MovableClock = Clock & {
  /** How far it is ahead of the machine's. */
  ahead(): Duration
  /** It is this moment from now on, for whoever sleeps too; nothing happens when the moment has passed. */
  moveTo(moment: Instant): void
}

/** A clock that is so far ahead of the machine's; `keep` makes that durable each time before it counts. */
export function movableClock(machine: Clock, ahead: Duration, keep: (ahead: Duration) => void): MovableClock {
  const sleepers = new Set<() => void>()
  const now = () => machine.now() + ahead

  return {
    now,
    ahead: () => ahead,

    async sleepUntil(wakeAt, signal) {
      while (now() < wakeAt && signal?.aborted !== true) {
        const woken = new AbortController()
        // A reason of our own: without one, a DOMException with a stack would be made each time.
        const wake = () => woken.abort('woken')
        sleepers.add(wake)
        signal?.addEventListener('abort', wake, { once: true })
        await machine.sleepUntil(wakeAt - ahead, woken.signal)
        signal?.removeEventListener('abort', wake)
        sleepers.delete(wake)
      }
    },

    moveTo(moment) {
      const further = moment - machine.now()
      if (further <= ahead) return
      keep(further)
      ahead = further
      // Each looks at the clock, and sleeps on when its time has not come.
      for (const wake of [...sleepers]) wake()
    },
  }
}
