/** What somebody does who pledges nothing: follow, join free, leave; and what a creator writes down about a member. */
import type { Member, MemberStanding } from '../domain/member.ts'
import type { Campaign } from '../domain/membership.ts'
import { command } from '../store/command.ts'
import type { Readings } from '../store/records.ts'
import type { Actor } from './actor.ts'
import { findBefore, memberFrom } from './before.ts'
import { keep } from './keeping.ts'
import {
  notPermitted,
  secondMembership,
  secondPledge,
  unknownAccount,
  unknownCampaign,
  unknownMember,
} from './refusals.ts'
import { mustFit } from './texts.ts'

/** Who joins what, and whether they follow only. */
export type JoinInput = { actor: Actor; campaignId: string; accountId: string; isFollower: boolean; linkBase: string }
/** Which member it is about. */
export type MemberInput = { actor: Actor; memberId: string; linkBase: string }

/** A creator's memory of one member, not an essay. */
const noteLimit = 1000

/** Somebody follows a campaign or joins it free; a follower may join later. */
export const join = command('members.join', async (records, input: JoinInput, at): Promise<Member> => {
  const { actor, campaignId, accountId, isFollower, linkBase } = input
  if (!actor.isOperator && actor.accountId !== accountId) throw notPermitted('Nobody can join for somebody else.')
  const campaign = await records.memberships.findCampaign(campaignId)
  if (campaign === null) throw unknownCampaign(campaignId)
  if ((await records.accounts.find(accountId)) === null) throw unknownAccount(accountId, 'account_id')
  if (campaign.creatorId === accountId) throw notPermitted('A creator cannot join their own campaign.')

  const place = { campaignId, accountId }
  const before = await findBefore(place, records)
  const present = before.member?.leftAt === null ? before.member : null
  if (present !== null && (isFollower || !present.isFollower)) throw secondMembership(present.id)

  const member = { ...(await memberFrom(before, place, records, at)), isFollower }
  const action = isFollower ? 'follow' : 'join'
  await keep({ action, before, member, pledge: null, linkBase }, [], records, at)
  return member
})

/** Somebody who pledges nothing, or not any more, leaves. */
export const leave = command('members.leave', async (records, input: MemberInput, at): Promise<Member> => {
  const { actor, memberId, linkBase } = input
  const { member: present, pledge } = await memberSeenBy(actor, memberId, records)
  if (!actor.isOperator && actor.accountId !== present.accountId) throw notPermitted('Nobody leaves for somebody else.')
  if (pledge !== null) throw secondPledge(pledge.id)

  const before = await findBefore(present, records)
  const member = { ...present, isFollower: false, leftAt: at.now }
  await keep({ action: 'leave', before, member, pledge: null, linkBase }, [], records, at)
  return member
})

/** A creator writes something down about a member. */
export const noteOn = command(
  'members.note',
  async (records, input: MemberInput & { note: string }, at): Promise<Member> => {
    const { actor, memberId, note, linkBase } = input
    const { member: present, pledge } = await memberSeenBy(actor, memberId, records)
    await mustRun(actor, present.campaignId, records)
    mustFit(note, { field: 'note', shortest: 0, longest: noteLimit })

    const before = await findBefore(present, records)
    const member = { ...present, note }
    await keep({ action: 'note', before, member, pledge, linkBase }, [], records, at)
    return member
  },
)

/** A member who did not leave, for themselves, the campaign's creator and operators; to others there is none. */
export async function memberSeenBy(
  actor: Actor,
  memberId: string,
  { members, memberships }: Pick<Readings, 'members' | 'memberships'>,
): Promise<MemberStanding> {
  const standing = await members.findMember(memberId)
  if (standing === null || standing.member.leftAt !== null) throw unknownMember(memberId)
  if (actor.isOperator || actor.accountId === standing.member.accountId) return standing
  const campaign = await memberships.findCampaign(standing.member.campaignId)
  if (campaign === null || !runs(actor, campaign)) throw unknownMember(memberId)
  return standing
}

/** Whether somebody is the campaign's creator, or an operator. */
export const runs = (actor: Actor, { creatorId }: Pick<Campaign, 'creatorId'>): boolean =>
  actor.isOperator || actor.accountId === creatorId

/** Lets a campaign's creator and operators pass. */
export async function mustRun(
  actor: Actor,
  campaignId: string,
  { memberships }: Pick<Readings, 'memberships'>,
): Promise<void> {
  const campaign = await memberships.findCampaign(campaignId)
  if (campaign === null) throw unknownCampaign(campaignId)
  if (!runs(actor, campaign)) throw notPermitted('Only the campaign’s creator may do this.')
}
