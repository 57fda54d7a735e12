/** What a run comes upon without anybody drawing it: counted, so that nobody believes something was tried that never was. */
import type { Event } from '#src/domain/event.ts'
import { type Duration, seconds } from '#src/domain/time.ts'
import type { Settlement } from '#src/store/store.ts'
import type { Court } from './court.ts'
import type { Life } from './process.ts'

/** The server's limits, in this file's own words. */
const slice = 1_000
const laneLength = 8_192
const bodiesInLanesBytes = 64 * 1024 * 1024
const laneWait: Duration = seconds(2)

/** A batch of events is in the journal. */
export function noteFanOut({ ledger, faults }: Court, appended: readonly Event[]): void {
  let deliveries = 0
  for (const { sequence } of appended) deliveries += ledger.events.get(sequence)?.hearers.length ?? 0
  if (deliveries > slice) faults.met('a fan-out larger than a slice')
}

/** Something waits in the store that nobody tried. */
export function noteWaiting(court: Court, { delivery, attempt, lease }: Settlement, life: Life): void {
  const { ledger, reads, faults, scheduler } = court
  if (attempt !== null || lease !== null || delivery.status !== 'due' || !reads.now.isSending(delivery.webhookId))
    return
  const kept = ledger.events.get(delivery.sequence)
  if (kept === undefined) return
  if (scheduler.now - kept.at >= laneWait) return faults.met('a delivery waits too long in a lane')
  const { waiting } = life.engine.load()
  if (waiting >= laneLength - slice) faults.met('a lane is full')
  else if (waiting * kept.event.body.length >= bodiesInLanesBytes / 2) faults.met('bodies beyond the budget')
}
