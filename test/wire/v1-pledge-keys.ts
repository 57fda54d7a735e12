/**
 * The keys that a pledge webhook of 2017 had, and what kind of value each held; facts observed on public captures.
 * A kind followed by `?` was also seen as null there, or is null by documentation where the thing is absent.
 */
export type Kind = 'text' | 'time' | 'url' | 'count' | 'flag' | 'object' | 'nothing'

/** Kind by key, for each type of resource. */
export const attributeKinds: Record<
  'pledge' | 'user' | 'campaign' | 'reward' | 'pseudo',
  Record<string, `${Kind}${'' | '?'}`>
> = {
  pledge: {
    amount_cents: 'count',
    created_at: 'time',
    declined_since: 'time?',
    patron_pays_fees: 'flag',
    pledge_cap_cents: 'count?',
  },
  user: {
    ...kinds('text', 'about email first_name full_name last_name'),
    ...kinds('url', 'image_url thumb_url url'),
    ...kinds('flag', 'has_password is_deleted is_email_verified is_nuked is_suspended'),
    ...kinds('nothing', 'discord_id facebook facebook_id twitch twitter'),
    created: 'time',
    gender: 'count',
    social_connections: 'object',
    vanity: 'text?',
    youtube: 'url?',
  },
  campaign: {
    ...kinds('text', 'creation_name earnings_visibility pay_per_name pledge_url summary thanks_embed'),
    ...kinds('url', 'image_small_url image_url'),
    ...kinds('count', 'creation_count outstanding_payment_amount_cents patron_count pledge_sum'),
    ...kinds('flag', 'display_patron_goals is_charged_immediately is_monthly is_nsfw is_plural'),
    ...kinds('nothing', 'discord_server_id main_video_embed main_video_url one_liner thanks_msg thanks_video_url'),
    created_at: 'time',
    published_at: 'time?',
  },
  reward: {
    ...kinds('text', 'description image_url title url'),
    ...kinds('time', 'created_at edited_at published_at'),
    ...kinds('count', 'amount amount_cents patron_count'),
    ...kinds('flag', 'published requires_shipping'),
    ...kinds('nothing', 'discord_role_ids post_count unpublished_at'),
    remaining: 'count?',
    user_limit: 'count?',
  },
  pseudo: {
    ...kinds('count', 'amount amount_cents remaining'),
    ...kinds('nothing', 'created_at url user_limit'),
    description: 'text',
    requires_shipping: 'flag',
  },
}

/** What each type points to; `one` has a link, `none` may be null, `many` is a list without a link. */
export const relationshipKinds = {
  pledge: { address: 'none', campaign: 'one', card: 'none', creator: 'one', patron: 'one', reward: 'none' },
  user: { campaign: 'none' },
  campaign: { creator: 'one', goals: 'many', rewards: 'many' },
  reward: { campaign: 'one', creator: 'one' },
  pseudo: { creator: 'one' },
} as const

function kinds(kind: Kind, keys: string): Record<string, Kind> {
  return Object.fromEntries(keys.split(' ').map((key) => [key, kind]))
}
