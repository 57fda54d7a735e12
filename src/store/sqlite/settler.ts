import type { Instant } from '../../domain/time.ts'
import type { PauseReason } from '../../domain/webhook.ts'
import type { Database } from './database.ts'
import { statusCodes } from './delivery-columns.ts'
import { HealthBook } from './health-book.ts'
import type { SettlementRow } from './settlement-columns.ts'
import { type Standing, Standings } from './standings.ts'
import { Waiting } from './waiting.ts'

const delivered = statusCodes.delivered
const due = statusCodes.due
const held = statusCodes.held
const cancelled = statusCodes.cancelled

/** What a settlement did to its delivery. */
type Effect = 'made' | 'changed' | 'none'

/** Writes down what came of attempts: the delivery, the attempt, the webhook's health. */
export class Settler {
  readonly #standings: Standings
  readonly #waiting: Waiting
  readonly #health: HealthBook
  readonly #q

  constructor(db: Database, standings: Standings, waiting: Waiting) {
    this.#standings = standings
    this.#waiting = waiting
    this.#health = new HealthBook(db)
    this.#q = prepare(db)
  }

  settle(rows: Iterable<SettlementRow>, now: Instant): void {
    this.#health.forget()
    for (const row of rows) this.#one(row, now)
    this.#health.write()
  }

  #one(row: SettlementRow, now: Instant): void {
    const effect = row.leaseEndsAt === null ? this.#first(row, now) : this.#again(row, row.leaseEndsAt, now)
    // A delivery that was not there before has no attempts either.
    const number = effect === 'made' ? 1 : this.#nextNumber(row)
    if (row.outcome !== null) this.#recordAttempt(row, number, row.startedAt ?? now)
    // What was made just now counts its attempt already.
    if (row.outcome !== null && effect !== 'made') this.#q.countAttempt.run(number, row.sequence, row.webhookId)
    // A receiver that wants no more says so whatever becomes of the delivery; one that is exhausted only if it is.
    const isPaused = row.pause !== null && (row.pause === 'gone' || effect !== 'none')
    if (row.pause !== null && isPaused) this.#pause(row.webhookId, row.pause, now)
    if (row.outcome === null) return
    const { isBack, isHopeless } = this.#health.note(row, now)
    if (isBack) this.#waiting.startFlushing(row.webhookId)
    if (isHopeless) this.#pause(row.webhookId, 'failing', now)
  }

  /** Straight from the journal. Somebody else may have settled it already: then a success still ends it. */
  #first(row: SettlementRow, now: Instant): Effect {
    const { status, standing, at } = this.#judged(row, now)
    const { changes } = this.#q.insert.run(row.sequence, row.webhookId, status, row.attemptsMade, at)
    if (Number(changes) === 1) {
      this.#waiting.wait(standing, row.webhookId, row.sequence, at)
      return 'made'
    }
    this.#endIfDelivered(row)
    return 'none'
  }

  /** Under a lease. Who lost it in between adds an attempt and leaves the delivery to its new holder. */
  #again(row: SettlementRow, leaseEndsAt: Instant, now: Instant): Effect {
    if (!this.#waiting.endLease(row.webhookId, row.sequence, leaseEndsAt)) {
      this.#endIfDelivered(row)
      return 'none'
    }
    const { status, standing, at } = this.#judged(row, now)
    const { changes } = this.#q.update.run(status, at, row.sequence, row.webhookId)
    if (Number(changes) === 0) return 'none'
    this.#waiting.wait(standing, row.webhookId, row.sequence, at)
    return 'changed'
  }

  #endIfDelivered(row: SettlementRow): void {
    if (row.status !== delivered) return
    this.#q.end.run(delivered, row.at, row.sequence, row.webhookId)
    this.#waiting.forget(row.webhookId, row.sequence)
  }

  /** What stays open is judged by the webhook as it is now; a webhook that this settlement pauses counts as paused. */
  #judged(row: SettlementRow, now: Instant): { status: number; standing: Standing | 'ended'; at: Instant } {
    if (row.status !== due && row.status !== held) return { status: row.status, standing: 'ended', at: row.at }
    const found = this.#standings.of(row.webhookId, row.sequence)
    const standing = found === 'due' && row.pause !== null ? 'held' : found
    switch (standing) {
      case 'due':
        return { status: due, standing, at: row.status === due ? row.at : now }
      case 'held':
        return { status: held, standing, at: row.status === held ? row.at : now }
      case 'cancelled':
        return { status: cancelled, standing, at: now }
    }
  }

  #nextNumber({ sequence, webhookId }: SettlementRow): number {
    return (this.#q.nextNumber.get(sequence, webhookId) as { number: number }).number
  }

  #recordAttempt({ sequence, webhookId, outcome }: SettlementRow, number: number, startedAt: Instant): void {
    if (outcome === null) return
    const { kind, status, detail, connected, first_byte, ended, headers, body, is_cut } = outcome
    this.#q.attempt.run(
      ...[sequence, webhookId, number, startedAt, kind, status, detail],
      ...[connected, first_byte, ended, headers, body, is_cut],
    )
  }

  #pause(webhookId: number, reason: PauseReason, now: Instant): void {
    const { changes } = this.#q.pause.run(now, reason, webhookId)
    if (Number(changes) === 1) this.#q.listenersChanged.run()
  }
}

const prepare = (db: Database) => ({
  insert: db.prepare(
    'insert or ignore into deliveries (sequence, webhook_id, status, attempts_made, at) values (?, ?, ?, ?, ?)',
  ),
  // What was delivered stays delivered, whatever a later attempt by hand brings (2 delivered).
  update: db.prepare('update deliveries set status = ?, at = ? where sequence = ? and webhook_id = ? and status <> 2'),
  end: db.prepare(
    'update deliveries set status = ?, at = ? where sequence = ? and webhook_id = ? and status in (0, 1)',
  ),
  nextNumber: db.prepare(
    'select coalesce(max(number), 0) + 1 as number from attempts where sequence = ? and webhook_id = ?',
  ),
  countAttempt: db.prepare('update deliveries set attempts_made = ? where sequence = ? and webhook_id = ?'),
  attempt: db.prepare(
    `insert into attempts (sequence, webhook_id, number, started_at, kind, status, detail,
       connected, first_byte, ended, headers, body, is_cut) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ),
  pause: db.prepare('update webhooks set paused_at = ?, pause_reason = ? where id = ? and paused_at is null'),
  listenersChanged: db.prepare(`update numbers set value = value + 1 where name = 'listeners_version'`),
})
