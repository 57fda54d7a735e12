/** The columns of every table that holds control data, as Kysely sees them. Times are milliseconds since 1970. */
import type { Generated } from 'kysely'

/** JSON text in a column; read and written by its records alone. */
type JsonText = string

/** Every table that queries are built for. */
export type Tables = {
  accounts: {
    id: Generated<number>
    email: string
    full_name: string
    vanity: string | null
    role: string
    password_hash: string | null
    created_at: number
  }
  sign_in_links: { token_hash: string; account_id: number; expires_at: number }
  sessions: { id_hash: string; account_id: number | null; content: JsonText; expires_at: number }
  api_keys: {
    id: Generated<number>
    account_id: number
    name: string
    hash: string
    ending: string
    scopes: JsonText
    created_at: number
    revoked_at: number | null
  }
  clients: {
    id: Generated<number>
    account_id: number
    client_id: string
    secret_hash: string
    secret_sealed: Uint8Array
    name: string
    description: string
    category: string | null
    author_name: string | null
    domain: string | null
    icon_url: string | null
    privacy_policy_url: string | null
    tos_url: string | null
    redirect_uris: JsonText
    api_version: number
    created_at: number
    replaced_at: number | null
    deleted_at: number | null
  }
  grants: { client_id: number; tenant: string }
  webhooks: {
    id: Generated<number>
    client_id: number
    tenant: string | null
    uri: string
    triggers: JsonText
    signing_key: string
    schedule: string
    secret_sealed: Uint8Array
    standard_secret_sealed: Uint8Array
    paused_at: number | null
    pause_reason: string | null
    created_at: number
    since_sequence: number
    deleted_at: number | null
    origin: Generated<string>
    audience: Generated<number>
  }
  webhook_health: {
    webhook_id: number
    failing_since: number | null
    consecutive_failures: number
    last_attempted_at: number | null
  }
  triggers: { name: string; description: string; example: string; registered_at: number }
  campaigns: {
    id: Generated<number>
    account_id: number
    vanity: string
    creation_name: string
    summary: string
    is_monthly: number
    created_at: number
    published_at: number | null
    one_liner: string | null
    thanks_msg: string | null
    is_nsfw: Generated<number>
  }
  tiers: {
    id: Generated<number>
    campaign_id: number
    title: string
    description: string
    amount_cents: number
    user_limit: number | null
    created_at: number
    edited_at: number
    unpublished_at: number | null
    requires_shipping: Generated<number>
    image: Generated<JsonText | null>
  }
  pledges: {
    id: Generated<number>
    campaign_id: number
    patron_id: number
    tier_id: number | null
    amount_cents: number
    pledge_cap_cents: number | null
    patron_pays_fees: number
    created_at: number
    declined_since: number | null
    ended_at: number | null
    cadence_months: Generated<number>
    kind: Generated<string>
    free_until: number | null
    updated_at: Generated<number>
  }
  /** Kept by triggers on `pledges`. */
  pledge_sums: {
    campaign_id: number
    /** 0: without a tier. */
    tier_id: number
    patrons: number
    cents: number
  }
  members: {
    number: Generated<number>
    id: string
    campaign_id: number
    account_id: number
    is_follower: number
    note: string
    joined_at: number
    left_at: number | null
    pledge_started_at: number | null
    last_charge_at: number | null
    last_charge_status: string | null
    next_charge_at: number | null
    lifetime_cents: number
  }
  pledge_events: {
    id: Generated<number>
    member_number: number
    type: string
    amount_cents: number
    happened_at: number
    payment_status: string | null
    tier_id: number | null
    tier_title: string | null
  }
  addresses: {
    id: Generated<number>
    account_id: number
    addressee: string | null
    line_1: string | null
    line_2: string | null
    postal_code: string | null
    city: string
    state: string | null
    country: string
    phone_number: string | null
    created_at: number
  }
  benefits: {
    id: Generated<number>
    campaign_id: number
    title: string
    description: string
    created_at: number
    deleted_at: Generated<number | null>
  }
  tier_benefits: { tier_id: number; benefit_id: number }
  posts: {
    id: Generated<number>
    campaign_id: number
    title: string
    content: string
    is_paid: number
    is_public: number
    tiers: JsonText
    published_at: number
    edited_at: number
    deleted_at: number | null
  }
  media: { id: Generated<number>; mimetype: string; bytes: Uint8Array }
  charging_posts: { post_id: number; passed: number; newest_pledge_id: number }
  post_charges: { member_number: number; post_id: number; due_at: number }
  authorizations: {
    id: Generated<number>
    client_id: number
    account_id: number
    scopes: JsonText
    is_creators: number
    created_at: number
    revoked_at: number | null
  }
  authorization_codes: {
    hash: string
    authorization_id: number
    redirect_uri: string
    code_challenge: string | null
    expires_at: number
    spent_at: number | null
  }
  tokens: {
    hash: string
    authorization_id: number
    kind: string
    created_at: number
    expires_at: number | null
    spent_at: number | null
  }
  kittens: {
    id: Generated<number>
    name: string
    breed: string
    fluffiness: number
    cuteness: number
    species: string
    is_available: number
    created_at: number
    deleted_at: number | null
  }
  flushing: { webhook_id: number; passed: number; last: number }
  numbers: { name: string; value: number }
}
