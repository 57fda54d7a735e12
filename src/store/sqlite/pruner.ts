import type { Instant } from '../../domain/time.ts'
import type { Database } from './database.ts'
import { statusCodes } from './delivery-columns.ts'

/** Ends what was held for too long and drops what ended too long ago, a slice at a time, so that nobody waits for it. */
export class Pruner {
  readonly #q

  constructor(db: Database) {
    this.#q = prepare(db)
  }

  /**
   * Goes on behind the last event that it looked at, and starts over when it has come to the present.
   * An event with an open delivery stays, and is looked at again in the next round.
   */
  prune(before: { endedBefore: Instant; heldBefore: Instant }, now: Instant, limit: number): number {
    const expired = this.#expireHeld(before.heldBefore, now, limit)
    const slice = this.#q.listNext.all(this.#cursor(), before.endedBefore, limit) as Aged[]
    const old = slice.filter(({ is_old }) => is_old === 1)
    for (const { sequence, is_open } of old) if (is_open === 0) this.#drop(sequence)
    // Behind what is too young all is younger: the next round begins anew, with what had to stay.
    const isOver = slice.length < limit || old.length === 0
    this.#q.moveCursor.run(isOver ? 0 : (slice.at(-1)?.sequence ?? 0))
    return expired + (isOver ? old.length : slice.length)
  }

  #cursor(): number {
    return (this.#q.cursor.get() as { value: number }).value
  }

  #expireHeld(heldBefore: Instant, now: Instant, limit: number): number {
    const held = this.#q.listHeldTooLong.all(heldBefore, limit) as { webhook_id: number; sequence: number }[]
    for (const { webhook_id, sequence } of held) {
      this.#q.unhold.run(webhook_id, sequence)
      this.#q.exhaust.run(statusCodes.exhausted, now, sequence, webhook_id)
    }
    return held.length
  }

  #drop(sequence: number): void {
    this.#q.dropAttempts.run(sequence)
    this.#q.dropDeliveries.run(sequence)
    this.#q.dropBodies.run(sequence)
    this.#q.dropEvent.run(sequence)
  }
}

type Aged = { sequence: number; is_old: number; is_open: number }

const prepare = (db: Database) => ({
  cursor: db.prepare(`select value from numbers where name = 'prune_cursor'`),
  moveCursor: db.prepare(`update numbers set value = ? where name = 'prune_cursor'`),
  // Open is what is due or held (0 and 1), and what ended too lately for its event to go.
  // A slice is judged as a whole: to look for the old ones would read all of the log where nothing is old.
  listNext: db.prepare(
    `select sequence, accepted_at < ?2 as is_old, exists (
       select 1 from deliveries where deliveries.sequence = events.sequence
         and (status in (0, 1) or at >= ?2)) or exists (
       select 1 from due where due.sequence = events.sequence and due.webhook_id in (
         select webhook_id from deliveries where deliveries.sequence = events.sequence)) as is_open
     from events where sequence > ?1
       and sequence <= (select value from numbers where name = 'journal_mark')
     order by sequence limit ?3`,
  ),
  listHeldTooLong: db.prepare('select webhook_id, sequence from held where since < ? limit ?'),
  unhold: db.prepare('delete from held where webhook_id = ? and sequence = ?'),
  exhaust: db.prepare('update deliveries set status = ?, at = ? where sequence = ? and webhook_id = ?'),
  dropAttempts: db.prepare('delete from attempts where sequence = ?'),
  dropDeliveries: db.prepare('delete from deliveries where sequence = ?'),
  dropBodies: db.prepare('delete from event_bodies where place between ?1 * 4 and ?1 * 4 + 3'),
  dropEvent: db.prepare('delete from events where sequence = ?'),
})
