import { type Campaign, isOffered, type TierStanding } from '../../domain/membership.ts'
import { imageUrl } from '../../domain/tier-image.ts'
import { type Attributes, type Resource, toOne } from './json-api.ts'
import { timestamp, timestampOrNull } from './timestamp.ts'

/** What v1 lists before a campaign's own rewards, for posts that are not bound to a tier. */
export const pseudoRewardIds = ['-1', '0'] as const

/** A tier as v1 has it. The webhook of 2017 also points to the creator, which the API does not; more harms nobody. */
export function rewardResource(tier: TierStanding, campaign: Campaign, linkBase: string): Resource {
  return {
    type: 'reward',
    id: tier.id,
    attributes: attributesOf(tier, linkBase),
    relationships: {
      campaign: toOne('campaign', campaign.id, linkBase),
      creator: toOne('user', campaign.creatorId, linkBase),
    },
  }
}

/** The two rewards that everybody has: nothing at all, and any pledge. */
export function pseudoRewards(campaign: Campaign, linkBase: string): Resource[] {
  const relationships = { creator: toOne('user', campaign.creatorId, linkBase) }
  const [everyone, patronsOnly] = pseudoRewardIds
  return [
    { type: 'reward', id: everyone, attributes: pseudoAttributes('Everyone', 0), relationships },
    { type: 'reward', id: patronsOnly, attributes: pseudoAttributes('Patrons Only', 1), relationships },
  ]
}

const attributesOf = (tier: TierStanding, linkBase: string): Attributes => ({
  amount: tier.amountCents,
  amount_cents: tier.amountCents,
  created_at: timestamp(tier.createdAt),
  description: tier.description,
  discord_role_ids: null,
  edited_at: timestamp(tier.editedAt),
  // That a tier has no picture the webhook says with an empty text.
  image_url: tier.image === null ? '' : imageUrl(tier.image, linkBase),
  patron_count: tier.patronCount,
  post_count: null,
  published: isOffered(tier),
  published_at: isOffered(tier) ? timestamp(tier.createdAt) : null,
  remaining: tier.userLimit === null ? null : Math.max(0, tier.userLimit - tier.patronCount),
  requires_shipping: tier.requiresShipping,
  title: tier.title,
  unpublished_at: timestampOrNull(tier.unpublishedAt),
  url: `/bePatron?c=${tier.campaignId}&rid=${tier.id}`,
  user_limit: tier.userLimit,
})

const pseudoAttributes = (description: string, amountCents: number): Attributes => ({
  amount: amountCents,
  amount_cents: amountCents,
  created_at: null,
  description,
  remaining: 0,
  requires_shipping: false,
  url: null,
  user_limit: null,
})
