/** Tells whoever listens what became of a membership, as the campaign stands after it. */
import assert from 'node:assert/strict'
import { type Audience, campaignTenant } from '../domain/event.ts'
import type { Member } from '../domain/member.ts'
import type { CampaignStanding, Pledge } from '../domain/membership.ts'
import type { MemberTrigger, PledgeTrigger } from '../domain/trigger.ts'
import { wireBytes } from '../domain/wire-json.ts'
import type { Happening, Moment } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import { type Before, earlierThan } from './before.ts'
import { pledgeDocument } from './documents/pledge.ts'
import type { Person } from './documents/user.ts'
import { type MemberScene, memberDocument } from './documents/v2/member-event.ts'
import { type Action, triggersOf } from './triggers.ts'

/** What was done, to whom, and how it is now. */
export type News = {
  action: Action
  before: Before
  member: Member
  /** The pledge it was about, also one that has just ended; null where there is none. */
  pledge: Pledge | null
  linkBase: string
}

/** Fires every trigger of an action, in order, in the transaction of the change. */
export async function announce(news: News, records: Records, at: Moment): Promise<void> {
  const { action, before, member, pledge, linkBase } = news
  const campaign = await standingOf(member.campaignId, records)
  const patron = await personWith(member.accountId, records)
  const creator = await personWith(campaign.campaign.creatorId, records)
  const address = await records.members.findAddress(member.accountId)

  const open = pledge?.endedAt === null ? pledge : null
  const standing = { member, account: patron.account, pledge: open }
  const bodies = memberBodies({ standing, campaign, ownCampaignId: patron.campaignId, address }, linkBase)
  const told = (trigger: PledgeTrigger | MemberTrigger): Pick<Happening, 'body' | 'bodies'> => {
    if (trigger.startsWith('members:')) return bodies
    assert(pledge !== null, `${trigger} is about a pledge`)
    return { body: wireBytes(pledgeDocument({ pledge, standing: campaign, creator, patron }, linkBase)) }
  }

  const tenant = campaignTenant(member.campaignId)
  for (const trigger of triggersOf(action, earlierThan(before))) at.happens({ tenant, trigger, ...told(trigger) })
}

const tellingMore: readonly Audience[] = [1, 2, 3]

/** One body for each audience: they differ in what is told of people. */
function memberBodies(scene: MemberScene, linkBase: string): Pick<Happening, 'body' | 'bodies'> {
  const told = (audience: Audience) => wireBytes(memberDocument(scene, audience, linkBase))
  return { body: told(0), bodies: tellingMore.map((audience) => ({ audience, body: told(audience) })) }
}

/** The standing of a campaign that is there, because something belongs to it. */
export async function standingOf(campaignId: string, { memberships }: Records): Promise<CampaignStanding> {
  const standing = await memberships.findStanding(campaignId)
  assert(standing !== null, `something belongs to campaign ${campaignId}`)
  return standing
}

/** An account that is there, because it has a pledge or a campaign. */
export async function personWith(accountId: string, { accounts, memberships }: Records): Promise<Person> {
  const account = await accounts.find(accountId)
  assert(account !== null, `account ${accountId} has a pledge or a campaign`)
  const [campaign] = await memberships.listCampaignsOf(accountId)
  return { account, campaignId: campaign?.id ?? null }
}
