/**
 * Settlements on their way to the writer thread: one flat list of numbers and short texts, and the answers' bodies
 * behind one another in one transferred buffer. A body that was cloned by itself would take along the whole pool that
 * it is a slice of.
 */
import type { Sequence } from '../../domain/event.ts'
import type { Instant } from '../../domain/time.ts'
import type { PauseReason } from '../../domain/webhook.ts'
import { columnsOf, type OutcomeColumns } from '../outcome-columns.ts'
import type { Settlement } from '../store.ts'
import { momentOf, statusCodes } from './delivery-columns.ts'

/** Many settlements as they travel. */
export type SettlementColumns = { cells: (number | string | null)[]; bodies: ArrayBuffer }

/** One settlement as it is written down. */
export type SettlementRow = {
  sequence: Sequence
  webhookId: number
  status: number
  attemptsMade: number
  at: Instant
  leaseEndsAt: Instant | null
  pause: PauseReason | null
  startedAt: Instant | null
  outcome: OutcomeColumns | null
}

/** Cells of one settlement. */
const stride = 17

/** Packs settlements; `bodies` is meant to be transferred. */
export function packSettlements(settlements: readonly Settlement[]): SettlementColumns {
  const outcomes = settlements.map(({ attempt }) => (attempt === null ? null : columnsOf(attempt.outcome)))
  const bodies = new Uint8Array(outcomes.reduce((sum, outcome) => sum + (outcome?.body?.length ?? 0), 0))
  const cells: SettlementColumns['cells'] = []
  let end = 0
  for (const [index, { delivery, attempt, lease, pause }] of settlements.entries()) {
    const outcome = outcomes[index] ?? null
    cells.push(delivery.sequence, Number(delivery.webhookId), statusCodes[delivery.status], delivery.attemptsMade)
    cells.push(momentOf(delivery), lease?.leaseEndsAt ?? null, pause, attempt?.startedAt ?? null)
    cells.push(outcome?.kind ?? null, outcome?.status ?? null, outcome?.detail ?? null, outcome?.connected ?? null)
    cells.push(outcome?.first_byte ?? null, outcome?.ended ?? null, outcome?.headers ?? null, outcome?.is_cut ?? null)
    const body = outcome?.body ?? null
    if (body !== null) {
      bodies.set(body, end)
      end += body.length
    }
    cells.push(end)
  }
  return { cells, bodies: bodies.buffer }
}

/** Unpacks what `packSettlements` packed. */
export function* unpackSettlements({ cells, bodies }: SettlementColumns): Generator<SettlementRow> {
  let start = 0
  for (let at = 0; at < cells.length; at += stride) {
    const end = cells[at + stride - 1] as number
    yield rowAt(cells, at, start === end ? null : new Uint8Array(bodies, start, end - start))
    start = end
  }
}

// The other side packed these cells in this order.
function rowAt(cells: SettlementColumns['cells'], at: number, body: Uint8Array | null): SettlementRow {
  const kind = cells[at + 8] as number | null
  return {
    sequence: cells[at] as Sequence,
    webhookId: cells[at + 1] as number,
    status: cells[at + 2] as number,
    attemptsMade: cells[at + 3] as number,
    at: cells[at + 4] as Instant,
    leaseEndsAt: cells[at + 5] as Instant | null,
    pause: cells[at + 6] as PauseReason | null,
    startedAt: cells[at + 7] as Instant | null,
    outcome: kind === null ? null : outcomeAt(cells, at, { kind, body }),
  }
}

const outcomeAt = (
  cells: SettlementColumns['cells'],
  at: number,
  { kind, body }: { kind: number; body: Uint8Array | null },
): OutcomeColumns => ({
  kind,
  body,
  status: cells[at + 9] as number | null,
  detail: cells[at + 10] as string | null,
  connected: cells[at + 11] as number | null,
  first_byte: cells[at + 12] as number | null,
  ended: cells[at + 13] as number,
  headers: cells[at + 14] as string | null,
  is_cut: cells[at + 15] as number,
})
