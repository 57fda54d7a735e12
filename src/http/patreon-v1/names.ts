/** The names that a query may use: what each kind of thing has, and what it points to (wire.md §5.1). */
import type { ResourceType } from '../../membership/documents/json-api.ts'

const words = (text: string): readonly string[] => text.split(/\s+/)

/** What is told only to those who ask for it by name. */
export const onRequest: Partial<Record<ResourceType, readonly string[]>> = {
  user: words('like_count comment_count'),
  pledge: words(
    `currency has_shipping_address is_paused outstanding_payment_amount_cents status total_historical_amount_cents
     unread_count`,
  ),
}

const usual: Record<ResourceType, readonly string[]> = {
  user: words(
    `about created discord_id email facebook facebook_id first_name full_name gender has_password image_url is_deleted
     is_email_verified is_nuked is_suspended last_name social_connections thumb_url twitch twitter url vanity youtube`,
  ),
  campaign: words(
    `created_at creation_count creation_name discord_server_id display_patron_goals earnings_visibility image_small_url
     image_url is_charged_immediately is_monthly is_nsfw is_plural main_video_embed main_video_url one_liner
     outstanding_payment_amount_cents patron_count pay_per_name pledge_sum pledge_url published_at summary thanks_embed
     thanks_msg thanks_video_url`,
  ),
  reward: words(
    `amount amount_cents created_at description discord_role_ids edited_at image_url patron_count post_count published
     published_at remaining requires_shipping title unpublished_at url user_limit`,
  ),
  pledge: words('amount_cents created_at declined_since patron_pays_fees pledge_cap_cents'),
  goal: words('amount_cents completed_percentage created_at description reached_at title'),
  address: words('addressee city country line_1 line_2 postal_code state'),
  card: words(
    'card_type created_at expiration_date has_a_failed_payment is_verified number payment_token payment_token_id',
  ),
}

/** What each kind of thing points to, by the name that this has. Nobody here has goals, cards or a place for VAT. */
const relations: Record<ResourceType, Readonly<Record<string, ResourceType>>> = {
  user: { campaign: 'campaign', pledges: 'pledge' },
  campaign: { creator: 'user', goals: 'goal', pledges: 'pledge', rewards: 'reward' },
  reward: { campaign: 'campaign', creator: 'user' },
  pledge: {
    address: 'address',
    campaign: 'campaign',
    card: 'card',
    creator: 'user',
    patron: 'user',
    pledge_vat_location: 'address',
    reward: 'reward',
  },
  goal: { campaign: 'campaign' },
  address: { user: 'user' },
  card: { user: 'user' },
}

/** What comes along unasked. */
const defaults: Partial<Record<ResourceType, readonly string[]>> = {
  user: ['campaign', 'pledges'],
  campaign: ['rewards', 'creator', 'goals'],
  pledge: ['patron', 'reward', 'creator', 'address', 'card'],
}

/** Whether there is such a kind of thing. */
export const isResourceType = (name: string): name is ResourceType => Object.hasOwn(usual, name)

/** Every kind of thing. */
export const resourceTypes = Object.keys(usual)

/** All attributes that may be asked for. */
export const attributesOf = (type: ResourceType): readonly string[] => [...usual[type], ...(onRequest[type] ?? [])]

/** The kinds of thing that one points to, by the names of the relationships. */
export const relationsOf = (type: ResourceType): ReadonlyMap<string, ResourceType> =>
  new Map(Object.entries(relations[type]))

/** What is included with a thing when nothing else was said. */
export const defaultsOf = (type: ResourceType): readonly string[] => defaults[type] ?? []
