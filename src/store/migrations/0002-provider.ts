import { type Kysely, type Migration, sql } from 'kysely'

/** Who was let in by whom, and with what: one authorization is one family of tokens, revoked as a whole. */
const authorizationTables = [
  `create table authorizations (
    id integer primary key autoincrement,
    client_id integer not null references clients,
    account_id integer not null references accounts,
    scopes text not null,
    is_creators integer not null,
    created_at integer not null,
    revoked_at integer
  )`,
  `create index authorizations_by_client on authorizations (client_id, account_id)`,
  `create table authorization_codes (
    hash text primary key,
    authorization_id integer not null references authorizations,
    redirect_uri text not null,
    code_challenge text,
    expires_at integer not null,
    spent_at integer
  )`,
  `create index authorization_codes_by_expiry on authorization_codes (expires_at)`,
  `create table tokens (
    hash text primary key,
    authorization_id integer not null references authorizations,
    kind text not null,
    created_at integer not null,
    expires_at integer,
    spent_at integer
  )`,
  `create index tokens_by_authorization on tokens (authorization_id)`,
  `create index tokens_by_expiry on tokens (expires_at)`,
]

/** A member is found by its UUID and listed by its number: numbers are given in the order of joining. */
const memberTables = [
  `create table members (
    number integer primary key autoincrement,
    id text not null unique,
    campaign_id integer not null references campaigns,
    account_id integer not null references accounts,
    is_follower integer not null,
    note text not null,
    joined_at integer not null,
    left_at integer,
    pledge_started_at integer,
    last_charge_at integer,
    last_charge_status text,
    next_charge_at integer,
    lifetime_cents integer not null
  )`,
  `create unique index members_by_person on members (campaign_id, account_id)`,
  `create index members_by_campaign on members (campaign_id, number) where left_at is null`,
  `create index members_by_account on members (account_id)`,
  `create index members_by_charge on members (next_charge_at) where next_charge_at is not null`,
  `create table pledge_events (
    id integer primary key autoincrement,
    member_number integer not null references members,
    type text not null,
    amount_cents integer not null,
    happened_at integer not null,
    payment_status text,
    tier_id integer references tiers,
    tier_title text
  )`,
  `create index pledge_events_by_member on pledge_events (member_number, id)`,
  `create table addresses (
    id integer primary key autoincrement,
    account_id integer not null unique references accounts,
    addressee text,
    line_1 text,
    line_2 text,
    postal_code text,
    city text not null,
    state text,
    country text not null,
    phone_number text,
    created_at integer not null
  )`,
]

const campaignTables = [
  `alter table campaigns add column one_liner text`,
  `alter table campaigns add column thanks_msg text`,
  `alter table campaigns add column is_nsfw integer not null default 0`,
  `alter table tiers add column unpublished_at integer`,
  `alter table pledges add column cadence_months integer not null default 1`,
  `alter table pledges add column kind text not null default 'paid'`,
  `alter table pledges add column free_until integer`,
  `create index pledges_in_order on pledges (campaign_id, created_at, patron_id) where ended_at is null`,
  `create table benefits (
    id integer primary key autoincrement,
    campaign_id integer not null references campaigns,
    title text not null,
    description text not null,
    created_at integer not null
  )`,
  `create index benefits_by_campaign on benefits (campaign_id)`,
  `create table tier_benefits (
    tier_id integer not null references tiers,
    benefit_id integer not null references benefits,
    primary key (tier_id, benefit_id)
  )`,
  `create table posts (
    id integer primary key autoincrement,
    campaign_id integer not null references campaigns,
    title text not null,
    content text not null,
    is_paid integer not null,
    is_public integer not null,
    tiers text not null,
    published_at integer not null,
    edited_at integer not null,
    deleted_at integer
  )`,
  `create index posts_by_campaign on posts (campaign_id, id) where deleted_at is null`,
]

const webhookTables = [
  // Who made it: a client sees by the API those that it made there.
  `alter table webhooks add column origin text not null default 'page'`,
  // What it may be told of people: 0 nothing more, 1 e-mail addresses, 2 postal addresses, 3 both.
  `alter table webhooks add column audience integer not null default 0`,
  // The bodies of an event for those who may be told more; its own row has the plain one.
  `create table event_bodies (
    sequence integer not null references events,
    audience integer not null,
    body blob not null,
    primary key (sequence, audience)
  ) without rowid`,
]

/** The provider's side: authorizations and their tokens, members, posts, benefits, and who may be told what. */
export const provider: Migration = {
  async up(db: Kysely<unknown>) {
    const statements = [...authorizationTables, ...memberTables, ...campaignTables, ...webhookTables]
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
