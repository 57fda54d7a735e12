import type { Clock } from '../clock.ts'
import { heldLimit } from '../domain/retry-schedule.ts'
import { type Duration, days, hours, seconds } from '../domain/time.ts'
import type { Store } from '../store/store.ts'

/** Events and their deliveries are kept for so long after they ended. */
const retention: Duration = days(30)

/** How often what is too old is looked for. */
const interval: Duration = hours(1)

/** Events looked at in one commit, so that nobody waits for pruning. */
const sliceLimit = 500

/** A breath between slices, for whoever else wants to write. */
const breath: Duration = seconds(0.05)

type Tools = {
  store: Pick<Store, 'deliveries'>
  clock: Clock
  log: (message: string, error: unknown) => void
}

/** Drops what is older than its retention, in slices, until `signal` aborts. */
export async function runPrune({ store, clock, log }: Tools, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await clock.sleepUntil(clock.now() + interval, signal)
    let seen = sliceLimit
    while (seen >= sliceLimit && !signal.aborted) {
      const now = clock.now()
      const before = { endedBefore: now - retention, heldBefore: now - heldLimit }
      seen = await store.deliveries.prune(before, now, sliceLimit).catch((error: unknown) => {
        log('what is too old could not be pruned; trying again in an hour', error)
        return 0
      })
      await clock.sleepUntil(clock.now() + breath, signal)
    }
  }
}
