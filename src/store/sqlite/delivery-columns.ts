import { type Delivery, type DeliveryStatus, deliveryStatuses } from '../../domain/delivery.ts'
import type { Instant } from '../../domain/time.ts'

/** The numbers that statuses are stored as; SQL statements name them too. Never change one, only add. */
export const statusCodes = { due: 0, held: 1, delivered: 2, exhausted: 3, cancelled: 4 } as const satisfies Record<
  DeliveryStatus,
  number
>

const statusOf = new Map<number, DeliveryStatus>(deliveryStatuses.map((status) => [statusCodes[status], status]))

/** The one moment that each state has. */
export function momentOf(delivery: Delivery): Instant {
  switch (delivery.status) {
    case 'due':
      return delivery.dueAt
    case 'held':
      return delivery.heldSince
    case 'delivered':
    case 'exhausted':
    case 'cancelled':
      return delivery.endedAt
  }
}

/** The delivery that lies in a row. */
export function deliveryIn(row: {
  sequence: number
  webhook_id: number
  status: number
  attempts_made: number
  at: number
}): Delivery {
  const facts = { sequence: row.sequence, webhookId: String(row.webhook_id), attemptsMade: row.attempts_made }
  const status = statusOf.get(row.status)
  if (status === undefined) {
    throw new Error(`a delivery has an unknown status (${row.status}): it was written by a newer version`)
  }
  switch (status) {
    case 'due':
      return { ...facts, status, dueAt: row.at }
    case 'held':
      return { ...facts, status, heldSince: row.at }
    case 'delivered':
    case 'exhausted':
    case 'cancelled':
      return { ...facts, status, endedAt: row.at }
  }
}
