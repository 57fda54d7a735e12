import { type Duration, days, hours, minutes, seconds } from './time.ts'

/** When a delivery that failed is tried again, and when a webhook that only fails is given a rest. */
export type RetrySchedule = {
  name: ScheduleName
  /** The wait after the first failure, after the second, and so on; after the last there is no more. */
  waits: readonly Duration[]
  /** Each wait is spread over ± this share. */
  spread: number
}

/** The name of a schedule. */
export type ScheduleName = 'patreon' | 'standard'

/** The longest that a receiver's `Retry-After` is honoured: a mistake there must not park an event for ever. */
export const retryAfterLimit: Duration = days(1)

/** A webhook on `standard` that did nothing but fail for so long is paused. */
export const failingLimit: Duration = days(5)

/** Held deliveries become exhausted after this: whoever paused the webhook isn't coming back for them. */
export const heldLimit: Duration = days(90)

/** Patreon's own schedule, as its documentation had it on 2017-12-05 (wire.md §2.5): seven retries in 25 days, to the hour. */
const patreon: RetrySchedule = {
  name: 'patreon',
  waits: [hours(1), hours(3), days(1), days(3), days(7), days(7), days(7)],
  spread: 0,
}

/** Ten attempts in about three days, for every webhook that is not Patreon-style. */
const standard: RetrySchedule = {
  name: 'standard',
  waits: [seconds(5), minutes(5), minutes(30), hours(2), hours(5), hours(10), hours(14), hours(20), hours(24)],
  spread: 0.2,
}

/** Every schedule by its name. */
export const schedules: Record<ScheduleName, RetrySchedule> = { patreon, standard }

/** How long to wait after this many attempts; null when it was the last. */
export function waitAfter(attemptsMade: number, schedule: RetrySchedule, fraction: number): Duration | null {
  const wait = schedule.waits[attemptsMade - 1]
  return wait === undefined ? null : spread(wait, schedule.spread, fraction)
}

/**
 * Spreads a wait over [1 - share, 1 + share) so that a receiver coming back from
 * an outage is not met by every delivery it missed in the same second.
 */
function spread(wait: Duration, share: number, fraction: number): Duration {
  return Math.round(wait * (1 + share * (2 * fraction - 1)))
}
