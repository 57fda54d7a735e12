/**
 * Events by their ids. A UUID, as nearly every id is, lies in a row as its 16 bytes, which is less than half of its text; a
 * caller's own id lies there as it is. Each kind has an index: UUIDs are nobody's but one event's, while the tenants of a
 * platform may all begin to number their orders with 1, and none is looked for among those of all others.
 */
import type { Sequence, Tenant } from '../../domain/event.ts'
import type { Database } from './database.ts'

/** An id as it lies in a row. */
export type IdCell = string | Uint8Array

/** Lowercase alone, as the same bytes must be the same id (RFC 9562 §4). */
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** An id as it is written into a row. */
export const idCell = (id: string): IdCell => (uuid.test(id) ? Buffer.from(id.replaceAll('-', ''), 'hex') : id)

/** The id that lies in a row. */
export function idIn(cell: IdCell): string {
  if (typeof cell === 'string') return cell
  const hex = Buffer.from(cell.buffer, cell.byteOffset, cell.byteLength).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** Finds events by their ids. */
export class EventIds {
  readonly #bytes
  readonly #text

  constructor(db: Database) {
    this.#bytes = prepare(db, 'blob')
    this.#text = prepare(db, 'text')
  }

  /** The newest with this id among these tenants; null: any tenant. */
  newest(id: string, tenants: readonly Tenant[] | null): Sequence | null {
    const among = tenants === null ? null : JSON.stringify(tenants)
    const found = this.#places(id).flatMap(({ q, cell }) => {
      const row = among === null ? q.newest.get(cell) : q.newestOfTenants.get(cell, among)
      return (row as { sequence: Sequence | null }).sequence ?? []
    })
    return found.length === 0 ? null : Math.max(...found)
  }

  /** All with this id up to a sequence, the newest first: as many as there are tenants that use it. */
  all(id: string, upTo: Sequence): Sequence[] {
    return this.#places(id)
      .flatMap(({ q, cell }) => q.all.all(cell, upTo) as { sequence: Sequence }[])
      .map(({ sequence }) => sequence)
      .sort((one, other) => other - one)
  }

  /** Events from before UUIDs were kept as bytes have them as text. */
  #places(id: string) {
    const cell = idCell(id)
    const asText = { q: this.#text, cell: id }
    return typeof cell === 'string' ? [asText] : [{ q: this.#bytes, cell }, asText]
  }
}

/** The planner takes an index of some rows only where the statement says that it asks for no others. */
const prepare = (db: Database, kind: 'blob' | 'text') => ({
  newest: db.prepare(`select max(sequence) as sequence from events where id = ? and typeof(id) = '${kind}'`),
  newestOfTenants: db.prepare(
    `select max(sequence) as sequence from events
     where id = ? and typeof(id) = '${kind}' and tenant in (select value from json_each(?))`,
  ),
  all: db.prepare(`select sequence from events where id = ? and typeof(id) = '${kind}' and sequence <= ?`),
})
