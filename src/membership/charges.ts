/** What becomes of charges: they are taken when their time comes, they fail and are recovered, they are refunded. */
import assert from 'node:assert/strict'
import type { Member, MemberStanding } from '../domain/member.ts'
import type { Pledge } from '../domain/membership.ts'
import type { Instant } from '../domain/time.ts'
import { command, type Moment } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import { findBefore } from './before.ts'
import { chargeOf, declined, lastPayment, paid, refunded } from './charging.ts'
import { endPledge } from './ending.ts'
import { keep } from './keeping.ts'
import { type MemberInput, memberSeenBy, mustRun } from './members.ts'
import { impossibleCharge } from './refusals.ts'

/** What came of a charge that was due: taken, a gift that ended, or nothing, because another run was here before. */
export type Taken = 'charged' | 'ended' | 'passed'
/** Whose charge is due since when. */
export type DueInput = { memberId: string; dueAt: Instant; linkBase: string }

/**
 * Takes one charge that is due, or ends a gift; a trial is paid from now on. Told as of the moment it was due, so that a
 * server that slept catches up month by month. Safe to repeat: the next charge is due at another moment.
 */
export const takeCharge = command('charges.take', async (records, input: DueInput, at): Promise<Taken> => {
  const { memberId, dueAt, linkBase } = input
  const standing = await records.members.findMember(memberId)
  if (standing?.member.nextChargeAt !== dueAt) return 'passed'
  const { pledge } = standing
  assert(pledge !== null, `member ${memberId} is charged for a pledge`)

  const due = { ...at, now: dueAt }
  if (pledge.kind === 'gift') {
    await endPledge({ action: 'gift-over', pledge, linkBase }, records, due)
    return 'ended'
  }
  if (pledge.kind === 'trial') await records.memberships.endTrial(pledge.id)
  await take('charge', { standing, pledge: { ...pledge, kind: 'paid', freeUntil: null }, linkBase }, records, due)
  return 'charged'
})

/** A member's card is declined: they stay a member, and have nothing until it is recovered. */
export const declineCharge = command('charges.decline', async (records, input: MemberInput, at): Promise<Member> => {
  const { actor, memberId, linkBase } = input
  const standing = await memberSeenBy(actor, memberId, records)
  await mustRun(actor, standing.member.campaignId, records)
  const open = chargeable(standing)
  await records.memberships.setDeclined(open.id, at.now)

  const before = await findBefore(standing.member, records)
  const pledge = { ...open, declinedSince: at.now }
  const member = declined(standing.member, at.now)
  await keep({ action: 'decline', before, member, pledge, linkBase }, [chargeOf(pledge, 'Declined')], records, at)
  return member
})

function chargeable({ pledge, member }: MemberStanding): Pledge {
  if (pledge?.kind === 'paid' && member.nextChargeAt !== null) return pledge
  throw impossibleCharge('This member is not charged by the month now.', 'a member who pays, and is not declined yet')
}

/** A declined charge succeeds after all; the patron may ask for it too. */
export const recoverCharge = command('charges.recover', async (records, input: MemberInput, at): Promise<Member> => {
  const { actor, memberId, linkBase } = input
  const standing = await memberSeenBy(actor, memberId, records)
  const open = standing.pledge
  if (open === null || open.declinedSince === null) {
    throw impossibleCharge('No charge of this member is declined.', 'a member whose charge is declined')
  }
  await records.memberships.setDeclined(open.id, null)
  return await take('recovery', { standing, pledge: { ...open, declinedSince: null }, linkBase }, records, at)
})

type Charging = { standing: MemberStanding; pledge: Pledge; linkBase: string }

async function take(
  action: 'charge' | 'recovery',
  { standing, pledge, linkBase }: Charging,
  records: Records,
  at: Moment,
): Promise<Member> {
  const before = await findBefore(standing.member, records)
  const member = paid(standing.member, pledge, at.now)
  await keep({ action, before, member, pledge, linkBase }, [chargeOf(pledge, 'Paid')], records, at)
  return member
}

/** Whose last payment goes back; with an id, that payment only, so that asking twice does not give back the one before. */
export type RefundInput = MemberInput & { paymentId?: string }

/** A member gets their last payment back, whole; the membership goes on. */
export const refundCharge = command('charges.refund', async (records, input: RefundInput, at): Promise<Member> => {
  const { actor, memberId, linkBase } = input
  const { member: present, pledge } = await memberSeenBy(actor, memberId, records)
  await mustRun(actor, present.campaignId, records)
  const before = await findBefore(present, records)
  const payment = lastPayment(before.events)
  if (payment === null) throw impossibleCharge('This member paid nothing that could be refunded.', 'a member who paid')
  if (input.paymentId !== undefined && input.paymentId !== payment.id) {
    throw impossibleCharge('Another payment is the last one by now.', 'the member’s last payment that was not refunded')
  }

  const { amountCents } = payment
  const member = refunded(present, amountCents)
  const entry = { type: 'subscription', amountCents, paymentStatus: 'Refunded' } as const
  await keep({ action: 'refund', before, member, pledge, linkBase }, [entry], records, at)
  return member
})
