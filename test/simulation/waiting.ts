import type { DeliveryKey, Leased } from '#src/domain/delivery.ts'
import type { Sequence } from '#src/domain/event.ts'
import type { Instant } from '#src/domain/time.ts'
import { type Standing, standingOf } from './standings.ts'
import type { Pass, Tables, Wake } from './tables.ts'

/** Asks for one pass over everything that waits for a webhook by now. */
export function beginPass(tables: Tables, webhookId: string, how: 'anew' | 'unless-begun'): void {
  if (how === 'unless-begun' && tables.passes.get(webhookId) !== undefined) return
  tables.passes.set(webhookId, { passed: 0, last: tables.number('lastSequence') })
}

/** The webhooks that have something due, the longest waiting first. */
export function webhooksDue(tables: Tables, now: Instant): string[] {
  return [...tables.webhooksWaitedFor()]
    .map((webhookId) => ({ webhookId, at: nextWake(tables, webhookId) }))
    .filter(({ at }) => at !== null && at <= now)
    .sort((one, other) => (one.at ?? 0) - (other.at ?? 0) || Number(one.webhookId) - Number(other.webhookId))
    .map(({ webhookId }) => webhookId)
}

/** When the next webhook has something due, of those that have nothing due yet. */
export function nextDueAt(tables: Tables, now: Instant): Instant | null {
  let next: Instant | null = null
  for (const webhookId of tables.webhooksWaitedFor()) {
    const at = nextWake(tables, webhookId)
    if (at !== null && at > now && (next === null || at < next)) next = at
  }
  return next
}

function nextWake(tables: Tables, webhookId: string): Instant | null {
  let next: Instant | null = null
  for (const { at } of tables.dueOf(webhookId).values()) if (next === null || at < next) next = at
  return next
}

/** Hands out what is due, each to one caller. */
export function lease(
  tables: Tables,
  { webhookId, limit }: { webhookId: string; limit: number },
  { now, leaseEndsAt }: { now: Instant; leaseEndsAt: Instant },
): Leased[] {
  const due = tables.dueOf(webhookId)
  const ready = firstReady(due.entries(), now, limit)
  return ready.flatMap(({ sequence }) => {
    const standing = standingOf(tables, webhookId, sequence)
    if (standing !== 'due') {
      divert(tables, { sequence, webhookId }, standing, now)
      return []
    }
    due.set(sequence, { at: leaseEndsAt, isLeased: true })
    return [
      { webhookId, sequence, attemptsMade: tables.delivery({ sequence, webhookId })?.attemptsMade ?? 0, leaseEndsAt },
    ]
  })
}

/** The longest waiting, without sorting all of them: a backlog is long, and few are leased at a time. */
function firstReady(
  due: Iterable<[Sequence, Wake]>,
  now: Instant,
  limit: number,
): { sequence: Sequence; at: Instant }[] {
  const first: { sequence: Sequence; at: Instant }[] = []
  for (const [sequence, { at }] of due) {
    if (at > now) continue
    const isBehind = (one: { sequence: Sequence; at: Instant }) =>
      one.at < at || (one.at === at && one.sequence < sequence)
    const place = first.findLastIndex(isBehind) + 1
    if (place >= limit) continue
    first.splice(place, 0, { sequence, at })
    if (first.length > limit) first.pop()
  }
  return first
}

/** What was due turns out to be held or cancelled. What was delivered before stays delivered. */
function divert(tables: Tables, key: DeliveryKey, standing: Standing, now: Instant): void {
  const { sequence, webhookId } = key
  tables.dueOf(webhookId).delete(sequence)
  const delivery = tables.delivery(key)
  if (delivery === undefined || (delivery.status !== 'due' && delivery.status !== 'held')) return
  const facts = { ...key, attemptsMade: delivery.attemptsMade }
  if (standing === 'held') {
    tables.keepDelivery({ ...facts, status: 'held', heldSince: now })
    tables.heldOf(webhookId).set(sequence, now)
  } else {
    tables.keepDelivery({ ...facts, status: 'cancelled', endedAt: now })
  }
}

/** Goes on with the passes, webhook after webhook; says how many were made due and whose turn it was. */
export function flush(
  tables: Tables,
  { after, limit, now }: { after: number; limit: number; now: Instant },
): { count: number; turn: number } {
  let turn = after
  for (;;) {
    const ids = [...tables.passes.entries()].map(([id]) => Number(id)).sort((one, other) => one - other)
    const id = ids.find((one) => one > turn) ?? ids[0]
    if (id === undefined) return { count: 0, turn }
    turn = id
    const webhookId = String(id)
    const pass = tables.passes.get(webhookId) ?? { passed: 0, last: 0 }
    const sequences = isPaused(tables, webhookId) ? [] : waitingIn(tables, webhookId, pass, now).slice(0, limit)
    for (const sequence of sequences) makeDue(tables, { sequence, webhookId }, now)
    const passed = sequences.at(-1)
    if (passed === undefined) tables.passes.delete(webhookId)
    else tables.passes.set(webhookId, { ...pass, passed })
    if (sequences.length > 0) return { count: sequences.length, turn }
  }
}

function isPaused(tables: Tables, webhookId: string): boolean {
  const row = tables.webhooks.get(webhookId)
  const isThere = row !== undefined && !row.isDeleted && tables.clients.get(row.webhook.clientId)?.isDeleted === false
  return isThere && row.webhook.pausedAt !== null
}

function waitingIn(tables: Tables, webhookId: string, { passed, last }: Pass, now: Instant): Sequence[] {
  const held = [...tables.heldOf(webhookId).entries()].map(([sequence]) => sequence)
  const later = [...tables.dueOf(webhookId).entries()]
    .filter(([, { at, isLeased }]) => at > now && !isLeased)
    .map(([sequence]) => sequence)
  return [...held, ...later]
    .filter((sequence) => sequence > passed && sequence <= last)
    .sort((one, other) => one - other)
}

function makeDue(tables: Tables, key: DeliveryKey, now: Instant): void {
  const { sequence, webhookId } = key
  tables.heldOf(webhookId).delete(sequence)
  const delivery = tables.delivery(key)
  if (delivery?.status === 'due' || delivery?.status === 'held') {
    tables.keepDelivery({ ...key, attemptsMade: delivery.attemptsMade, status: 'due', dueAt: now })
  }
  tables.dueOf(webhookId).set(sequence, { at: now, isLeased: false })
}

/** One more attempt, asked for by hand: now, unless one is being made this moment. */
export function redeliver(tables: Tables, { sequence, webhookId }: DeliveryKey, now: Instant): boolean {
  const key = { sequence, webhookId }
  const delivery = tables.delivery(key)
  if (delivery === undefined) return false
  tables.heldOf(webhookId).delete(sequence)
  if (delivery.status !== 'delivered') {
    tables.keepDelivery({ ...key, attemptsMade: delivery.attemptsMade, status: 'due', dueAt: now })
  }
  const due = tables.dueOf(webhookId)
  if (due.get(sequence)?.isLeased !== true) due.set(sequence, { at: now, isLeased: false })
  return true
}

/** A process that died holds no leases: what it had in hand is due now. */
export function endAllLeases(tables: Tables, now: Instant): void {
  for (const webhookId of tables.webhooksWaitedFor()) {
    const due = tables.dueOf(webhookId)
    for (const [sequence, { isLeased }] of [...due.entries()])
      if (isLeased) due.set(sequence, { at: now, isLeased: false })
  }
}
