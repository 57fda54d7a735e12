import type { Attempt, DeliveryKey } from '../../domain/delivery.ts'
import { type OutcomeColumns, outcomeIn } from '../outcome-columns.ts'
import type { Deliveries, DeliveryView } from '../store.ts'
import { atOneMoment, type Database } from './database.ts'
import { deliveryIn } from './delivery-columns.ts'
import { listOf, listStatements, type Place } from './delivery-lists.ts'
import { type IdCell, idIn } from './event-ids.ts'
import { pageOf } from './strands.ts'

type DeliveryRow = Place & {
  attempts_made: number
  at: number
  id: IdCell
  tenant: string
  trigger: string
  accepted_at: number
}

type DeliveryReads = Pick<Deliveries, 'listKnown' | 'find' | 'list' | 'listAttempts' | 'findHealth'>

/** Reads deliveries over a connection of their own. */
export function deliveryReader(db: Database): DeliveryReads {
  const q = prepare(db)
  const lists = listStatements(db)
  const find = (sequence: number, webhookId: number): DeliveryView | null => {
    const row = q.find.get(sequence, webhookId) as DeliveryRow | undefined
    return row === undefined ? null : view(row)
  }

  return {
    listKnown: async (from, to) => (q.listKnown.all(from, to) as Place[]).map(keyOf),
    find: async ({ sequence, webhookId }) => find(sequence, Number(webhookId)),

    list: async (filter, limit) =>
      atOneMoment(db, () => {
        const { list, isWanted } = listOf(lists, filter, limit)
        const { wanted, last } = pageOf(list, { isWanted, limit })
        return {
          entries: wanted.flatMap(({ sequence, webhook_id }) => find(sequence, webhook_id) ?? []),
          next: last === null ? null : keyOf(last),
        }
      }),

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
        due: row.due ?? 0,
        held: row.held ?? 0,
      }
    },
  }
}

type HealthRow = {
  failing_since: number | null
  consecutive_failures: number | null
  last_attempted_at: number | null
  due: number | null
  held: number | null
}

const prepare = (db: Database) => ({
  listKnown: db.prepare('select sequence, webhook_id from deliveries where sequence between ? and ?'),
  find: db.prepare(
    `select deliveries.sequence, webhook_id, status, attempts_made, at, events.id, tenant, trigger, accepted_at
     from deliveries join events on events.sequence = deliveries.sequence
     where deliveries.sequence = ? and webhook_id = ?`,
  ),
  attempts: db.prepare('select * from attempts where sequence = ? and webhook_id = ? order by number'),
  health: db.prepare(
    `select failing_since, consecutive_failures, last_attempted_at, due, held from (select ? as id)
     left join webhook_health on webhook_health.webhook_id = id
     left join waiting_counts on waiting_counts.webhook_id = id`,
  ),
})

const keyOf = ({ sequence, webhook_id }: Pick<Place, 'sequence' | 'webhook_id'>): DeliveryKey => ({
  sequence,
  webhookId: String(webhook_id),
})

const view = (row: DeliveryRow): DeliveryView => ({
  delivery: deliveryIn(row),
  event: { id: idIn(row.id), tenant: row.tenant, trigger: row.trigger, acceptedAt: row.accepted_at },
})
