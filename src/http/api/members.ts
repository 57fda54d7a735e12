import { z } from 'zod'
import { type Caller, isOperator, owns } from '../../domain/access.ts'
import { entitlement, type MemberStanding, patronStatus, willPayCents } from '../../domain/member.ts'
import { join, leave, memberSeenBy, noteOn } from '../../membership/members.ts'
import { unknownCampaign, unknownMember } from '../../membership/refusals.ts'
import {
  type Endpoint,
  endpoint,
  moment,
  nextOf,
  nothing,
  pageOf,
  pageSize,
  written,
  writtenOrNull,
} from '../endpoint.ts'
import { actorIn, digits } from './actor.ts'
import type { ApiTools } from './tools.ts'

const cents = z.number().int()

/** A member as the API shows it. */
export const memberShape = z
  .object({
    id: z.string(),
    campaign_id: z.string(),
    account_id: z.string(),
    full_name: z.string(),
    is_follower: z.boolean(),
    patron_status: z.string().nullable(),
    pledge_id: z.string().nullable(),
    entitled_tier_ids: z.array(z.string()),
    will_pay_cents: cents,
    lifetime_cents: cents,
    last_charge_status: z.string().nullable(),
    last_charge_at: moment.nullable(),
    next_charge_at: moment.nullable(),
    note: z.string().describe('what the creator wrote down; empty to the member'),
    joined_at: moment,
  })
  .meta({ id: 'Member' })

const byCampaign = z.object({ id: digits })

/** A member's id, which is a UUID. */
export const byMember = z.object({ id: z.string().max(64) })

const calls = { tag: 'memberships', scope: 'memberships' } as const

/** Who belongs to a campaign, and what they do who pledge nothing. */
export const memberCalls = (tools: ApiTools) => ({
  list: listMembersCall(tools),
  join: joinCall(tools),
  show: showMemberCall(tools),
  note: noteCall(tools),
  leave: leaveCall(tools),
})

const listMembersCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'listMembers',
    summary: 'List a campaign’s members in the order of joining; for its creator',
    params: byCampaign,
    query: z.object({ after: digits.optional(), limit: pageSize }),
    answer: pageOf(memberShape),
    async handle({ caller, params: { id }, query: { after, limit } }) {
      const campaign = await store.read.memberships.findCampaign(id)
      if (campaign === null || !owns(caller, { accountId: campaign.creatorId })) throw unknownCampaign(id)
      const page = { after: after === undefined ? null : Number(after), limit }
      const members = await store.read.members.listMembers(id, page)
      return {
        data: members.map((member) => shownMember(member, caller)),
        next: nextOf(members, limit, ({ member }) => member.number),
      }
    },
  })

const joinCall = (tools: ApiTools): Endpoint =>
  endpoint(tools.store.read, {
    ...calls,
    id: 'joinCampaign',
    summary: 'Join a campaign free, or follow it',
    params: byCampaign,
    body: z.strictObject({
      is_follower: z.boolean().default(false).describe('follows only; may join later'),
      account_id: digits.optional().describe('operators may name somebody else'),
    }),
    status: 201,
    answer: memberShape,
    async handle({ caller, params: { id: campaignId }, body: { is_follower: isFollower, account_id } }) {
      const accountId = account_id ?? caller.accountId
      const { store, clock, linkBase } = tools
      const input = { actor: actorIn(caller), campaignId, accountId, isFollower, linkBase }
      return await memberNow((await store.execute(join, input, clock.now())).id, caller, tools)
    },
  })

const showMemberCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'showMember',
    summary: 'Show a member; for themselves and the campaign’s creator',
    params: byMember,
    answer: memberShape,
    handle: async ({ caller, params: { id } }) =>
      shownMember(await memberSeenBy(actorIn(caller), id, store.read), caller),
  })

const noteCall = (tools: ApiTools): Endpoint =>
  endpoint(tools.store.read, {
    ...calls,
    id: 'noteMember',
    summary: 'Write something down about a member; for the campaign’s creator',
    params: byMember,
    body: z.strictObject({ note: z.string() }),
    answer: memberShape,
    async handle({ caller, params: { id: memberId }, body: { note } }) {
      const { store, clock, linkBase } = tools
      await store.execute(noteOn, { actor: actorIn(caller), memberId, note, linkBase }, clock.now())
      return await memberNow(memberId, caller, tools)
    },
  })

const leaveCall = ({ store, clock, linkBase }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'leaveCampaign',
    summary: 'Leave a campaign, or follow it no more; who pledges cancels first',
    params: byMember,
    status: 204,
    answer: nothing,
    async handle({ caller, params: { id: memberId } }) {
      await store.execute(leave, { actor: actorIn(caller), memberId, linkBase }, clock.now())
      return null
    },
  })

/** A member as it is after a change. */
export async function memberNow(
  id: string,
  caller: Caller,
  { store }: Pick<ApiTools, 'store'>,
): Promise<z.output<typeof memberShape>> {
  const standing = await store.read.members.findMember(id)
  if (standing === null) throw unknownMember(id)
  return shownMember(standing, caller)
}

function shownMember(standing: MemberStanding, caller: Caller): z.output<typeof memberShape> {
  const { member, account, pledge } = standing
  // What a creator notes about somebody is not for their eyes.
  const mayReadNote = isOperator(caller) || caller.accountId !== member.accountId
  return {
    id: member.id,
    campaign_id: member.campaignId,
    account_id: member.accountId,
    full_name: account.fullName,
    is_follower: member.isFollower,
    patron_status: patronStatus(standing),
    pledge_id: pledge?.id ?? null,
    entitled_tier_ids: entitlement(pledge).tierIds,
    will_pay_cents: willPayCents(pledge),
    lifetime_cents: member.lifetimeCents,
    last_charge_status: member.lastChargeStatus,
    last_charge_at: writtenOrNull(member.lastChargeAt),
    next_charge_at: writtenOrNull(member.nextChargeAt),
    note: mayReadNote ? member.note : '',
    joined_at: written(member.joinedAt),
  }
}
