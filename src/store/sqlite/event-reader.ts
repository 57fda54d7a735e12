import { bytesOf, type Event, type FullerBodies, type Tenant } from '../../domain/event.ts'
import type { Trigger } from '../../domain/trigger.ts'
import type { Events } from '../store.ts'
import { atOneMoment, type Database } from './database.ts'
import { EventIds, type IdCell, idIn } from './event-ids.ts'
import { behind, from, pageOf, woven } from './strands.ts'

type EventRow = { sequence: number; id: IdCell; tenant: string; trigger: string; accepted_at: number; body: Uint8Array }

/** An event's place in a list. */
type Place = { sequence: number }

/** Reads events over a connection of their own. */
export function eventReader(
  db: Database,
): Events & { listBetween(after: number, below: number, limit: number): Event[] } {
  const q = prepare(db)
  const ids = new EventIds(db)
  const event = eventWith(fullerReader(db))
  const find = (sequence: number): Event | null => {
    const row = q.find.get(sequence) as EventRow | undefined
    return row === undefined ? null : event(row)
  }

  return {
    find: async (sequence) => find(sequence),

    async findById(id, tenants) {
      const sequence = ids.newest(id, tenants)
      return sequence === null ? null : find(sequence)
    },

    list: async ({ after, tenants, trigger }, limit) =>
      atOneMoment(db, () => {
        const list = tenants === null ? behind({ sequence: after }, sliceOf(q.log)) : ofTenants(q, tenants, after)
        const isWanted = ({ sequence }: Place) => trigger === null || isOf(q, sequence, trigger)
        const { wanted, last } = pageOf(list, { isWanted, limit })
        return { entries: wanted.flatMap(({ sequence }) => find(sequence) ?? []), next: last?.sequence ?? null }
      }),

    listBetween: (after, below, limit) => asMuchAs(readBackBytes, q.listBetween.iterate(after, below, limit), event),
  }
}

const prepare = (db: Database) => ({
  find: db.prepare('select * from events where sequence = ?'),
  log: db.prepare('select sequence from events where sequence > ? order by sequence limit ?'),
  firstOfTenants: db.prepare(
    `with firsts as materialized (
       select value as tenant, (
         select sequence from events where tenant = value and sequence > ?2 order by sequence limit 1) as sequence
       from json_each(?1))
     select * from firsts where sequence is not null`,
  ),
  ofTenant: db.prepare('select sequence from events where tenant = ?3 and sequence > ?1 order by sequence limit ?2'),
  isOf: db.prepare('select 1 as yes from events where sequence = ? and trigger = ?'),
  listBetween: db.prepare('select * from events where sequence > ? and sequence < ? order by sequence limit ?'),
})

type Statements = ReturnType<typeof prepare>

const sliceOf =
  (statement: Statements['log'], ...whose: string[]) =>
  ({ sequence }: Place, limit: number) =>
    statement.all(sequence, limit, ...whose) as Place[]

function ofTenants(q: Statements, tenants: readonly Tenant[], after: number): Iterable<Place> {
  const firsts = q.firstOfTenants.all(JSON.stringify(tenants), after) as (Place & { tenant: string })[]
  const strands = firsts.map(({ tenant, sequence }) => from({ sequence }, sliceOf(q.ofTenant, tenant)))
  return woven(strands, (one, other) => one.sequence - other.sequence)
}

/** An index of triggers would make every event larger; so the events of one trigger are looked for among the others. */
const isOf = (q: Statements, sequence: number, trigger: Trigger): boolean => q.isOf.get(sequence, trigger) !== undefined

const eventWith =
  (fullerOf: (sequence: number) => FullerBodies | null) =>
  (row: EventRow): Event => ({
    sequence: row.sequence,
    id: idIn(row.id),
    tenant: row.tenant,
    trigger: row.trigger,
    body: row.body,
    bodies: fullerOf(row.sequence),
    acceptedAt: row.accepted_at,
  })

/** An event and its bodies are never changed, only dropped together, so that two statements find what belongs together. */
function fullerReader(db: Database): (sequence: number) => FullerBodies | null {
  const list = db.prepare(
    'select place % 4 as audience, body from event_bodies where place between ?1 * 4 and ?1 * 4 + 3 order by place',
  )
  return (sequence) => {
    const rows = list.all(sequence) as FullerBodies
    return rows.length === 0 ? null : rows
  }
}

/** What is read back at a time is in memory until it is planned. */
const readBackBytes = 8 * 1024 * 1024

function asMuchAs(limitBytes: number, rows: Iterable<unknown>, event: (row: EventRow) => Event): Event[] {
  const events: Event[] = []
  let bytes = 0
  for (const row of rows) {
    const one = event(row as EventRow)
    events.push(one)
    bytes += bytesOf(one)
    if (bytes >= limitBytes) break
  }
  return events
}
