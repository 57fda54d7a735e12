import type { Attempt, Delivery, DeliveryKey } from '#src/domain/delivery.ts'
import { verdictOn } from '#src/domain/outcome.ts'
import type { Instant } from '#src/domain/time.ts'
import { isFailingTooLong, type PauseReason } from '#src/domain/webhook.ts'
import type { Settlement } from '#src/store/store.ts'
import { standingOf } from './standings.ts'
import { nameOf, type Tables } from './tables.ts'
import { beginPass } from './waiting.ts'

/** What a settlement did to its delivery. */
type Effect = 'made' | 'changed' | 'none'

/** Writes down deliveries, attempts and how webhooks fare, as `Deliveries.settle` promises it. */
export function settleAll(tables: Tables, settlements: readonly Settlement[], now: Instant): void {
  for (const settlement of settlements) settleOne(tables, settlement, now)
}

function settleOne(tables: Tables, settlement: Settlement, now: Instant): void {
  const { delivery, attempt, lease, pause } = settlement
  const effect = lease === null ? first(tables, settlement, now) : again(tables, settlement, now)
  if (attempt !== null) record(tables, delivery, attempt)
  if (pause !== null && (pause === 'gone' || effect !== 'none')) pauseBy(tables, delivery.webhookId, pause, now)
  if (attempt !== null) noteHealth(tables, delivery.webhookId, attempt, now)
}

function first(tables: Tables, settlement: Settlement, now: Instant): Effect {
  const known = tables.delivery(settlement.delivery)
  if (known !== undefined) return endIfDelivered(tables, settlement)
  place(tables, settlement, now)
  return 'made'
}

function again(tables: Tables, settlement: Settlement, now: Instant): Effect {
  const { delivery, lease } = settlement
  const due = tables.dueOf(delivery.webhookId)
  const wake = due.get(delivery.sequence)
  if (wake?.isLeased !== true || wake.at !== lease?.leaseEndsAt) return endIfDelivered(tables, settlement)
  due.delete(delivery.sequence)
  const known = tables.delivery(delivery)
  if (known === undefined || known.status === 'delivered') return 'none'
  // Attempts are counted as they are recorded: somebody who lost the lease may have made one meanwhile.
  place(tables, { ...settlement, delivery: { ...delivery, attemptsMade: known.attemptsMade } }, now)
  return 'changed'
}

/** Somebody else has it: a success still ends it, anything else leaves it to them. */
function endIfDelivered(tables: Tables, { delivery }: Settlement): Effect {
  const known = tables.delivery(delivery)
  if (delivery.status !== 'delivered' || known === undefined) return 'none'
  if (known.status === 'due' || known.status === 'held') {
    tables.keepDelivery({ ...delivery, attemptsMade: known.attemptsMade })
  }
  tables.dueOf(delivery.webhookId).delete(delivery.sequence)
  tables.heldOf(delivery.webhookId).delete(delivery.sequence)
  return 'none'
}

/** Puts a delivery where it belongs; what stays open is judged by its webhook as it is now. */
function place(tables: Tables, { delivery, pause }: Settlement, now: Instant): void {
  const judged = judgedBy(tables, delivery, { isPausing: pause !== null, now })
  tables.keepDelivery(judged)
  const { sequence, webhookId } = judged
  if (judged.status === 'due') tables.dueOf(webhookId).set(sequence, { at: judged.dueAt, isLeased: false })
  if (judged.status === 'held') tables.heldOf(webhookId).set(sequence, judged.heldSince)
}

function judgedBy(
  tables: Tables,
  delivery: Delivery,
  { isPausing, now }: { isPausing: boolean; now: Instant },
): Delivery {
  if (delivery.status !== 'due' && delivery.status !== 'held') return delivery
  const { sequence, webhookId, attemptsMade } = delivery
  const facts = { sequence, webhookId, attemptsMade }
  const standing = standingOf(tables, webhookId, sequence)
  if (standing === 'cancelled') return { ...facts, status: 'cancelled', endedAt: now }
  if (standing === 'held' || isPausing) {
    return { ...facts, status: 'held', heldSince: delivery.status === 'held' ? delivery.heldSince : now }
  }
  return { ...facts, status: 'due', dueAt: delivery.status === 'due' ? delivery.dueAt : now }
}

function record(tables: Tables, key: DeliveryKey, attempt: Attempt): void {
  const name = nameOf(key)
  const earlier = tables.attempts.get(name) ?? []
  const number = earlier.length + 1
  tables.attempts.set(name, [...earlier, { ...attempt, number }])
  const delivery = tables.delivery(key)
  if (delivery !== undefined) tables.keepDelivery({ ...delivery, attemptsMade: number })
}

function pauseBy(tables: Tables, webhookId: string, reason: PauseReason, now: Instant): void {
  if (pauseFor(tables, webhookId, reason, now)) listenersChanged(tables)
}

/** A webhook that is paused already stays paused for the reason it was paused for, and it is false. */
export function pauseFor(tables: Tables, webhookId: string, reason: PauseReason, now: Instant): boolean {
  const row = tables.webhooks.get(webhookId)
  if (row === undefined || row.webhook.pausedAt !== null) return false
  tables.webhooks.set(webhookId, { ...row, webhook: { ...row.webhook, pausedAt: now, pauseReason: reason } })
  return true
}

/** Somebody listens for something else now. */
export function listenersChanged(tables: Tables): void {
  tables.setNumber('listenersVersion', tables.number('listenersVersion') + 1)
}

const healthy = { failingSince: null, consecutiveFailures: 0 }

function noteHealth(tables: Tables, webhookId: string, { outcome, startedAt }: Attempt, now: Instant): void {
  const before = tables.health.get(webhookId) ?? { ...healthy, lastAttemptedAt: null }
  const schedule = tables.webhooks.get(webhookId)?.webhook.schedule ?? 'standard'
  if (verdictOn(outcome) === 'accepted') {
    tables.health.set(webhookId, { ...healthy, lastAttemptedAt: startedAt })
    if (schedule === 'patreon' && before.failingSince !== null) beginPass(tables, webhookId, 'unless-begun')
    return
  }
  const health = {
    failingSince: before.failingSince ?? startedAt,
    consecutiveFailures: before.consecutiveFailures + 1,
    lastAttemptedAt: startedAt,
  }
  tables.health.set(webhookId, health)
  if (isFailingTooLong(health, schedule, now)) pauseBy(tables, webhookId, 'failing', now)
}
