/** The attributes that Patreon documents for each type, with their JSON types; `?` may be null. */
const described: Record<string, string> = {
  address: `addressee str?, city str, country str, created_at str, line_1 str?, line_2 str?, phone_number str?,
    postal_code str?, state str?`,
  benefit: `app_external_id str?, app_meta obj?, benefit_type str?, created_at str, deliverables_due_today_count int,
    delivered_deliverables_count int, description str?, is_deleted bool, is_ended bool, is_published bool,
    next_deliverable_due_date str?, not_delivered_deliverables_count int, rule_type str?, tiers_count int, title str`,
  campaign: `created_at str, creation_name str?, discord_server_id str?, google_analytics_id str?, has_rss bool,
    has_sent_rss_notify bool, image_small_url str, image_url str, is_charged_immediately bool?, is_monthly bool,
    is_nsfw bool, main_video_embed str?, main_video_url str?, one_liner str?, patron_count int, pay_per_name str?,
    pledge_url str, published_at str?, rss_artwork_url str?, rss_feed_title str, show_earnings bool, summary str?,
    thanks_embed str?, thanks_msg str?, thanks_video_url str?, url str, vanity str?, currency str, name str`,
  member: `campaign_lifetime_support_cents int, currently_entitled_amount_cents int, email str, full_name str,
    is_follower bool, is_free_trial bool, is_gifted bool, last_charge_date str?, last_charge_status str?,
    lifetime_support_cents int, next_charge_date str?, note str, patron_status str?, pledge_cadence int?,
    pledge_relationship_start str?, will_pay_amount_cents int`,
  media: `created_at str, download_url str, file_name str, image_urls obj, metadata obj?, mimetype str, owner_id str,
    owner_relationship str, owner_type str, size_bytes int, state str, upload_expires_at str, upload_parameters obj,
    upload_url str`,
  'pledge-event': `amount_cents int, currency_code str, date str, payment_status str?, pledge_payment_status str?,
    tier_id str?, tier_title str?, type str`,
  post: `app_id int?, app_status str?, content str?, embed_data obj?, embed_url str?, is_paid bool?, is_public bool?,
    published_at str?, tiers list?, title str?, url str`,
  tier: `amount_cents int, created_at str, description str, discord_role_ids list?, edited_at str, image_url str?,
    patron_count int, post_count int?, published bool, published_at str?, remaining int?, requires_shipping bool,
    title str, unpublished_at str?, url str, user_limit int?`,
  user: `about str?, can_see_nsfw bool?, created str, email str, first_name str?, full_name str, hide_pledges bool?,
    image_url str, is_creator bool, is_email_verified bool, last_name str?, like_count int, social_connections obj,
    thumb_url str, url str, vanity str?`,
}

/** Type → attribute → its JSON type. */
export const attributeTypes: Record<string, Record<string, string>> = Object.fromEntries(
  Object.entries(described).map(([type, text]) => [
    type,
    Object.fromEntries(text.split(',').map((part) => part.trim().split(/\s+/) as [string, string])),
  ]),
)

const checks: Record<string, (value: unknown) => boolean> = {
  str: (value) => typeof value === 'string',
  int: (value) => Number.isSafeInteger(value),
  bool: (value) => typeof value === 'boolean',
  obj: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  list: (value) => Array.isArray(value),
}

/** Whether a value has such a type. */
export const isOf = (kind: string, value: unknown): boolean =>
  (kind.endsWith('?') && value === null) || checks[kind.replace('?', '')]?.(value) === true
