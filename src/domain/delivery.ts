/**
 * What can become of one event on its way to one webhook.
 *
 * `settle` is the only place that decides it: a retry is one branch here, not a component.
 */

import type { Sequence } from './event.ts'
import { type Outcome, verdictOn } from './outcome.ts'
import { retryAfterOf } from './retry-after.ts'
import { type RetrySchedule, waitAfter } from './retry-schedule.ts'
import type { Duration, Instant } from './time.ts'

/** A delivery is one event for one webhook: the two are its identity, however often it is planned. */
export type DeliveryKey = { sequence: Sequence; webhookId: string }

/** Waiting for its time. */
export type Due = DeliveryKey & { status: 'due'; attemptsMade: number; dueAt: Instant }
/** Kept while its webhook is paused. */
export type Held = DeliveryKey & { status: 'held'; attemptsMade: number; heldSince: Instant }
/** The receiver accepted it. */
export type Delivered = DeliveryKey & { status: 'delivered'; attemptsMade: number; endedAt: Instant }
/** No attempt is left. */
export type Exhausted = DeliveryKey & { status: 'exhausted'; attemptsMade: number; endedAt: Instant }
/** Somebody deleted the webhook, or it may no longer hear the event. */
export type Cancelled = DeliveryKey & { status: 'cancelled'; attemptsMade: number; endedAt: Instant }

/** One event on its way to one webhook. */
export type Delivery = Due | Held | Delivered | Exhausted | Cancelled
/** The name of a state. */
export type DeliveryStatus = Delivery['status']
/** Every state, those that are open first. */
export const deliveryStatuses = ['due', 'held', 'delivered', 'exhausted', 'cancelled'] as const

/** A due delivery that one process holds until the lease ends; then it counts as due again. */
export type Leased = DeliveryKey & { attemptsMade: number; leaseEndsAt: Instant }

/** One request of one delivery; immutable once it ended. */
export type Attempt = { number: number; startedAt: Instant; outcome: Outcome }

/** The name of a delivery for people and in URLs. */
export const deliveryId = ({ sequence, webhookId }: DeliveryKey): string => `${sequence}-${webhookId}`

const idPattern = /^([1-9]\d{0,14})-([1-9]\d{0,14})$/

/** Reads a delivery's name; null when it can't be one. */
export function deliveryKeyOf(id: string): DeliveryKey | null {
  const [, sequence, webhookId] = idPattern.exec(id) ?? []
  return sequence === undefined || webhookId === undefined ? null : { sequence: Number(sequence), webhookId }
}

/** What else an outcome asks for: a receiver that is gone wants its webhook paused. */
export type Settled = { delivery: Delivery; pauses: boolean }

/**
 * What becomes of a delivery once an attempt is over. `attemptsMade` counts that attempt. `receiverNow` is the time as
 * the receiver knows it, who may name a date.
 */
export function settle(
  { sequence, webhookId, attemptsMade }: DeliveryKey & { attemptsMade: number },
  outcome: Outcome,
  at: { now: Instant; receiverNow: Instant; fraction: number; schedule: RetrySchedule },
): Settled {
  const facts = { sequence, webhookId, attemptsMade }

  switch (verdictOn(outcome)) {
    case 'accepted':
      return { delivery: { ...facts, status: 'delivered', endedAt: at.now }, pauses: false }
    case 'gone':
      // 410 is the receiver's way to unsubscribe: asking again would be rude, and the event is kept for a change of mind.
      return { delivery: { ...facts, status: 'held', heldSince: at.now }, pauses: true }
    case 'try-again': {
      const wait = waitAfter(attemptsMade, at.schedule, at.fraction)
      if (wait === null) {
        const pauses = at.schedule.name === 'patreon'
        return { delivery: { ...facts, status: 'exhausted', endedAt: at.now }, pauses }
      }
      const dueAt = at.now + longer(wait, outcome, at.receiverNow)
      return { delivery: { ...facts, status: 'due', dueAt }, pauses: false }
    }
  }
}

/** A receiver may ask for a longer wait than the schedule's, never for a shorter one. */
function longer(wait: Duration, outcome: Outcome, now: Instant): Duration {
  const asked = outcome.kind === 'answered' ? retryAfterOf(outcome.answer, now) : null
  return asked === null ? wait : Math.max(wait, asked)
}
