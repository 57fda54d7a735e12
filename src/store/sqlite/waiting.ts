import type { Leased } from '../../domain/delivery.ts'
import type { Instant } from '../../domain/time.ts'
import type { Database } from './database.ts'
import { statusCodes } from './delivery-columns.ts'
import { type Standing, Standings } from './standings.ts'

type Pass = { webhook_id: number; passed: number; last: number }

/** Deliveries that wait: for their time (`due`), or for their webhook to be resumed (`held`). */
export class Waiting {
  /** Webhooks whose due deliveries changed in this commit. */
  readonly touched = new Set<number>()
  readonly #standings: Standings
  readonly #q
  /** The webhook whose turn it was last. */
  #flushed = 0

  constructor(db: Database, standings: Standings) {
    this.#standings = standings
    this.#q = prepare(db)
  }

  /** Puts an open delivery where its standing says; the delivery's row is written by the caller. */
  wait(standing: Standing | 'ended', webhookId: number, sequence: number, at: Instant): void {
    if (standing === 'held') this.#q.hold.run(webhookId, sequence, at)
    if (standing !== 'due') return
    this.#q.wake.run(webhookId, sequence, at)
    this.touched.add(webhookId)
  }

  /** True when the lease is still the caller's; either way it is over. */
  endLease(webhookId: number, sequence: number, leaseEndsAt: Instant): boolean {
    this.touched.add(webhookId)
    return Number(this.#q.endLease.run(webhookId, sequence, leaseEndsAt).changes) === 1
  }

  /** Nothing waits any more: the delivery ended. */
  forget(webhookId: number, sequence: number): void {
    this.#q.unwake.run(webhookId, sequence)
    this.#q.unhold.run(webhookId, sequence)
    this.touched.add(webhookId)
  }

  lease(webhookId: number, limit: number, now: Instant, leaseEndsAt: Instant): Leased[] {
    this.touched.add(webhookId)
    const rows = this.#q.listDue.all(webhookId, now, limit) as { sequence: number; attempts_made: number }[]
    return rows.flatMap(({ sequence, attempts_made }) => {
      const standing = this.#standings.of(webhookId, sequence)
      if (standing !== 'due') {
        this.#divert(standing, webhookId, sequence, now)
        return []
      }
      this.#q.lease.run(leaseEndsAt, webhookId, sequence)
      return [{ webhookId: String(webhookId), sequence, attemptsMade: attempts_made, leaseEndsAt }]
    })
  }

  /** What was due turns out to be held or cancelled. What was delivered before stays delivered. */
  #divert(standing: Standing, webhookId: number, sequence: number, now: Instant): void {
    this.#q.unwake.run(webhookId, sequence)
    const { changes } = this.#q.turn.run(statusCodes[standing], now, sequence, webhookId)
    if (standing === 'held' && Number(changes) === 1) this.#q.hold.run(webhookId, sequence, now)
  }

  /**
   * Goes on with the passes over what waits: each delivery that waited when its pass began, held or for a retry, is due
   * now. One pass and no more, or a receiver that still fails would use up a whole schedule in seconds. Webhooks take
   * turns. A webhook that was paused again keeps what it has; what waits for one that was deleted is due too, and will
   * be cancelled by whoever leases it.
   */
  flush(now: Instant, limit: number): number {
    for (;;) {
      const pass = (this.#q.flushingAfter.get(this.#flushed) ?? this.#q.flushingAfter.get(0)) as Pass | undefined
      if (pass === undefined) return 0
      this.#flushed = pass.webhook_id
      this.touched.add(pass.webhook_id)

      const sequences = this.#standings.isPaused(pass.webhook_id) ? [] : this.#listWaiting(pass, now, limit)
      for (const sequence of sequences) this.#makeDue(pass.webhook_id, sequence, now)
      const passed = sequences.at(-1)
      if (passed !== undefined) this.#q.movePass.run(passed, pass.webhook_id)
      // Nothing is left for this one, so the next has its turn: nobody asks again after "none".
      else this.#q.endFlushing.run(pass.webhook_id)
      if (sequences.length > 0) return sequences.length
    }
  }

  /** In sequence, at most `limit`. */
  #listWaiting({ webhook_id, passed, last }: Pass, now: Instant, limit: number): number[] {
    const held = this.#q.listHeld.all(webhook_id, passed, last, limit)
    const later = this.#q.listLater.all(webhook_id, passed, last, now, limit)
    return ([...held, ...later] as { sequence: number }[])
      .map(({ sequence }) => sequence)
      .sort((one, other) => one - other)
      .slice(0, limit)
  }

