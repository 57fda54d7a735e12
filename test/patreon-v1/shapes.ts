/**
 * The keys that v1's documents had, and what kinds of values were seen under each in public captures of `current_user`,
 * `current_user/campaigns` and `campaigns/:id/pledges`, taken together; facts, no values.
 */
export const attributeKinds: Record<string, Record<string, string>> = {
  address: kinds({ null: 'line_2', string: 'addressee city country line_1 postal_code state' }),
  campaign: kinds({
    boolean: 'display_patron_goals is_charged_immediately is_monthly is_nsfw is_plural',
    datetime: 'created_at',
    'datetime|null': 'published_at',
    integer: 'creation_count outstanding_payment_amount_cents patron_count pledge_sum',
    'null|string': 'creation_name discord_server_id main_video_embed one_liner pay_per_name thanks_embed thanks_msg',
    'null|string|url': 'main_video_url',
    'null|url': 'image_small_url image_url thanks_video_url',
    string: 'earnings_visibility pledge_url summary',
  }),
  pledge: kinds({
    boolean: 'patron_pays_fees',
    datetime: 'created_at',
    'datetime|null': 'declined_since',
    integer: 'amount_cents',
    'integer|null': 'pledge_cap_cents',
  }),
  reward: kinds({
    'array|null': 'discord_role_ids',
    boolean: 'published requires_shipping',
    'datetime|null': 'created_at edited_at published_at unpublished_at',
    integer: 'amount amount_cents patron_count',
    'integer|null': 'post_count remaining user_limit',
    'null|string': 'title url',
    'null|url': 'image_url',
    string: 'description',
  }),
  // The rewards -1 and 0, which everybody has.
  pseudo: kinds({
    boolean: 'requires_shipping',
    integer: 'amount amount_cents remaining',
    null: 'created_at url user_limit',
    string: 'description',
  }),
  user: kinds({
    boolean: 'has_password is_deleted is_email_verified is_nuked is_suspended',
    datetime: 'created',
    integer: 'gender',
    null: 'discord_id facebook_id',
    'null|string': 'about twitter vanity',
    'null|string|url': 'facebook twitch youtube',
    object: 'social_connections',
    string: 'email first_name full_name last_name',
    url: 'image_url thumb_url url',
  }),
}

/** What each pointed to: one thing with a link, perhaps none, or a list without a link. */
export const relationshipKinds: Record<string, Record<string, string>> = {
  address: {},
  campaign: { creator: 'one user', goals: 'many goal', rewards: 'many reward' },
  pledge: {
    address: 'null or one address',
    creator: 'one user',
    patron: 'one user',
    reward: 'null or one reward',
  },
  pseudo: {},
  reward: { campaign: 'one campaign' },
  user: { campaign: 'null or one campaign' },
}

function kinds(keysOf: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(keysOf).flatMap(([kind, keys]) => keys.split(' ').map((key) => [key, kind] as const)),
  )
}
