/** Which deliveries a list looks at, in its order: the newest event first. */
import type { DeliveryFilter } from '../store.ts'
import type { Database } from './database.ts'
import { statusCodes } from './delivery-columns.ts'
import { EventIds } from './event-ids.ts'
import { behind, from, woven } from './strands.ts'

/** A delivery's place in a list, and what filters ask of it. */
export type Place = { sequence: number; webhook_id: number; status: number }

/** A list, and what a page wants of it. */
export type List = { list: Iterable<Place>; isWanted(place: Place): boolean }

/** Behind this lies all that there is. */
const top = 2 ** 52

/** Chooses the indexes that a filter reads, and what is left to be looked for among what lies there. */
export function listOf(
  q: ListStatements,
  { webhookIds, eventId, status, before }: DeliveryFilter,
  limit: number,
): List {
  const code = status === null ? null : statusCodes[status]
  const webhooks = webhookIds === null ? null : webhookIds.map(Number)
  const start = { sequence: before?.sequence ?? top, webhook_id: Number(before?.webhookId ?? top), status: 0 }
  const hasStatus = (place: Place) => code === null || place.status === code
  if (eventId !== null) {
    const chosen = webhooks === null ? null : new Set(webhooks)
    const isChosen = ({ webhook_id }: Place) => chosen === null || chosen.has(webhook_id)
    return { list: ofEvents(q, eventId, start), isWanted: (place) => hasStatus(place) && isChosen(place) }
  }
  if (webhooks !== null) return { list: ofWebhooks(q, webhooks, { code, start, limit }), isWanted: () => true }
  // Nearly all were delivered: an index of them would be the log once more.
  if (code === null || code === statusCodes.delivered) {
    return { list: behind(start, q.log), isWanted: hasStatus }
  }
  return { list: behind(start, (place, limit) => q.ofStatus(code, place, limit)), isWanted: () => true }
}

/** Each status of each webhook that has any is a strand by itself; a page needs no more strands than it has places. */
function ofWebhooks(
  q: ListStatements,
  webhooks: readonly number[],
  { code, start, limit }: { code: number | null; start: Place; limit: number },
): Iterable<Place> {
  const wanted = JSON.stringify(webhooks)
  const strands = [...q.byStatus].flatMap(([status, { firsts, slice }]) =>
    code === null || status === code ? firsts(wanted, start).map((first) => ({ first, slice })) : [],
  )
  const newest = strands.sort((one, other) => newestFirst(one.first, other.first)).slice(0, limit)
  return woven(
    newest.map(({ first, slice }) => from(first, slice)),
    newestFirst,
  )
}

const newestFirst = (one: Place, other: Place): number =>
  other.sequence - one.sequence || other.webhook_id - one.webhook_id

/** Of all events that go by an id, one event after another. */
function* ofEvents(q: ListStatements, eventId: string, start: Place): Generator<Place> {
  for (const sequence of q.ids.all(eventId, start.sequence)) {
    const webhook_id = sequence === start.sequence ? start.webhook_id : top
    yield* behind({ sequence, webhook_id, status: 0 }, q.ofEvent)
  }
}

/** The statements that lists are read with. */
export type ListStatements = ReturnType<typeof listStatements>

/** Prepares what `listOf` reads with: one statement for each index. */
export function listStatements(db: Database) {
  const log = db.prepare(
    `select sequence, webhook_id, status from deliveries where (sequence, webhook_id) < (?, ?)
     order by sequence desc, webhook_id desc limit ?`,
  )
  const ofStatus = db.prepare(
    `select sequence, webhook_id, status from deliveries
     where status = ? and status <> 2 and (sequence, webhook_id) < (?, ?)
     order by sequence desc, webhook_id desc limit ?`,
  )
  const ofEvent = db.prepare(
    `select sequence, webhook_id, status from deliveries where sequence = ? and webhook_id < ?
     order by webhook_id desc limit ?`,
  )
  return {
    log: ({ sequence, webhook_id }: Place, limit: number) => log.all(sequence, webhook_id, limit) as Place[],
    ofStatus: (code: number, { sequence, webhook_id }: Place, limit: number) =>
      ofStatus.all(code, sequence, webhook_id, limit) as Place[],
    ofEvent: ({ sequence, webhook_id }: Place, limit: number) => ofEvent.all(sequence, webhook_id, limit) as Place[],
    ids: new EventIds(db),
    byStatus: new Map(Object.values(statusCodes).map((code) => [code, strandStatements(db, code)])),
  }
}

/** The planner takes an index of some rows only where the statement says that it asks for no others. */
function strandStatements(db: Database, code: number) {
  const hasStatus = code === statusCodes.delivered ? 'status = 2' : `status = ${code} and status <> 2`
  // A webhook that stands before the cursor's has the cursor's own event still before it.
  const firsts = db.prepare(
    `with firsts as materialized (
       select value as webhook_id, ${code} as status, (
         select sequence from deliveries where webhook_id = value and ${hasStatus} and sequence < ?2 + (value < ?3)
         order by sequence desc limit 1) as sequence
       from json_each(?1))
     select * from firsts where sequence is not null`,
  )
  const slice = db.prepare(
    `select sequence, webhook_id, status from deliveries where webhook_id = ? and ${hasStatus} and sequence < ?
     order by sequence desc limit ?`,
  )
  return {
    firsts: (webhooks: string, { sequence, webhook_id }: Place) =>
      firsts.all(webhooks, sequence, webhook_id) as Place[],
    slice: ({ sequence, webhook_id }: Place, limit: number) => slice.all(webhook_id, sequence, limit) as Place[],
  }
}
