/**
 * What the event loop's thread and the writer thread say to each other.
 *
 * One message is one commit: everything that arrived while the last commit was being written. Numbers travel in
 * columns and bodies in one transferred buffer, because cloning many small objects would cost more than the disk.
 */

import type { Leased } from '../../domain/delivery.ts'
import type { Event, NewEvent, Sequence } from '../../domain/event.ts'
import type { Instant } from '../../domain/time.ts'
import type { SettlementColumns } from './settlement-columns.ts'

/** One thing to be done within a commit. */
export type Errand =
  | { kind: 'append'; events: EventColumns }
  | { kind: 'command'; name: string; input: unknown; now: Instant }
  | { kind: 'settle'; settlements: SettlementColumns; now: Instant }
  | { kind: 'lease'; wanted: readonly { webhookId: string; limit: number }[]; now: Instant; leaseEndsAt: Instant }
  | { kind: 'flush'; now: Instant; limit: number }
  | { kind: 'prune'; before: { endedBefore: Instant; heldBefore: Instant }; now: Instant; limit: number }
  | { kind: 'redeliver'; webhookId: number; sequence: Sequence; now: Instant }
  | { kind: 'mark'; to: Sequence }

/** What came of one errand. A command's refusal or bug undid that command alone. */
export type Result =
  | { kind: 'appended'; sequences: number[]; fates: Fate[] }
  | { kind: 'output'; output: unknown }
  | { kind: 'refused'; code: string; detail: unknown }
  | { kind: 'failed'; message: string }
  | { kind: 'leased'; leased: Leased[] }
  | { kind: 'counted'; count: number }
  | { kind: 'settled'; isDueChanged: boolean }
  | { kind: 'done' }

/** Of an appended event: 0 accepted, 1 repeated, 2 taken. */
export type Fate = 0 | 1 | 2

/** A commit that is on disk. */
export type Committed = {
  kind: 'committed'
  results: Result[]
  listenersVersion: number
  /** Events that commands caused, with the sequences they got. */
  happened: Event[]
  /** For webhooks whose due deliveries changed: when the next is due (null: none is left). */
  wakes: [webhookId: string, wakeAt: Instant | null][]
  isFlushing: boolean
}

/** A commit that is not on disk. `broken`: the writer stops, because what is on disk is in doubt. */
export type NotCommitted = { kind: 'not-committed'; fault: 'full' | 'broken' | 'other'; message: string }

/** What came of one message. */
export type CommitReply = Committed | NotCommitted

/** How the writer thread is started. */
export type WriterData = { path: string; vaultKey: Uint8Array; now: Instant }

/** The first thing that a writer thread says. */
export type Opened =
  | { kind: 'opened'; lastSequence: Sequence; mark: Sequence; listenersVersion: number; isFlushing: boolean }
  | { kind: 'locked' }
  | { kind: 'not-opened'; message: string }

/** Many events as columns; their bodies follow one another in `bodies`. */
export type EventColumns = {
  ids: string[]
  tenants: string[]
  triggers: string[]
  acceptedAts: Instant[]
  mayRepeats: boolean[]
  bodyEnds: number[]
  bodies: ArrayBuffer
}

/** Packs events for one commit; `bodies` is meant to be transferred. */
export function eventColumns(events: readonly NewEvent[]): EventColumns {
  const bodies = new Uint8Array(events.reduce((sum, event) => sum + event.body.length, 0))
  let end = 0
  const bodyEnds = events.map(({ body }) => {
    bodies.set(body, end)
    end += body.length
    return end
  })
  return {
    ids: events.map((event) => event.id),
    tenants: events.map((event) => event.tenant),
    triggers: events.map((event) => event.trigger),
    acceptedAts: events.map((event) => event.acceptedAt),
    mayRepeats: events.map((event) => event.mayRepeat),
    bodyEnds,
    bodies: bodies.buffer,
  }
}
