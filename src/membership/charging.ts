/** What a charge makes of a member: pure rules. No money moves here; it is only said that it did. */
import { type ChargeOutcome, type ChargeStatus, chargeCents, type Member, type PledgeEvent } from '../domain/member.ts'
import type { Cadence, Pledge } from '../domain/membership.ts'
import { days, type Instant } from '../domain/time.ts'

/** The first moment of a month, in UTC, so many months after the month of `from`: Patreon charges on the first. */
export function turnOfMonth(from: Instant, months: Cadence): Instant {
  const date = new Date(from)
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)
}

/** The same day so many months later, or the last day of a month that is too short for it. */
export function monthsAfter(from: Instant, months: number): Instant {
  const date = new Date(from)
  const firstOfMonth = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, 1)
  const lastDay = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months + 1, 0)).getUTCDate()
  return firstOfMonth + days(Math.min(date.getUTCDate(), lastDay) - 1) + (from % days(1))
}

/** A member who paid: lifetime grows. */
export const paid = (
  member: Member,
  { cents, now, nextChargeAt }: { cents: number; now: Instant; nextChargeAt: Instant | null },
): Member => ({
  ...member,
  lastChargeAt: now,
  lastChargeStatus: 'Paid',
  nextChargeAt,
  lifetimeCents: member.lifetimeCents + cents,
})

/** A member who paid for a month or a year; the next charge is at the turn of the month. */
export const paidByMonth = (member: Member, pledge: Pledge, now: Instant): Member =>
  paid(member, { cents: chargeCents(pledge), now, nextChargeAt: turnOfMonth(now, pledge.cadenceMonths) })

/** A member at the beginning of a pledge, and what came of the first charge; null: nothing is charged before a creation. */
export function begun(member: Member, pledge: Pledge, firstCharge: ChargeOutcome | null): Member {
  const now = pledge.createdAt
  const started = { ...member, isFollower: false, pledgeStartedAt: now, lastChargeStatus: null, nextChargeAt: null }
  switch (pledge.kind) {
    case 'paid':
      if (firstCharge === null) return started
      return firstCharge === 'Paid' ? paidByMonth(started, pledge, now) : failed(started, firstCharge, now)
    case 'gift':
      return { ...started, nextChargeAt: pledge.freeUntil }
    case 'trial':
      return { ...started, lastChargeStatus: 'Free Trial', nextChargeAt: pledge.freeUntil }
  }
}

/** A member whose charge failed: nothing is charged until it is recovered. */
export const failed = (member: Member, status: Exclude<ChargeOutcome, 'Paid'>, now: Instant): Member => ({
  ...member,
  lastChargeAt: now,
  lastChargeStatus: status,
  nextChargeAt: null,
})

/**
 * What one creation costs: the amount of the pledge, as long as the month's charges together stay within what the patron
 * allows; what was given back counts, so that nobody is charged twice for less.
 */
export function creationCents(
  { amountCents, capCents }: Pick<Pledge, 'amountCents' | 'capCents'>,
  events: readonly PledgeEvent[],
  now: Instant,
): number {
  if (capCents === null) return amountCents
  const month = turnOfMonth(now, 1)
  const spent = events
    .filter(({ paymentStatus, happenedAt }) => paymentStatus === 'Paid' && turnOfMonth(happenedAt, 1) === month)
    .reduce((sum, payment) => sum + payment.amountCents, 0)
  return Math.max(0, Math.min(amountCents, capCents - spent))
}

/** A member who got the last payment back, or a part of it. */
export const refunded = (member: Member, { amountCents, paymentStatus }: Refund): Member => ({
  ...member,
  // It is an earlier payment that comes back where the last charge failed.
  lastChargeStatus: isFailed(member.lastChargeStatus) ? member.lastChargeStatus : paymentStatus,
  lifetimeCents: member.lifetimeCents - amountCents,
})

const isFailed = (status: ChargeStatus | null): boolean => status === 'Declined' || status === 'Fraud'

/** The last payment of which anything is left, and how much; null when there is none. */
export function lastPayment(events: readonly PledgeEvent[]): { payment: PledgeEvent; leftCents: number } | null {
  const payments: { payment: PledgeEvent; leftCents: number }[] = []
  for (const event of events) {
    const last = payments.at(-1)
    if (event.paymentStatus === 'Paid') payments.push({ payment: event, leftCents: event.amountCents })
    if (event.paymentStatus === 'Partially Refunded' && last !== undefined) last.leftCents -= event.amountCents
    if (event.paymentStatus === 'Refunded') payments.pop()
  }
  return payments.at(-1) ?? null
}

/** What a failed charge would have taken; null when the last one did not fail. */
export function failedCents(events: readonly PledgeEvent[]): number | null {
  const last = events.findLast(({ paymentStatus }) => paymentStatus === 'Paid' || isFailed(paymentStatus))
  return last !== undefined && isFailed(last.paymentStatus) ? last.amountCents : null
}

/** Nothing more is charged, and only who paid ever is a member still. */
export const ended = (member: Member, { hasPaid, now }: { hasPaid: boolean; now: Instant }): Member => ({
  ...member,
  lastChargeStatus: 'Deleted',
  nextChargeAt: null,
  leftAt: hasPaid ? member.leftAt : now,
})

/** A free member again, as before what was given to them. */
export const lapsed = (member: Member): Member => ({
  ...member,
  pledgeStartedAt: null,
  lastChargeStatus: null,
  nextChargeAt: null,
})

/** The kind of change that an edit is; null when the amount stays. */
export function changeOf(from: Pledge, to: Pledge): 'pledge_upgrade' | 'pledge_downgrade' | null {
  if (from.amountCents === to.amountCents) return null
  return from.amountCents < to.amountCents ? 'pledge_upgrade' : 'pledge_downgrade'
}

/** What is written down of a charge. */
export type Charge = { type: 'subscription'; amountCents: number; paymentStatus: ChargeStatus }

/** What is written down of a payment that comes back, whole or in part. */
export type Refund = Charge & { paymentStatus: 'Refunded' | 'Partially Refunded' }

/** A charge of so much, and what came of it. */
export const chargeOf = (amountCents: number, paymentStatus: ChargeOutcome): Charge => ({
  type: 'subscription',
  amountCents,
  paymentStatus,
})