  #makeDue(webhookId: number, sequence: number, now: Instant): void {
    this.#q.unhold.run(webhookId, sequence)
    this.#q.turn.run(statusCodes.due, now, sequence, webhookId)
    this.#q.wake.run(webhookId, sequence, now)
  }

  /** One more attempt, asked for by hand: now, unless one is being made this moment. */
  redeliver(webhookId: number, sequence: number, now: Instant): boolean {
    if (this.#q.find.get(sequence, webhookId) === undefined) return false
    this.touched.add(webhookId)
    this.#q.unhold.run(webhookId, sequence)
    this.#q.reopen.run(statusCodes.due, now, sequence, webhookId)
    this.#q.wakeUnlessLeased.run(webhookId, sequence, now)
    return true
  }

  startFlushing(webhookId: number): void {
    this.#q.startFlushing.run(webhookId)
  }

  isFlushing(): boolean {
    return this.#q.flushingAfter.get(0) !== undefined
  }

  /** When the next delivery of a webhook is due; null when none waits. */
  nextWake(webhookId: number): Instant | null {
    const row = this.#q.nextWake.get(webhookId) as { wake_at: Instant | null } | undefined
    return row?.wake_at ?? null
  }

  /** A process that died holds no leases: what it had in hand is due now. Only the store's single owner may say so. */
  endAllLeases(now: Instant): void {
    this.#q.endAllLeases.run(now)
  }
}

const prepare = (db: Database) => ({
  wake: db.prepare(
    `insert into due (webhook_id, sequence, wake_at, is_leased) values (?, ?, ?, 0)
     on conflict do update set wake_at = excluded.wake_at, is_leased = 0`,
  ),
  unwake: db.prepare('delete from due where webhook_id = ? and sequence = ?'),
  hold: db.prepare('insert or ignore into held (webhook_id, sequence, since) values (?, ?, ?)'),
  unhold: db.prepare('delete from held where webhook_id = ? and sequence = ?'),
  endLease: db.prepare('delete from due where webhook_id = ? and sequence = ? and is_leased = 1 and wake_at = ?'),
  lease: db.prepare('update due set wake_at = ?, is_leased = 1 where webhook_id = ? and sequence = ?'),
  listDue: db.prepare(
    `select due.sequence, deliveries.attempts_made
     from due join deliveries using (sequence, webhook_id)
     where due.webhook_id = ? and due.wake_at <= ? order by due.wake_at limit ?`,
  ),
  // Only what is open turns: a delivered one that is delivered again by hand stays delivered (0 due, 1 held).
  turn: db.prepare(
    'update deliveries set status = ?, at = ? where sequence = ? and webhook_id = ? and status in (0, 1)',
  ),
  find: db.prepare('select 1 as yes from deliveries where sequence = ? and webhook_id = ?'),
  // What was delivered stays delivered (2).
  reopen: db.prepare('update deliveries set status = ?, at = ? where sequence = ? and webhook_id = ? and status <> 2'),
  wakeUnlessLeased: db.prepare(
    `insert into due (webhook_id, sequence, wake_at, is_leased) values (?, ?, ?, 0)
     on conflict do update set wake_at = excluded.wake_at where is_leased = 0`,
  ),
  listHeld: db.prepare(
    'select sequence from held where webhook_id = ? and sequence > ? and sequence <= ? order by sequence limit ?',
  ),
  listLater: db.prepare(
    `select sequence from due where webhook_id = ? and sequence > ? and sequence <= ? and wake_at > ? and is_leased = 0
     order by sequence limit ?`,
  ),
  nextWake: db.prepare('select min(wake_at) as wake_at from due where webhook_id = ?'),
  flushingAfter: db.prepare('select * from flushing where webhook_id > ? order by webhook_id limit 1'),
  startFlushing: db.prepare(
    'insert or ignore into flushing (webhook_id, passed, last) select ?, 0, coalesce(max(sequence), 0) from events',
  ),
  movePass: db.prepare('update flushing set passed = ? where webhook_id = ?'),
  endFlushing: db.prepare('delete from flushing where webhook_id = ?'),
  endAllLeases: db.prepare('update due set wake_at = ?, is_leased = 0 where is_leased = 1'),
})
