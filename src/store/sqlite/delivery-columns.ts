import { type Delivery, deliveryStatuses } from '../../domain/delivery.ts'
import type { Instant } from '../../domain/time.ts'

/** The number that a status is stored as. */
export const statusCode = (status: Delivery['status']): number => deliveryStatuses.indexOf(status)

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
  const status = deliveryStatuses[row.status]
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
