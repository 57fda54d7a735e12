/** The words of a membership platform: a creator's campaign, its tiers, and what patrons pledge. */
import type { TierImage } from './tier-image.ts'
import type { Instant } from './time.ts'

/** A creator's page that patrons pledge to. */
export type Campaign = {
  /** Digits. */
  id: string
  creatorId: string
  /** The campaign's name in addresses. */
  vanity: string
  creationName: string
  summary: string
  isMonthly: boolean
  createdAt: Instant
  publishedAt: Instant | null
  oneLiner: string | null
  thanksMessage: string | null
  isNsfw: boolean
}

/** What a patron may choose; v1 calls it a reward. */
export type Tier = {
  /** Digits. */
  id: string
  campaignId: string
  title: string
  description: string
  amountCents: number
  /** How many patrons may have it; null: any number. */
  userLimit: number | null
  createdAt: Instant
  editedAt: Instant
  /** Since when nobody can choose it any more; who has it keeps it. */
  unpublishedAt: Instant | null
  /** Whether who has it is sent something, for which an address is needed. */
  requiresShipping: boolean
  image: TierImage | null
}

/** A patron's promise to one campaign. An edit gives it a new id (wire.md §2.3). */
export type Pledge = {
  /** Digits. */
  id: string
  campaignId: string
  patronId: string
  tierId: string | null
  amountCents: number
  /** The most a patron pays in a month where a campaign charges by the creation. */
  capCents: number | null
  patronPaysFees: boolean
  /** When the patron first pledged; an edit keeps it. */
  createdAt: Instant
  /** Since when the patron's payment is declined. */
  declinedSince: Instant | null
  endedAt: Instant | null
  /** Charged every so many months, that many times the amount. */
  cadenceMonths: Cadence
  /** A gift is paid by somebody else, a trial by nobody, both until `freeUntil`; then a gift ends and a trial is paid. */
  kind: 'paid' | 'gift' | 'trial'
  freeUntil: Instant | null
}

/** Every month or every year (wire.md §6.3, `pledge_cadence`). */
export type Cadence = 1 | 12

/** What a patron decides. */
export type PledgeTerms = {
  amountCents: number
  tierId: string | null
  capCents: number | null
  patronPaysFees: boolean
}

/** A tier beside how many have it, a campaign beside what it has: what documents and pages show. */
export type TierStanding = Tier & { patronCount: number }
/** A campaign with its tiers and what is pledged to it. */
export type CampaignStanding = {
  campaign: Campaign
  tiers: TierStanding[]
  patronCount: number
  pledgeSumCents: number
}

/** What patrons pay by, in Patreon's words. */
export const payPerName = ({ isMonthly }: Pick<Campaign, 'isMonthly'>): 'month' | 'creation' =>
  isMonthly ? 'month' : 'creation'

/** Whether somebody who does not have a tier may choose it. */
export const isOffered = ({ unpublishedAt }: Pick<Tier, 'unpublishedAt'>): boolean => unpublishedAt === null

/** Whether a tier has a place left. */
export const hasPlaceLeft = ({ userLimit, patronCount }: Pick<TierStanding, 'userLimit' | 'patronCount'>): boolean =>
  userLimit === null || patronCount < userLimit

/** Whether the patron's payment is declined, so that they have nothing of what they pledged for. */
export const isDeclined = (pledge: Pledge | null): pledge is Pledge & { declinedSince: Instant } =>
  pledge !== null && pledge.declinedSince !== null

/** The smallest pledge that a card can be charged for. */
export const smallestPledgeCents = 100

/** A larger pledge is a slip of the finger. */
export const largestPledgeCents = 1_000_000

/** More tiers than anybody offers; every document lists them all. */
export const tiersPerCampaignLimit = 50
