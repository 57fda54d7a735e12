/** What a patron may pledge: pure rules, told as refusals. */
import {
  type CampaignStanding,
  hasPlaceLeft,
  isOffered,
  largestPledgeCents,
  type Pledge,
  type PledgeTerms,
  smallestPledgeCents,
  type Tier,
} from '../domain/membership.ts'
import { dollars } from '../domain/money.ts'
import { fullTier, invalidAmount, strangeTier, unknownTier, unpublishedTier } from './refusals.ts'

/** What the terms are held against. */
export type Situation = {
  standing: CampaignStanding
  /** What the terms' `tierId` names anywhere; null when it names nothing. */
  tier: Tier | null
  /** The pledge that these terms are to replace. */
  current: Pledge | null
}

/** Lets terms pass that the campaign can accept. */
export function mustBeAcceptable(terms: PledgeTerms, situation: Situation): void {
  mustBeAnAmount(terms.amountCents, 'amount_cents')
  if (terms.tierId !== null) mustBeFree(terms.tierId, situation)
  if (situation.tier !== null) mustCover(terms.amountCents, situation.tier)
  if (terms.capCents !== null) mustBeACap(terms.capCents, terms.amountCents)
}

/** Lets whole cents pass that a card can be charged for and that are no slip of the finger. */
export function mustBeAnAmount(cents: number, field: string): void {
  const expected = `whole cents from ${smallestPledgeCents} to ${largestPledgeCents}`
  if (!Number.isSafeInteger(cents)) throw invalidAmount(field, 'The amount is not a whole number of cents.', expected)
  if (cents >= smallestPledgeCents && cents <= largestPledgeCents) return

  const [smallest, largest] = [dollars(smallestPledgeCents), dollars(largestPledgeCents)]
  throw invalidAmount(field, `${dollars(cents)} is not between ${smallest} and ${largest}.`, expected)
}

function mustBeFree(tierId: string, { standing, tier, current }: Situation): void {
  if (tier === null) throw unknownTier(tierId)
  if (tier.campaignId !== standing.campaign.id) throw strangeTier(tierId)
  // Whoever has a place keeps it, however full the tier is.
  if (current?.tierId === tier.id) return
  if (!isOffered(tier)) throw unpublishedTier(tier.title)
  if (tier.userLimit === null) return

  const patronCount = standing.tiers.find(({ id }) => id === tier.id)?.patronCount ?? 0
  if (!hasPlaceLeft({ ...tier, patronCount })) throw fullTier(tier.title, tier.userLimit)
}

function mustCover(amountCents: number, tier: Tier): void {
  if (amountCents >= tier.amountCents) return
  const message = `“${tier.title}” costs ${dollars(tier.amountCents)}, and ${dollars(amountCents)} is less.`
  throw invalidAmount('amount_cents', message, `at least ${tier.amountCents} cents`)
}

function mustBeACap(capCents: number, amountCents: number): void {
  mustBeAnAmount(capCents, 'pledge_cap_cents')
  if (capCents >= amountCents) return
  const message = `A limit of ${dollars(capCents)} a month does not reach for one pledge of ${dollars(amountCents)}.`
  throw invalidAmount('pledge_cap_cents', message, 'at least the amount of one pledge, or none')
}
