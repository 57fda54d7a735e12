import type { ScheduleName } from '../../domain/retry-schedule.ts'
import type { Instant } from '../../domain/time.ts'
import { type Health, isFailingTooLong, type PauseReason } from '../../domain/webhook.ts'
import type { Database } from './database.ts'
import { type SettlementRow, statusCode } from './protocol.ts'
import { type Standing, Standings } from './standings.ts'
import { Waiting } from './waiting.ts'

const delivered = statusCode('delivered')
const due = statusCode('due')
const held = statusCode('held')
const cancelled = statusCode('cancelled')

/** Writes down what came of attempts: the delivery, the attempt, the webhook's health. */
export class Settler {
  readonly #standings: Standings
  readonly #waiting: Waiting
  readonly #q

  constructor(db: Database, standings: Standings, waiting: Waiting) {
    this.#standings = standings
    this.#waiting = waiting
    this.#q = prepare(db)
  }

  settle(row: SettlementRow, now: Instant): void {
    if (row.leaseEndsAt === null) this.#first(row, now)
    else this.#again(row, row.leaseEndsAt, now)
    if (row.outcome !== null) this.#recordAttempt(row, row.startedAt ?? now)
    if (row.pause !== null) this.#pause(row.webhookId, row.pause, now)
    if (row.outcome !== null) this.#noteHealth(row, now)
  }

  /** Straight from the journal. Somebody else may have settled it already: then a success still ends it. */
  #first(row: SettlementRow, now: Instant): void {
    const { status, standing, at } = this.#judged(row, now)
    const { changes } = this.#q.insert.run(row.sequence, row.webhookId, status, row.attemptsMade, at)
    if (Number(changes) === 1) this.#waiting.wait(standing, row.webhookId, row.sequence, at)
    else this.#endIfDelivered(row)
  }

  /** Under a lease. Who lost it in between adds an attempt and leaves the delivery to its new holder. */
  #again(row: SettlementRow, leaseEndsAt: Instant, now: Instant): void {
    if (!this.#waiting.endLease(row.webhookId, row.sequence, leaseEndsAt)) return this.#endIfDelivered(row)

    const { status, standing, at } = this.#judged(row, now)
    const { changes } = this.#q.update.run(status, at, row.sequence, row.webhookId)
    if (Number(changes) === 1) this.#waiting.wait(standing, row.webhookId, row.sequence, at)
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

  #recordAttempt({ sequence, webhookId, outcome }: SettlementRow, startedAt: Instant): void {
    if (outcome === null) return
    const { kind, status, detail, connected, first_byte, ended, headers, body, is_cut } = outcome
    const { number } = this.#q.nextNumber.get(sequence, webhookId) as { number: number }
    this.#q.attempt.run(
      ...[sequence, webhookId, number, startedAt, kind, status, detail],
      ...[connected, first_byte, ended, headers, body, is_cut],
    )
    if (number > 1) this.#q.countAttempt.run(number, sequence, webhookId)
  }

  #pause(webhookId: number, reason: PauseReason, now: Instant): void {
    const { changes } = this.#q.pause.run(now, reason, webhookId)
    if (Number(changes) === 1) this.#q.listenersChanged.run()
  }

  #noteHealth({ webhookId, status, startedAt }: SettlementRow, now: Instant): void {
    const health = this.#q.health.get(webhookId) as HealthRow | undefined
    if (status === delivered) {
      this.#q.noteSuccess.run(webhookId, startedAt)
      // A receiver that is back gets everything that waits, as Patreon does it.
      if (health?.schedule === 'patreon' && health.failing_since !== null) this.#waiting.startFlushing(webhookId)
      return
    }
    this.#q.noteFailure.run(webhookId, startedAt)
    const since: Health = {
      failingSince: health?.failing_since ?? null,
      consecutiveFailures: health?.consecutive_failures ?? 0,
      lastAttemptedAt: startedAt,
    }
    if (isFailingTooLong(since, health?.schedule ?? 'standard', now)) this.#pause(webhookId, 'failing', now)
  }
}

type HealthRow = { failing_since: number | null; consecutive_failures: number; schedule: ScheduleName }

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
  health: db.prepare(
    `select failing_since, coalesce(consecutive_failures, 0) as consecutive_failures, schedule
     from webhooks left join webhook_health on webhook_id = id where id = ?`,
  ),
  noteSuccess: db.prepare(
    `insert into webhook_health (webhook_id, failing_since, consecutive_failures, last_attempted_at)
     values (?1, null, 0, ?2)
     on conflict do update set failing_since = null, consecutive_failures = 0, last_attempted_at = ?2`,
  ),
  noteFailure: db.prepare(
    `insert into webhook_health (webhook_id, failing_since, consecutive_failures, last_attempted_at)
     values (?1, ?2, 1, ?2)
     on conflict do update set failing_since = coalesce(failing_since, ?2),
       consecutive_failures = consecutive_failures + 1, last_attempted_at = ?2`,
  ),
})
