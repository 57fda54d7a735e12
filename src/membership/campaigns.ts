/** What creators do. Nobody hears of it: Patreon has no trigger for it. */
import { type Campaign, type Tier, tiersPerCampaignLimit } from '../domain/membership.ts'
import { Refusal } from '../domain/refusal.ts'
import { command } from '../store/command.ts'
import type { Actor } from './actor.ts'
import { mustRun } from './members.ts'
import { mustHaveSeen } from './newest-seen.ts'
import { notPermitted, unknownAccount } from './refusals.ts'
import { mustBeAnAmount } from './terms.ts'
import { mustBeFewer, mustFit } from './texts.ts'

/** More than one is rare on Patreon, and more than a few is a loop. */
const campaignsPerCreatorLimit = 10

/** Long enough for an address. */
const vanityLimit = 40

/** Together with 50 tiers and every character escaped, these still fit into an event's body. */
export const creationNameLimit = 100
/** A creator's introduction, in plain text. */
export const summaryLimit = 2000
/** One line. */
export const titleLimit = 100
/** A few sentences. */
export const descriptionLimit = 500

/** More patrons than any tier is limited to. */
const largestUserLimit = 1_000_000

/** What a campaign is to be. */
export type CampaignInput = {
  actor: Actor
  creatorId: string
  vanity: string
  creationName: string
  summary: string
  isMonthly: boolean
}

/** What a tier is to be. */
export type TierInput = {
  actor: Actor
  campaignId: string
  title: string
  description: string
  amountCents: number
  userLimit: number | null
  requiresShipping?: boolean
  /** The newest tier that its maker saw; then it is made only while there is no newer one. Empty: there was none. */
  newestSeenId?: string
}

/** Somebody becomes a creator; the campaign is open to patrons at once. */
export const createCampaign = command(
  'campaigns.create',
  async (records, input: CampaignInput, at): Promise<Campaign> => {
    const { actor, ...campaign } = input
    if (!actor.isOperator && actor.accountId !== campaign.creatorId) {
      throw notPermitted('Nobody can make a campaign for somebody else.')
    }
    mustBeAVanity(campaign.vanity)
    mustSayWhatItIs(campaign)

    const { accounts, memberships } = records
    if ((await accounts.find(campaign.creatorId)) === null) throw unknownAccount(campaign.creatorId, 'creator_id')
    if ((await memberships.findCampaignByVanity(campaign.vanity)) !== null) throw takenVanity(campaign.vanity)
    const others = await memberships.listCampaignsOf(campaign.creatorId)
    mustBeFewer(others.length, campaignsPerCreatorLimit, 'campaigns of one creator')

    return await memberships.insertCampaign({ ...campaign, ...newlyOpened, createdAt: at.now, publishedAt: at.now })
  },
)

/** What a creator says later, if at all. */
const newlyOpened = { oneLiner: null, thanksMessage: null, isNsfw: false }

/** A creator offers something. */
export const createTier = command('tiers.create', async (records, input: TierInput, at): Promise<Tier> => {
  const { actor, requiresShipping = false, newestSeenId, ...tier } = input
  await mustRun(actor, tier.campaignId, records)
  mustBeATier(tier)
  const offered = await records.memberships.listTiers(tier.campaignId)
  mustBeFewer(offered.length, tiersPerCampaignLimit, 'tiers of one campaign')
  if (newestSeenId !== undefined) mustHaveSeen(newestOf(offered), { seenId: newestSeenId, kind: 'tier' })

  const made = { createdAt: at.now, editedAt: at.now, unpublishedAt: null, image: null }
  return await records.memberships.insertTier({ ...tier, ...made, requiresShipping })
})

/** The tier that was made last; null where there is none. */
export const newestOf = <One extends Tier>(tiers: readonly One[]): One | null =>
  tiers.reduce<One | null>((newest, tier) => (Number(tier.id) > Number(newest?.id ?? 0) ? tier : newest), null)

const vanityPattern = /^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?$/

function mustBeAVanity(vanity: string): void {
  if (vanity.length <= vanityLimit && vanityPattern.test(vanity)) return
  throw new Refusal('field_invalid', {
    message: `${JSON.stringify(vanity.slice(0, 100))} can't be a campaign's name in addresses.`,
    field: 'vanity',
    expected: `1 to ${vanityLimit} of a–z, 0–9, "_" and "-", a letter or digit at both ends`,
  })
}

const takenVanity = (vanity: string): Refusal =>
  new Refusal('field_invalid', {
    message: `Another campaign is called ${JSON.stringify(vanity)}.`,
    field: 'vanity',
    expected: 'a name that is still free',
  })

/** Lets a name and an introduction pass that every document has room for. */
export function mustSayWhatItIs({ creationName, summary }: Pick<Campaign, 'creationName' | 'summary'>): void {
  mustFit(creationName, { field: 'creation_name', shortest: 1, longest: creationNameLimit })
  mustFit(summary, { field: 'summary', shortest: 0, longest: summaryLimit })
}

/** Lets something pass that can be offered. */
export function mustBeATier(tier: Pick<Tier, 'title' | 'description' | 'amountCents' | 'userLimit'>): void {
  mustFit(tier.title, { field: 'title', shortest: 1, longest: titleLimit })
  mustFit(tier.description, { field: 'description', shortest: 0, longest: descriptionLimit })
  mustBeAnAmount(tier.amountCents, 'amount_cents')
  if (tier.userLimit !== null) mustBeAUserLimit(tier.userLimit)
}

function mustBeAUserLimit(userLimit: number): void {
  if (Number.isSafeInteger(userLimit) && userLimit >= 1 && userLimit <= largestUserLimit) return
  throw new Refusal('field_invalid', {
    message: 'That is no number of patrons that a tier can be limited to.',
    field: 'user_limit',
    expected: `a whole number from 1 to ${largestUserLimit}, or none`,
  })
}
