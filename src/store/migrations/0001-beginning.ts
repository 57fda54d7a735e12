import { type Kysely, type Migration, sql } from 'kysely'

const controlTables = [
  `create table accounts (
    id integer primary key autoincrement,
    email text not null unique,
    full_name text not null,
    vanity text unique,
    role text not null,
    password_hash text,
    created_at integer not null
  )`,
  `create table sign_in_links (
    token_hash text primary key,
    account_id integer not null references accounts,
    expires_at integer not null
  )`,
  `create table sessions (
    id_hash text primary key,
    account_id integer references accounts,
    content text not null,
    expires_at integer not null
  )`,
  `create index sessions_by_account on sessions (account_id)`,
  `create table api_keys (
    id integer primary key autoincrement,
    account_id integer not null references accounts,
    name text not null,
    hash text not null unique,
    ending text not null,
    scopes text not null,
    created_at integer not null,
    revoked_at integer
  )`,
  `create table clients (
    id integer primary key autoincrement,
    account_id integer not null references accounts,
    client_id text not null unique,
    secret_hash text not null,
    secret_sealed blob not null,
    name text not null,
    description text not null,
    category text,
    author_name text,
    domain text,
    icon_url text,
    privacy_policy_url text,
    tos_url text,
    redirect_uris text not null,
    api_version integer not null,
    created_at integer not null,
    replaced_at integer,
    deleted_at integer
  )`,
  `create index clients_by_account on clients (account_id)`,
  `create table grants (
    client_id integer not null references clients,
    tenant text not null,
    primary key (client_id, tenant)
  )`,
  `create table webhooks (
    id integer primary key autoincrement,
    client_id integer not null references clients,
    tenant text,
    uri text not null,
    triggers text not null,
    signing_key text not null,
    schedule text not null,
    secret_sealed blob not null,
    standard_secret_sealed blob not null,
    paused_at integer,
    pause_reason text,
    created_at integer not null,
    since_sequence integer not null,
    deleted_at integer
  )`,
  `create index webhooks_by_client on webhooks (client_id)`,
  `create table webhook_health (
    webhook_id integer primary key references webhooks,
    failing_since integer,
    consecutive_failures integer not null,
    last_attempted_at integer
  )`,
  `create table triggers (
    name text primary key,
    description text not null,
    example text not null,
    registered_at integer not null
  )`,
  `create table campaigns (
    id integer primary key autoincrement,
    account_id integer not null references accounts,
    vanity text not null unique,
    creation_name text not null,
    summary text not null,
    is_monthly integer not null,
    created_at integer not null,
    published_at integer
  )`,
  `create index campaigns_by_account on campaigns (account_id)`,
  `create table tiers (
    id integer primary key autoincrement,
    campaign_id integer not null references campaigns,
    title text not null,
    description text not null,
    amount_cents integer not null,
    user_limit integer,
    created_at integer not null,
    edited_at integer not null
  )`,
  `create index tiers_by_campaign on tiers (campaign_id)`,
  `create table pledges (
    id integer primary key autoincrement,
    campaign_id integer not null references campaigns,
    patron_id integer not null references accounts,
    tier_id integer references tiers,
    amount_cents integer not null,
    pledge_cap_cents integer,
    patron_pays_fees integer not null,
    created_at integer not null,
    declined_since integer,
    ended_at integer
  )`,
  `create unique index pledges_open on pledges (campaign_id, patron_id) where ended_at is null`,
  `create index pledges_by_patron on pledges (patron_id)`,
  `create index pledges_by_tier on pledges (tier_id) where ended_at is null`,
  `create table kittens (
    id integer primary key autoincrement,
    name text not null,
    breed text not null,
    fluffiness integer not null,
    cuteness integer not null,
    species text not null,
    is_available integer not null,
    created_at integer not null,
    deleted_at integer
  )`,
  `create table numbers (name text primary key, value integer not null)`,
  `create table seals (name text primary key, sealed blob not null)`,
  `insert into numbers (name, value) values ('listeners_version', 1), ('journal_mark', 0), ('prune_cursor', 0)`,
]

/**
 * The hot path. A delivery is found by event or by webhook; what waits for its time is in `due`, what waits for
 * its webhook to be resumed in `held`, so that what was delivered at once touches neither.
 */
const engineTables = [
  `create table events (
    sequence integer primary key,
    id text not null,
    tenant text not null,
    trigger text not null,
    accepted_at integer not null,
    body blob not null
  )`,
  `create index events_by_id on events (id)`,
  `create index events_by_tenant on events (tenant, sequence)`,
  `create table deliveries (
    sequence integer not null,
    webhook_id integer not null,
    status integer not null,
    attempts_made integer not null,
    at integer not null,
    primary key (sequence, webhook_id)
  ) without rowid`,
  `create index deliveries_by_webhook on deliveries (webhook_id, sequence)`,
  // Status 2 is delivered, what nearly all of them are.
  `create index deliveries_not_delivered on deliveries (status, sequence, webhook_id) where status <> 2`,
  `create table due (
    webhook_id integer not null,
    sequence integer not null,
    wake_at integer not null,
    is_leased integer not null,
    primary key (webhook_id, sequence)
  ) without rowid`,
  `create index due_in_order on due (webhook_id, wake_at)`,
  `create table held (
    webhook_id integer not null,
    sequence integer not null,
    since integer not null,
    primary key (webhook_id, sequence)
  ) without rowid`,
  `create index held_by_age on held (since)`,
  // One pass over what waits: from the sequence behind passed up to last.
  `create table flushing (
    webhook_id integer primary key,
    passed integer not null,
    last integer not null
  )`,
  `create table attempts (
    sequence integer not null,
    webhook_id integer not null,
    number integer not null,
    started_at integer not null,
    kind integer not null,
    status integer,
    detail text,
    connected integer,
    first_byte integer,
    ended integer not null,
    headers text,
    body blob,
    is_cut integer not null,
    primary key (sequence, webhook_id, number)
  ) without rowid`,
]

/** The tables as they were first. */
export const beginning: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of [...controlTables, ...engineTables]) await sql.raw(statement).execute(db)
  },
}
