/** What a charge makes of a member: pure rules. No money moves here; it is only said that it did. */
import { type ChargeStatus, chargeCents, type Member, type PledgeEvent } from '../domain/member.ts'
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

/** A member who paid: lifetime grows, and the next charge is at the turn of the month. */
export const paid = (member: Member, pledge: Pledge, now: Instant): Member => ({
  ...member,
  lastChargeAt: now,
  lastChargeStatus: 'Paid',
  nextChargeAt: turnOfMonth(now, pledge.cadenceMonths),
  lifetimeCents: member.lifetimeCents + chargeCents(pledge),
})

/** A member at the beginning of a pledge; who is charged by the month pays at once. */
export function begun(member: Member, pledge: Pledge, isMonthly: boolean): Member {
  const now = pledge.createdAt
  const started = { ...member, isFollower: false, pledgeStartedAt: now, lastChargeStatus: null, nextChargeAt: null }
  switch (pledge.kind) {
    case 'paid':
      return isMonthly ? paid(started, pledge, now) : started
    case 'gift':
      return { ...started, nextChargeAt: pledge.freeUntil }
    case 'trial':
      return { ...started, lastChargeStatus: 'Free Trial', nextChargeAt: pledge.freeUntil }
  }
}

/** A member whose charge failed: nothing is charged until it is recovered. */
export const declined = (member: Member, now: Instant): Member => ({
  ...member,
  lastChargeAt: now,
  lastChargeStatus: 'Declined',
  nextChargeAt: null,
})

/** A member who got the last payment back. */
export const refunded = (member: Member, amountCents: number): Member => ({
  ...member,
  // It is an earlier payment that comes back where the last charge failed.
  lastChargeStatus: member.lastChargeStatus === 'Declined' ? 'Declined' : 'Refunded',
  lifetimeCents: member.lifetimeCents - amountCents,
})

/** The last payment that was not refunded yet; null when there is none. */
export function lastPayment(events: readonly PledgeEvent[]): PledgeEvent | null {
  const payments: PledgeEvent[] = []
  for (const event of events) {
    if (event.paymentStatus === 'Paid') payments.push(event)
    if (event.paymentStatus === 'Refunded') payments.pop()
  }
  return payments.at(-1) ?? null
}

/** Nothing more is charged, and only who paid ever is a member still. */
export const ended = (member: Member, { hasPaid, now }: { hasPaid: boolean; now: Instant }): Member => ({
  ...member,
  lastChargeStatus: 'Deleted',
  nextChargeAt: null,
  leftAt: hasPaid ? member.leftAt : now,
})

/** The kind of change that an edit is; null when the amount stays. */
export function changeOf(from: Pledge, to: Pledge): 'pledge_upgrade' | 'pledge_downgrade' | null {
  if (from.amountCents === to.amountCents) return null
  return from.amountCents < to.amountCents ? 'pledge_upgrade' : 'pledge_downgrade'
}

/** What is written down of a charge. */
export type Charge = { type: 'subscription'; amountCents: number; paymentStatus: ChargeStatus }

/** A charge of what a pledge is worth. */
export const chargeOf = (pledge: Pledge, paymentStatus: ChargeStatus): Charge => ({
  type: 'subscription',
  amountCents: chargeCents(pledge),
  paymentStatus,
})
