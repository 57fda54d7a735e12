import type { Attempt, Delivery, DeliveryKey, DeliveryStatus, Leased } from '../domain/delivery.ts'
import type { Event, Sequence, Tenant } from '../domain/event.ts'
import type { Instant } from '../domain/time.ts'
import type { Trigger } from '../domain/trigger.ts'
import type { Health, PauseReason } from '../domain/webhook.ts'
import type { Command } from './command.ts'
import type { Listener } from './listener.ts'
import type { Readings } from './records.ts'

/** The memory: everything that is kept and asked for. */
export interface Store {
  readonly read: Readings
  readonly events: Events
  readonly deliveries: Deliveries
  readonly listeners: Listeners

  /**
   * Runs a command in a transaction of its own and answers once it is on disk.
   * A refusal leaves nothing behind. Rejects with the refusal `unavailable` when nothing can be written.
   */
  execute<Input, Output>(command: Command<Input, Output>, input: Input, now: Instant): Promise<Output>

  close(): Promise<void>
}

/** What was accepted, whether anybody listened or not. */
export interface Events {
  find(sequence: Sequence): Promise<Event | null>
  /** The newest with this id among `tenants` (null: any tenant). */
  findById(id: string, tenants: readonly Tenant[] | null): Promise<Event | null>
  /** In sequence, starting behind `after`; nothing that is still committing is ever skipped. */
  list(filter: EventFilter, limit: number): Promise<Page<Event, Sequence>>
}

/**
 * A page of a list, and behind what the list goes on; null at its end. A page that looked at much and found little ends
 * short, even empty, and goes on all the same, so that no page reads the whole log.
 */
export type Page<Entry, Cursor> = { entries: Entry[]; next: Cursor | null }

/** Which events; null means any. */
export type EventFilter = { after: Sequence; tenants: readonly Tenant[] | null; trigger: Trigger | null }

/** What came of one attempt, ready to be written down. */
export type Settlement = {
  delivery: Delivery
  /** Null where no attempt was made: a lane was full, or the webhook is paused. */
  attempt: Attempt | null
  /** The lease it was made under; null straight from the journal. */
  lease: Leased | null
  pause: PauseReason | null
}

/** Each event's way to each webhook. */
export interface Deliveries {
  /**
   * Writes down deliveries and attempts. A first settle inserts; on conflict only the attempt is added, but a
   * success still ends a delivery that was due or held. What would become due or held is judged by the webhook
   * as it is in this commit: resumed meanwhile means due, paused means held, deleted or forbidden means cancelled.
   * True when something became due, now or for later: whoever sleeps until then should look again.
   */
  settle(settlements: readonly Settlement[], now: Instant): Promise<boolean>

  /** The webhooks that have something due, the longest waiting first. */
  webhooksDue(now: Instant): Promise<string[]>

  /** When the next delivery becomes due after `now`; null when none waits. */
  nextDueAt(now: Instant): Promise<Instant | null>

  /**
   * Hands out due deliveries, each to one caller; a lease that ran out counts as due.
   * What belongs to a paused webhook becomes held instead, what belongs to a deleted one cancelled.
   */
  leaseDue(
    wanted: readonly { webhookId: string; limit: number }[],
    now: Instant,
    leaseEndsAt: Instant,
  ): Promise<Leased[]>

  /** Makes what waits for webhooks that were resumed, or that answer again, due now, at most `limit`; says how many it were. */
  flush(now: Instant, limit: number): Promise<number>

  /** Asks for one more attempt as soon as possible. What was delivered stays delivered; false when there is no such delivery. */
  redeliver(key: DeliveryKey, now: Instant): Promise<boolean>

  /** Ends what was held for too long, and drops what ended too long ago, at most `limit` events; says how many were looked at. */
  prune(before: { endedBefore: Instant; heldBefore: Instant }, now: Instant, limit: number): Promise<number>

  /** Of these events, the deliveries that are written already. */
  listKnown(from: Sequence, to: Sequence): Promise<DeliveryKey[]>

  find(key: DeliveryKey): Promise<DeliveryView | null>
  /** The newest first. */
  list(filter: DeliveryFilter, limit: number): Promise<Page<DeliveryView, DeliveryKey>>
  listAttempts(key: DeliveryKey): Promise<Attempt[]>
  /** How the webhook has fared, and what waits for it. */
  findHealth(webhookId: string): Promise<Health & { due: number; held: number }>
}

/** Which deliveries; null means any. */
export type DeliveryFilter = {
  webhookIds: readonly string[] | null
  /** Of events that go by this id, whichever their tenants: an id is one tenant's own. */
  eventId: string | null
  status: DeliveryStatus | null
  /** Only what is older than this delivery. */
  before: DeliveryKey | null
}

/** A delivery beside what it delivers, as people look at it. */
export type DeliveryView = {
  delivery: Delivery
  event: { id: string; tenant: Tenant; trigger: Trigger; acceptedAt: Instant }
}

/** Who listens, for the index that fan-out plans with. */
export interface Listeners {
  /** Counts up with every change to who listens for what, and is exact as of the last commit this process knows. */
  version(): number
  /** Every webhook that may hear anything, paused ones too. */
  load(): Promise<{ version: number; listeners: Listener[] }>
}
