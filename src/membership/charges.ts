/** What becomes of charges: they are taken when their time comes, they fail and are recovered. */
import assert from 'node:assert/strict'
import {
  type ChargeOutcome,
  chargeCents,
  type Member,
  type MemberStanding,
  type PledgeEvent,
} from '../domain/member.ts'
import { isDeclined, type Pledge } from '../domain/membership.ts'
import type { Instant } from '../domain/time.ts'
import { type Command, command, type Moment } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import { type Before, findBefore } from './before.ts'
import { chargeOf, creationCents, failed, failedCents, paid, paidByMonth } from './charging.ts'
import { takeForPost } from './creation-charges.ts'
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
 * server that slept catches up month by month. Safe to repeat: the next charge is due at another moment, or is for another
 * post.
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
  if (!(await isByMonth(pledge, records))) return await takeForPost({ standing, pledge, linkBase }, records, due)
  if (pledge.kind === 'trial') await records.memberships.endTrial(pledge.id)
  const owed = { ...pledge, kind: 'paid', freeUntil: null } as const
  const member = paidByMonth(standing.member, owed, dueAt)
  const before = await findBefore(standing.member, records)
  const charge = chargeOf(chargeCents(owed), 'Paid')
  await keep({ action: 'charge', before, member, pledge: owed, linkBase }, [charge], records, due)
  return 'charged'
})

async function isByMonth({ campaignId }: Pledge, { memberships }: Records): Promise<boolean> {
  const campaign = await memberships.findCampaign(campaignId)
  assert(campaign !== null, `a pledge belongs to campaign ${campaignId}`)
  return campaign.isMonthly
}

/** A member's card is declined: they stay a member, and have nothing until it is recovered. */
export const declineCharge = failing('charges.decline', { action: 'decline', status: 'Declined' })

/** A charge is taken for fraud, and not taken: all else is as when it is declined. */
export const markFraud = failing('charges.fraud', { action: 'fraud', status: 'Fraud' })

function failing(
  name: string,
  { action, status }: { action: 'decline' | 'fraud'; status: Exclude<ChargeOutcome, 'Paid'> },
): Command<MemberInput, Member> {
  return command(name, async (records, { actor, memberId, linkBase }, at) => {
    const standing = await memberSeenBy(actor, memberId, records)
    await mustRun(actor, standing.member.campaignId, records)
    const open = chargeable(standing)
    const before = await findBefore(standing.member, records)
    const cents = await nextCents(open, before, records, at)

    await records.memberships.setDeclined(open.id, at.now)
    await records.postCharges.forgive(standing.member.number)
    const pledge = { ...open, declinedSince: at.now }
    const member = failed(standing.member, status, at.now)
    await keep({ action, before, member, pledge, linkBase }, [chargeOf(cents, status)], records, at)
    return member
  })
}

function chargeable({ pledge }: MemberStanding): Pledge {
  if (pledge?.kind === 'paid' && !isDeclined(pledge)) return pledge
  throw impossibleCharge('This member is not charged now.', 'a member who pays, and is not declined yet')
}

/** What a charge would take now. */
async function nextCents(pledge: Pledge, { events }: Before, records: Records, at: Moment): Promise<number> {
  if (await isByMonth(pledge, records)) return chargeCents(pledge)
  const cents = creationCents(pledge, events, at.now)
  if (cents > 0) return cents
  throw impossibleCharge('This member paid as much this month as they allow.', 'a member with something left to pay')
}

/** A charge that failed succeeds after all; the patron may ask for it too. */
export const recoverCharge = command('charges.recover', async (records, input: MemberInput, at): Promise<Member> => {
  const { actor, memberId, linkBase } = input
  const standing = await memberSeenBy(actor, memberId, records)
  const open = standing.pledge
  if (!isDeclined(open)) {
    throw impossibleCharge('No charge of this member is declined.', 'a member whose charge is declined')
  }
  await records.memberships.setDeclined(open.id, null)

  const pledge = { ...open, declinedSince: null }
  const before = await findBefore(standing.member, records)
  const { member, cents } = (await isByMonth(pledge, records))
    ? { member: paidByMonth(standing.member, pledge, at.now), cents: chargeCents(pledge) }
    : recovered(standing.member, pledge, before.events, at.now)
  await keep({ action: 'recovery', before, member, pledge, linkBase }, [chargeOf(cents, 'Paid')], records, at)
  return member
})

/** By the creation it is the very charge that failed; what was published meanwhile is not charged. */
function recovered(present: Member, { amountCents }: Pledge, events: readonly PledgeEvent[], now: Instant) {
  const cents = failedCents(events) ?? amountCents
  return { member: paid(present, { cents, now, nextChargeAt: null }), cents }
}
