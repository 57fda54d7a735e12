/** Memberships that the member does not pay for, for a time: gifts end then, trials are paid from then on. */
import type { CampaignStanding, Pledge, PledgeTerms } from '../domain/membership.ts'
import { Refusal } from '../domain/refusal.ts'
import { days, type Instant } from '../domain/time.ts'
import { command, type Moment } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import type { Actor } from './actor.ts'
import { findBefore } from './before.ts'
import { type Beginner, beginPledge, mustBeFreeToBegin } from './beginning.ts'
import { monthsAfter } from './charging.ts'
import { mustRun } from './members.ts'
import { notPermitted, unknownTier } from './refusals.ts'
import { mustBeAcceptable } from './terms.ts'
import { mustBeWithin } from './texts.ts'

/** Who is given which tier, and for how long. */
export type GiftInput = {
  actor: Actor
  campaignId: string
  patronId: string
  tierId: string
  months: number
  linkBase: string
}
/** Who tries which tier, and for how long. */
export type TrialInput = {
  actor: Actor
  campaignId: string
  patronId: string
  tierId: string
  days: number
  linkBase: string
}

/** A longer gift is a slip of the finger; it can be given again. */
const longestGiftMonths = 12
/** Longer than any trial that a creator can offer on Patreon. */
const longestTrialDays = 30

/** A creator gives a membership away, to somebody who has joined. To others there is nobody, whoever it is. */
export const give = command('pledges.give', async (records, input: GiftInput, at): Promise<Pledge> => {
  const { actor, campaignId, patronId } = input
  await mustRun(actor, campaignId, records)
  if (!(await mayBeGiven({ actor, campaignId, patronId }, records))) throw unknownPatron(patronId)
  return await beginGift(input, records, at)
})

/**
 * A creator reads name and addresses of a member, so nobody is made one who did not ask for it: gifts are for who has
 * joined. An operator sees every account anyway.
 */
export async function mayBeGiven({ actor, campaignId, patronId }: Beginner, { members }: Records): Promise<boolean> {
  if (actor.isOperator) return true
  const found = await members.findMemberOf({ campaignId, accountId: patronId })
  return found !== null && found.member.leftAt === null
}

const unknownPatron = (id: string): Refusal =>
  new Refusal('account_not_found', {
    message: `The account ${JSON.stringify(id)} has not joined this campaign, or there is none.`,
    field: 'patron_id',
    expected: 'somebody who follows the campaign or has joined it, if only free',
  })

/** A gift begins, whoever gives it. */
export async function beginGift(input: GiftInput, records: Records, at: Moment): Promise<Pledge> {
  mustBeGiftLength(input.months)
  return await begin({ kind: 'gift', freeUntil: monthsAfter(at.now, input.months), ...input }, records, at)
}

/** Lets as many months pass as a gift may have. */
export const mustBeGiftLength = (months: number): void =>
  mustBeWithin(months, { field: 'months', smallest: 1, largest: longestGiftMonths })

/** Somebody who never pledged to a campaign that charges by the month tries one of its tiers. */
export const tryOut = command('pledges.try', async (records, input: TrialInput, at): Promise<Pledge> => {
  const { actor, campaignId, patronId } = input
  if (!actor.isOperator && actor.accountId !== patronId) throw notPermitted('Nobody can pledge for somebody else.')
  mustBeWithin(input.days, { field: 'days', smallest: 1, largest: longestTrialDays })
  const { events } = await findBefore({ campaignId, accountId: patronId }, records)
  if (events.length > 0) throw notPermitted('A trial is for who never pledged here.')
  return await begin({ kind: 'trial', freeUntil: at.now + days(input.days), ...input }, records, at)
})

type Free = Pick<GiftInput, 'actor' | 'campaignId' | 'patronId' | 'tierId' | 'linkBase'> & {
  kind: 'gift' | 'trial'
  freeUntil: Instant
}

async function begin(free: Free, records: Records, at: Moment): Promise<Pledge> {
  const { kind, freeUntil, campaignId, patronId, tierId, linkBase } = free
  const standing = await mustBeFreeToBegin(free, records)
  const { isMonthly } = standing.campaign
  if (kind === 'trial' && !isMonthly)
    throw notPermitted('This campaign charges by the creation: there is nothing to try.')
  const terms = await termsOffered(tierId, standing, records)
  const facts = {
    campaignId,
    patronId,
    createdAt: at.now,
    declinedSince: null,
    cadenceMonths: 1,
    kind,
    freeUntil,
  } as const
  return await beginPledge({ action: kind, pledge: { ...terms, ...facts }, isMonthly, linkBase }, records, at)
}

/** The terms of a tier that is offered and has a place left: what it costs is what it is worth, also to who is given it. */
export async function termsOffered(
  tierId: string,
  standing: CampaignStanding,
  { memberships }: Records,
): Promise<PledgeTerms> {
  const tier = await memberships.findTier(tierId)
  if (tier === null) throw unknownTier(tierId)
  const terms = { amountCents: tier.amountCents, tierId, capCents: null, patronPaysFees: false }
  mustBeAcceptable(terms, { standing, tier, current: null })
  return terms
}
