import type { FullerBodies, Sequence } from '../../domain/event.ts'
import type { Database } from './database.ts'
import { EventIds, idCell } from './event-ids.ts'
import type { EventColumns, Fate } from './protocol.ts'

/** An event's row before it has its place. */
export type EventRow = {
  id: string
  tenant: string
  trigger: string
  acceptedAt: number
  mayRepeat: boolean
  body: Uint8Array
  bodies: FullerBodies | null
}

/** Gives events their places in the journal; the row it writes is the event, for good. */
export class Appender {
  lastSequence: Sequence
  readonly #insert
  readonly #insertFuller
  readonly #ids: EventIds
  readonly #find

  constructor(db: Database, lastSequence: Sequence) {
    this.lastSequence = lastSequence
    this.#insert = db.prepare(
      'insert into events (sequence, id, tenant, trigger, accepted_at, body) values (?, ?, ?, ?, ?, ?)',
    )
    this.#insertFuller = db.prepare('insert into event_bodies (place, body) values (? * 4 + ?, ?)')
    this.#ids = new EventIds(db)
    this.#find = db.prepare('select trigger, body from events where sequence = ?')
  }

  append(event: EventRow): { sequence: Sequence; fate: Fate } {
    const earlier = event.mayRepeat ? this.#earlier(event) : null
    if (earlier !== null) return earlier

    this.lastSequence += 1
    const { id, tenant, trigger, acceptedAt, body } = event
    this.#insert.run(this.lastSequence, idCell(id), tenant, trigger, acceptedAt, body)
    if (event.bodies !== null) this.#addFuller(event.bodies)
    return { sequence: this.lastSequence, fate: 0 }
  }

  /** In the commit of the event itself, so that nobody ever finds one without the other. */
  #addFuller(bodies: FullerBodies): void {
    for (const { audience, body } of bodies) this.#insertFuller.run(this.lastSequence, audience, body)
  }

  appendAll(events: EventColumns): { sequences: Sequence[]; fates: Fate[] } {
    const sequences: Sequence[] = []
    const fates: Fate[] = []
    let start = 0
    for (const [index, end] of events.bodyEnds.entries()) {
      const { sequence, fate } = this.append(rowAt(events, index, start, end))
      sequences.push(sequence)
      fates.push(fate)
      start = end
    }
    return { sequences, fates }
  }

  /** The same trigger and bytes under this id are a repetition; anything else means that the id is taken. */
  #earlier(event: EventRow): { sequence: Sequence; fate: Fate } | null {
    const sequence = this.#ids.newest(event.id, [event.tenant])
    const row =
      sequence === null ? undefined : (this.#find.get(sequence) as Pick<EventRow, 'trigger' | 'body'> | undefined)
    if (sequence === null || row === undefined) return null
    const isSame = row.trigger === event.trigger && Buffer.compare(row.body, event.body) === 0
    return { sequence, fate: isSame ? 1 : 2 }
  }
}

function rowAt(events: EventColumns, index: number, start: number, end: number): EventRow {
  const { ids, tenants, triggers, acceptedAts, mayRepeats, bodies } = events
  return {
    id: ids[index] ?? '',
    tenant: tenants[index] ?? '',
    trigger: triggers[index] ?? '',
    acceptedAt: acceptedAts[index] ?? 0,
    mayRepeat: mayRepeats[index] ?? false,
    body: new Uint8Array(bodies, start, end - start),
    // What is published has one body; more than one is made by commands alone.
    bodies: null,
  }
}
