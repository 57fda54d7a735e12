import { type ChargeOutcome, chargeCents } from '../domain/member.ts'
import type { CampaignStanding, Pledge } from '../domain/membership.ts'
import type { Moment } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import type { Actor } from './actor.ts'
import { findBefore, memberFrom } from './before.ts'
import { begun, chargeOf } from './charging.ts'
import { keep } from './keeping.ts'
import { notPermitted, secondPledge, unknownAccount, unknownCampaign } from './refusals.ts'

/** Who is to become a patron of what. */
export type Beginner = { actor: Actor; campaignId: string; patronId: string }

/** Lets somebody pass who may have a pledge to this campaign and has none yet; says how the campaign stands. */
export async function mustBeFreeToBegin(
  { campaignId, patronId }: Beginner,
  records: Records,
): Promise<CampaignStanding> {
  const standing = await records.memberships.findStanding(campaignId)
  if (standing === null) throw unknownCampaign(campaignId)
  if ((await records.accounts.find(patronId)) === null) throw unknownAccount(patronId, 'patron_id')
  if (standing.campaign.creatorId === patronId) throw notPermitted('A creator cannot pledge to their own campaign.')

  const open = await records.memberships.findOpenPledge({ campaignId, patronId })
  if (open !== null) throw secondPledge(open.id)
  return standing
}

/** A pledge begins, paid or free: there is a member now, the first charge was tried, and everybody hears of it. */
export async function beginPledge(
  { action, pledge, isMonthly, firstCharge = 'Paid', linkBase }: Beginning,
  records: Records,
  at: Moment,
): Promise<Pledge> {
  const place = { campaignId: pledge.campaignId, accountId: pledge.patronId }
  const before = await findBefore(place, records)
  const made = await records.memberships.insertPledge(pledge)
  const member = begun(await memberFrom(before, place, records, at), made, isMonthly ? firstCharge : null)
  const charges = isMonthly && made.kind === 'paid' ? [chargeOf(chargeCents(made), firstCharge)] : []
  await keep({ action, before, member, pledge: made, linkBase }, ['pledge_start', ...charges], records, at)
  return made
}

/** Which kind of pledge begins, and on which terms. */
export type Beginning = {
  action: 'pledge' | 'gift' | 'trial'
  pledge: Omit<Pledge, 'id' | 'endedAt'>
  isMonthly: boolean
  /** What comes of the charge that a monthly campaign takes at once. */
  firstCharge?: ChargeOutcome
  linkBase: string
}
