import type { Sequence } from '#src/domain/event.ts'
import type { Instant } from '#src/domain/time.ts'
import { nameOf, type Tables } from './tables.ts'

/** Ends what was held for too long and drops what ended too long ago, a slice at a time, going round. */
export function prune(
  tables: Tables,
  before: { endedBefore: Instant; heldBefore: Instant },
  now: Instant,
  limit: number,
): number {
  const expired = expireHeld(tables, before.heldBefore, now, limit)
  const cursor = tables.number('pruneCursor')
  const slice = [...tables.events.values()]
    .filter(({ sequence }) => sequence > cursor && sequence <= tables.number('mark'))
    .sort((one, other) => one.sequence - other.sequence)
    .slice(0, limit)
  const old = slice.filter(({ acceptedAt }) => acceptedAt < before.endedBefore)
  for (const { sequence } of old) if (isOver(tables, sequence, before.endedBefore)) drop(tables, sequence)
  const isRoundOver = slice.length < limit || old.length === 0
  tables.setNumber('pruneCursor', isRoundOver ? 0 : (slice.at(-1)?.sequence ?? 0))
  return expired + (isRoundOver ? old.length : slice.length)
}

function expireHeld(tables: Tables, heldBefore: Instant, now: Instant, limit: number): number {
  const expired: { webhookId: string; sequence: Sequence }[] = []
  for (const webhookId of tables.webhooksHeld()) {
    for (const [sequence, since] of tables.heldOf(webhookId).entries()) {
      if (since < heldBefore && expired.length < limit) expired.push({ webhookId, sequence })
    }
  }
  for (const { webhookId, sequence } of expired) {
    tables.heldOf(webhookId).delete(sequence)
    const attemptsMade = tables.delivery({ webhookId, sequence })?.attemptsMade ?? 0
    tables.keepDelivery({ webhookId, sequence, attemptsMade, status: 'exhausted', endedAt: now })
  }
  return expired.length
}

/** Nothing of it is open, nothing ended lately, and nobody asked for it again. */
function isOver(tables: Tables, sequence: Sequence, endedBefore: Instant): boolean {
  for (const delivery of tables.deliveriesOf(sequence).values()) {
    if (delivery.status === 'due' || delivery.status === 'held' || delivery.endedAt >= endedBefore) return false
    if (tables.dueOf(delivery.webhookId).get(sequence) !== undefined) return false
  }
  return true
}

function drop(tables: Tables, sequence: Sequence): void {
  const deliveries = tables.deliveriesOf(sequence)
  for (const delivery of [...deliveries.values()]) {
    tables.attempts.delete(nameOf(delivery))
    deliveries.delete(delivery.webhookId)
  }
  const event = tables.events.get(sequence)
  if (event !== undefined && tables.eventsById.get(idOf(event)) === sequence) tables.eventsById.delete(idOf(event))
  tables.events.delete(sequence)
}

/** The name by which a repetition of an event is found. */
export const idOf = ({ tenant, id }: { tenant: string; id: string }): string => `${tenant}\n${id}`
