import { type CampaignStanding, payPerName } from '../../domain/membership.ts'
import { type Resource, toMany, toOne } from './json-api.ts'
import { pseudoRewardIds } from './reward.ts'
import { timestamp, timestampOrNull } from './timestamp.ts'

/** A campaign as its creator sees it (wire.md §5.1). */
export function campaignResource(
  { campaign, tiers, patronCount, pledgeSumCents }: CampaignStanding,
  linkBase: string,
): Resource {
  return {
    type: 'campaign',
    id: campaign.id,
    attributes: {
      ...unusedAttributes,
      created_at: timestamp(campaign.createdAt),
      creation_name: campaign.creationName,
      image_small_url: `${linkBase}/assets/cover.svg`,
      image_url: `${linkBase}/assets/cover.svg`,
      is_monthly: campaign.isMonthly,
      is_nsfw: campaign.isNsfw,
      one_liner: campaign.oneLiner,
      patron_count: patronCount,
      pay_per_name: payPerName(campaign),
      pledge_sum: pledgeSumCents,
      pledge_url: `/bePatron?c=${campaign.id}`,
      published_at: timestampOrNull(campaign.publishedAt),
      summary: campaign.summary,
      thanks_msg: campaign.thanksMessage,
    },
    relationships: {
      creator: toOne('user', campaign.creatorId, linkBase),
      goals: toMany('goal', []),
      rewards: toMany('reward', [...pseudoRewardIds, ...tiers.map((tier) => tier.id)]),
    },
  }
}

/** What Patreon says of a campaign that uses none of these. */
const unusedAttributes = {
  creation_count: 0,
  discord_server_id: null,
  display_patron_goals: false,
  earnings_visibility: 'public',
  is_charged_immediately: false,
  is_plural: false,
  main_video_embed: null,
  main_video_url: null,
  outstanding_payment_amount_cents: 0,
  thanks_embed: '',
  thanks_video_url: null,
} as const
