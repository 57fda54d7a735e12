/**
 * Every kind of thing that v2 speaks of: what can be asked of it, and where it leads (wire.md §6.3). A new kind is a
 * row here and a loader in `library.ts`; parsing, walking and writing know nothing of any kind.
 */
import type { V2Scope } from '../../domain/oauth-scope.ts'
import type { V2Type } from '../../membership/documents/v2/resource.ts'

/** What a kind has. */
export type Kind = {
  attributes: readonly string[]
  relationships: { readonly [name: string]: Way }
}

/** Where a relationship leads; null: to what nobody here ever has. */
export type Way = {
  to: V2Type | null
  /** Without this scope there is nothing to be seen at its end. */
  needs?: V2Scope
}

const words = (text: string): string[] => text.trim().split(/\s+/)

const nowhere: Way = { to: null }

/** Beside webhooks it is called `client`, by the calls that make it `oauth-client` (wire.md §11, 7). */
const clientKind = {
  attributes: words(`author_name category client_secret default_scopes description domain icon_url name
    privacy_policy_url redirect_uris tos_url version`),
  relationships: {
    apps: nowhere,
    campaign: { to: 'campaign' },
    creator_token: { to: 'oauth-token' },
    user: { to: 'user' },
  },
} as const satisfies Kind

/** The table. */
export const kinds = {
  address: {
    attributes: words('addressee city country created_at line_1 line_2 phone_number postal_code state'),
    relationships: { campaigns: nowhere, user: { to: 'user' } },
  },
  benefit: {
    attributes: words(`app_external_id app_meta benefit_type created_at deliverables_due_today_count
      delivered_deliverables_count description is_deleted is_ended is_published next_deliverable_due_date
      not_delivered_deliverables_count rule_type tiers_count title`),
    relationships: {
      campaign: { to: 'campaign' },
      campaign_installation: nowhere,
      deliverables: nowhere,
      tiers: { to: 'tier' },
    },
  },
  campaign: {
    attributes: words(`created_at creation_name currency discord_server_id google_analytics_id has_rss
      has_sent_rss_notify image_small_url image_url is_charged_immediately is_monthly is_nsfw main_video_embed
      main_video_url name one_liner patron_count pay_per_name pledge_url published_at rss_artwork_url rss_feed_title
      show_earnings summary thanks_embed thanks_msg thanks_video_url url vanity`),
    relationships: {
      benefits: { to: 'benefit' },
      campaign_installations: nowhere,
      categories: nowhere,
      creator: { to: 'user' },
      goals: nowhere,
      tiers: { to: 'tier' },
    },
  },
  client: clientKind,
  goal: {
    attributes: words('amount_cents completed_percentage created_at description reached_at title'),
    relationships: { campaign: { to: 'campaign' } },
  },
  media: {
    attributes: words(`created_at download_url file_name image_urls metadata mimetype owner_id owner_relationship
      owner_type size_bytes state upload_expires_at upload_parameters upload_url`),
    relationships: {},
  },
  member: {
    attributes: words(`campaign_lifetime_support_cents currently_entitled_amount_cents email full_name is_follower
      is_free_trial is_gifted last_charge_date last_charge_status lifetime_support_cents next_charge_date note
      patron_status pledge_cadence pledge_relationship_start will_pay_amount_cents`),
    relationships: {
      address: { to: 'address', needs: 'campaigns.members.address' },
      campaign: { to: 'campaign' },
      currently_entitled_tiers: { to: 'tier' },
      pledge_history: { to: 'pledge-event' },
      user: { to: 'user' },
    },
  },
  'oauth-client': clientKind,
  'oauth-token': {
    attributes: words('access_token expires_in refresh_token scope token_type'),
    relationships: {},
  },
  'pledge-event': {
    attributes: words(`amount_cents currency_code date payment_status pledge_payment_status tier_id tier_title type`),
    relationships: { campaign: { to: 'campaign' }, patron: { to: 'user' }, tier: { to: 'tier' } },
  },
  post: {
    attributes: words(`app_id app_status content embed_data embed_url is_paid is_public published_at tiers title url`),
    relationships: { campaign: { to: 'campaign' }, user: { to: 'user' } },
  },
  tier: {
    attributes: words(`amount_cents created_at description discord_role_ids edited_at image_url patron_count
      post_count published published_at remaining requires_shipping title unpublished_at url user_limit`),
    relationships: { benefits: { to: 'benefit' }, campaign: { to: 'campaign' }, tier_image: { to: 'media' } },
  },
  user: {
    attributes: words(`about can_see_nsfw created email first_name full_name hide_pledges image_url is_creator
      is_email_verified last_name like_count social_connections thumb_url url vanity`),
    relationships: { campaign: { to: 'campaign' }, memberships: { to: 'member' } },
  },
  webhook: {
    attributes: words('last_attempted_at num_consecutive_times_failed paused secret triggers uri'),
    relationships: { campaign: { to: 'campaign' }, client: { to: 'client' } },
  },
} as const satisfies Record<V2Type, Kind>

/** Kinds that Patreon has and nobody here: their fields may be asked for, and are never found. */
const absent: Readonly<Record<string, readonly string[]>> = {
  deliverable: words('completed_at delivery_status due_at'),
}

const askable: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ...Object.entries(kinds).map(([type, { attributes }]) => [type, new Set(attributes)] as const),
  ...Object.entries(absent).map(([type, attributes]) => [type, new Set(attributes)] as const),
])

/** What can be asked of a kind by its name; null when there is no such kind. */
export const attributesOf = (type: string): ReadonlySet<string> | null => askable.get(type) ?? null

/** Where a relationship of a kind leads; null when it has none of that name. */
export function wayFrom(type: V2Type | null, name: string): Way | null {
  if (type === null) return null
  const { relationships }: Kind = kinds[type]
  return Object.hasOwn(relationships, name) ? (relationships[name] ?? null) : null
}
