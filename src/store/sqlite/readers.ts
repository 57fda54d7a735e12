import type { Attempt } from '../../domain/delivery.ts'
import { bytesOf, type Event, type FullerBodies } from '../../domain/event.ts'
import { type OutcomeColumns, outcomeIn } from '../outcome-columns.ts'
import type { Deliveries, DeliveryView, Events } from '../store.ts'
import type { Database } from './database.ts'
import { deliveryIn, statusCodes } from './delivery-columns.ts'

type EventRow = { sequence: number; id: string; tenant: string; trigger: string; accepted_at: number; body: Uint8Array }
type DeliveryRow = Omit<EventRow, 'body'> & { webhook_id: number; status: number; attempts_made: number; at: number }

/** Reads events over a connection of their own. */
export function eventReader(
  db: Database,
): Events & { listBetween(after: number, below: number, limit: number): Event[] } {
  const q = {
    find: db.prepare('select * from events where sequence = ?'),
    findById: db.prepare(
      `select * from events where id = ?1 and (?2 is null or tenant in (select value from json_each(?2)))
       order by sequence desc limit 1`,
    ),
    list: db.prepare(
      `select * from events where sequence > ?1 and (?2 is null or trigger = ?2) order by sequence limit ?3`,
    ),
    listOfTenants: db.prepare(
      `select * from events where tenant in (select value from json_each(?4)) and sequence > ?1
       and (?2 is null or trigger = ?2) order by sequence limit ?3`,
    ),
    listBetween: db.prepare('select * from events where sequence > ? and sequence < ? order by sequence limit ?'),
  }
  const event = eventWith(fullerReader(db))
  const one = (row: unknown) => (row === undefined ? null : event(row as EventRow))
  const many = (rows: unknown[]) => (rows as EventRow[]).map(event)

  return {
    find: async (sequence) => one(q.find.get(sequence)),
    findById: async (id, tenants) => one(q.findById.get(id, tenants === null ? null : JSON.stringify(tenants))),
    list: async ({ after, tenants, trigger }, limit) =>
      many(
        tenants === null
          ? q.list.all(after, trigger, limit)
          : q.listOfTenants.all(after, trigger, limit, JSON.stringify(tenants)),
      ),
    listBetween: (after, below, limit) => asMuchAs(readBackBytes, q.listBetween.iterate(after, below, limit), event),
  }
}

const eventWith =
  (fullerOf: (sequence: number) => FullerBodies | null) =>
  (row: EventRow): Event => ({
    sequence: row.sequence,
    id: row.id,
    tenant: row.tenant,
    trigger: row.trigger,
    body: row.body,
    bodies: fullerOf(row.sequence),
    acceptedAt: row.accepted_at,
  })

/** An event and its bodies are never changed, only dropped together, so that two statements find what belongs together. */
function fullerReader(db: Database): (sequence: number) => FullerBodies | null {
  const list = db.prepare('select audience, body from event_bodies where sequence = ? order by audience')
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

type DeliveryReads = Pick<Deliveries, 'listKnown' | 'find' | 'list' | 'listAttempts' | 'findHealth'>

const viewed = `deliveries.sequence, webhook_id, status, attempts_made, at, events.id, tenant, trigger, accepted_at
  from deliveries join events on events.sequence = deliveries.sequence`

/** Reads deliveries over a connection of their own. */
export function deliveryReader(db: Database): DeliveryReads {
  const q = prepare(db)
  return {
    listKnown: async (from, to) =>
      (q.listKnown.all(from, to) as { sequence: number; webhook_id: number }[]).map(({ sequence, webhook_id }) => ({
        sequence,
        webhookId: String(webhook_id),
      })),

    async find({ sequence, webhookId }) {
      const row = q.find.get(sequence, Number(webhookId)) as DeliveryRow | undefined
      return row === undefined ? null : view(row)
    },

    async list({ webhookIds, eventId, status, before }, limit) {
      const webhooks = webhookIds === null ? null : JSON.stringify(webhookIds.map(Number))
      const code = status === null ? null : statusCodes[status]
      const below = [before?.sequence ?? null, before === null ? null : Number(before.webhookId)]
      if (eventId !== null) return views(q.listOfEvent.all(webhooks, code, ...below, limit, eventId))
      return views(q.list.all(webhooks, code, ...below, limit))
    },

    async listAttempts({ sequence, webhookId }) {
      const rows = q.attempts.all(sequence, Number(webhookId)) as (OutcomeColumns & {
        number: number
        started_at: number
      })[]
      return rows.map((row): Attempt => ({ number: row.number, startedAt: row.started_at, outcome: outcomeIn(row) }))
    },

    async findHealth(webhookId) {
      const row = q.health.get(Number(webhookId)) as HealthRow
      return {
        failingSince: row.failing_since,
        consecutiveFailures: row.consecutive_failures ?? 0,
        lastAttemptedAt: row.last_attempted_at,
        due: row.due,
        held: row.held,
      }
    },
  }
}

type HealthRow = {
  failing_since: number | null
  consecutive_failures: number | null
  last_attempted_at: number | null
  due: number
  held: number
}

const prepare = (db: Database) => {
  const filter = `(?1 is null or webhook_id in (select value from json_each(?1)))
    and (?2 is null or status = ?2)
    and (?3 is null or (deliveries.sequence, webhook_id) < (?3, ?4))`
  const newestFirst = 'order by deliveries.sequence desc, webhook_id desc limit ?5'
  return {
    listKnown: db.prepare('select sequence, webhook_id from deliveries where sequence between ? and ?'),
    find: db.prepare(`select ${viewed} where deliveries.sequence = ? and webhook_id = ?`),
    listOfEvent: db.prepare(`select ${viewed} where events.id = ?6 and ${filter} ${newestFirst}`),
    list: db.prepare(`select ${viewed} where ${filter} ${newestFirst}`),
    attempts: db.prepare('select * from attempts where sequence = ? and webhook_id = ? order by number'),
    health: db.prepare(
      `select failing_since, consecutive_failures, last_attempted_at,
         (select count(*) from due where due.webhook_id = ?1) as due,
         (select count(*) from held where held.webhook_id = ?1) as held
       from (select ?1 as id) left join webhook_health on webhook_health.webhook_id = id`,
    ),
  }
}

const views = (rows: unknown[]): DeliveryView[] => (rows as DeliveryRow[]).map(view)

const view = (row: DeliveryRow): DeliveryView => ({
  delivery: deliveryIn(row),
  event: { id: row.id, tenant: row.tenant, trigger: row.trigger, acceptedAt: row.accepted_at },
})
