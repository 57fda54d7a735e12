import type { Clock } from '../clock.ts'
import type { Leased } from '../domain/delivery.ts'
import { type Duration, type Instant, seconds } from '../domain/time.ts'
import type { Store } from '../store/store.ts'
import type { Bell } from './bell.ts'
import type { Lanes } from './lanes.ts'
import type { Settling } from './settle.ts'

/** Longer than a wait in a lane and an attempt can take, so that a lease only runs out when its holder died. */
const leaseLength: Duration = seconds(30)

/** How many deliveries of resumed webhooks are made due in one commit. */
const flushLimit = 1_000

/** How many deliveries are leased in one commit, so that nobody else waits long for theirs. */
const leaseLimit = 1_000

/** A store that failed is asked again after this; nobody gives up. */
const retryWait: Duration = seconds(1)

type Tools = {
  store: Pick<Store, 'deliveries' | 'events'>
  lanes: Lanes
  settling: Settling
  clock: Clock
  /** Rung when something may have become due, or a lane has room again. */
  bell: Bell
  log: (message: string, error: unknown) => void
}

/** Leases due deliveries when their time comes and hands them to their lanes, until `signal` aborts. */
export async function runDue(tools: Tools, signal: AbortSignal): Promise<void> {
  const { store, clock, bell, log } = tools
  while (!signal.aborted) {
    try {
      // The same moment for both, or what becomes due between them would be neither due nor still to come.
      const now = clock.now()
      if ((await leaseOnce(tools, now)) > 0) continue
      await bell.wait(await store.deliveries.nextDueAt(now), clock, signal)
    } catch (error) {
      log('due deliveries could not be leased; trying again', error)
      await clock.sleepUntil(clock.now() + retryWait, signal)
    }
  }
}

/** One round: says how many were moved. Nothing moved means that there is nothing, or nobody has a free hand. */
async function leaseOnce({ store, lanes, settling }: Tools, now: Instant): Promise<number> {
  const flushed = await store.deliveries.flush(now, flushLimit)
  const webhooks = await store.deliveries.webhooksDue(now)
  const wanted = shares(webhooks, lanes)
  if (wanted.length === 0) return flushed

  const leased = await store.deliveries.leaseDue(wanted, now, now + leaseLength)
  for (const lease of leased) await hand(lease, { store, lanes, settling })
  // Those that were found held or cancelled have moved as well.
  return flushed + wanted.length
}

/** As much of each webhook as its lane can take at once, the longest waiting first, as far as all hands reach. */
function shares(webhooks: readonly string[], lanes: Lanes): { webhookId: string; limit: number }[] {
  const wanted: { webhookId: string; limit: number }[] = []
  const owed: string[] = []
  const free = lanes.hands()
  let left = leaseLimit
  for (const webhookId of webhooks) {
    const limit = lanes.take(webhookId, free, left)
    if (limit > 0) wanted.push({ webhookId, limit })
    else owed.push(webhookId)
    left -= limit
  }
  lanes.owe(owed)
  return wanted
}

async function hand(
  lease: Leased,
  { store, lanes, settling }: Pick<Tools, 'store' | 'lanes' | 'settling'>,
): Promise<void> {
  const event = await store.events.find(lease.sequence)
  if (event === null) throw new Error(`delivery ${lease.sequence}-${lease.webhookId} has no event`)
  const work = { event, webhookId: lease.webhookId, attemptsMade: lease.attemptsMade, lease, done: () => {} }
  if (!lanes.offer(work)) settling.postpone(work)
}
