import { type CampaignStanding, isOffered, payPerName, type TierStanding } from '../../../domain/membership.ts'
import type { Benefit } from '../../../domain/post.ts'
import { imageUrl } from '../../../domain/tier-image.ts'
import { many, one, type V2Resource, v2Timestamp, v2TimestampOrNull } from './resource.ts'

/** A campaign with every attribute that v2 knows (wire.md §6.3). */
export function campaignResource(
  standing: CampaignStanding,
  benefits: readonly Benefit[],
  linkBase: string,
): V2Resource {
  const { campaign, tiers, patronCount } = standing
  return {
    type: 'campaign',
    id: campaign.id,
    attributes: {
      ...unusedAttributes,
      created_at: v2Timestamp(campaign.createdAt),
      creation_name: campaign.creationName,
      image_small_url: `${linkBase}/assets/cover.svg`,
      image_url: `${linkBase}/assets/cover.svg`,
      is_monthly: campaign.isMonthly,
      is_nsfw: campaign.isNsfw,
      name: campaign.creationName,
      one_liner: campaign.oneLiner,
      patron_count: patronCount,
      pay_per_name: payPerName(campaign),
      pledge_url: `/checkout/${campaign.vanity}`,
      published_at: v2TimestampOrNull(campaign.publishedAt),
      summary: campaign.summary,
      thanks_msg: campaign.thanksMessage,
      url: `${linkBase}/c/${campaign.vanity}`,
      vanity: campaign.vanity,
    },
    relationships: {
      benefits: many(
        'benefit',
        benefits.map(({ id }) => id),
      ),
      campaign_installations: { data: [] },
      categories: { data: [] },
      creator: one('user', campaign.creatorId),
      // Patreon has no goals any more, and says so with an empty list (wire.md §6.1).
      goals: { data: [] },
      tiers: many(
        'tier',
        tiers.map(({ id }) => id),
      ),
    },
  }
}

/** What Patreon says of a campaign that uses none of these. */
const unusedAttributes = {
  currency: 'USD',
  discord_server_id: null,
  google_analytics_id: null,
  has_rss: false,
  has_sent_rss_notify: false,
  is_charged_immediately: true,
  main_video_embed: null,
  main_video_url: null,
  rss_artwork_url: null,
  rss_feed_title: '',
  show_earnings: false,
  thanks_embed: null,
  thanks_video_url: null,
} as const

/** What a patron may choose. */
export function tierResource(
  tier: TierStanding,
  { standing, benefits, linkBase }: { standing: CampaignStanding; benefits: readonly Benefit[]; linkBase: string },
): V2Resource {
  const { campaign } = standing
  const promised = benefits.filter(({ tierIds }) => tierIds.includes(tier.id))
  return {
    type: 'tier',
    id: tier.id,
    attributes: {
      amount_cents: tier.amountCents,
      created_at: v2Timestamp(tier.createdAt),
      description: tier.description,
      discord_role_ids: [],
      edited_at: v2Timestamp(tier.editedAt),
      image_url: tier.image === null ? null : imageUrl(tier.image, linkBase),
      patron_count: tier.patronCount,
      post_count: 0,
      published: isOffered(tier),
      published_at: isOffered(tier) ? v2Timestamp(tier.createdAt) : null,
      remaining: tier.userLimit === null ? null : Math.max(0, tier.userLimit - tier.patronCount),
      requires_shipping: tier.requiresShipping,
      title: tier.title,
      unpublished_at: v2TimestampOrNull(tier.unpublishedAt),
      url: `/checkout/${campaign.vanity}?rid=${tier.id}`,
      user_limit: tier.userLimit,
    },
    relationships: {
      benefits: many(
        'benefit',
        promised.map(({ id }) => id),
      ),
      campaign: one('campaign', campaign.id),
      tier_image: one('media', tier.image?.id ?? null),
    },
  }
}

/** What a tier promises. */
export const benefitResource = (benefit: Benefit): V2Resource => ({
  type: 'benefit',
  id: benefit.id,
  attributes: {
    app_external_id: null,
    app_meta: null,
    benefit_type: null,
    created_at: v2Timestamp(benefit.createdAt),
    deliverables_due_today_count: 0,
    delivered_deliverables_count: 0,
    description: benefit.description,
    is_deleted: benefit.deletedAt !== null,
    is_ended: false,
    is_published: benefit.deletedAt === null,
    next_deliverable_due_date: null,
    not_delivered_deliverables_count: 0,
    rule_type: null,
    tiers_count: benefit.tierIds.length,
    title: benefit.title,
  },
  relationships: {
    campaign: one('campaign', benefit.campaignId),
    campaign_installation: { data: null },
    deliverables: { data: [] },
    tiers: many('tier', benefit.tierIds),
  },
})
