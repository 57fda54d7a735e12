import { type Kysely, type Migration, sql } from 'kysely'

/** What patrons of a campaign that charges by the creation are charged for, a slice at a time. */
const postChargeTables = [
  // One pass over a campaign's members for one post: those behind passed are still to be looked at.
  `create table charging_posts (
    post_id integer primary key references posts,
    passed integer not null,
    newest_pledge_id integer not null
  )`,
  `create table post_charges (
    member_number integer not null references members,
    post_id integer not null references posts,
    due_at integer not null,
    primary key (member_number, post_id)
  ) without rowid`,
]

/** By the creation nobody pays by the year, though it could be asked for. */
const noYears = [
  `update pledges set cadence_months = 1 where campaign_id in (select id from campaigns where is_monthly = 0)`,
]

const benefitColumns = [`alter table benefits add column deleted_at integer`]

/** What is known of a tier's picture stands with the tier; its bytes are read by nobody but who wants to see it. */
const tierImages = [
  `alter table tiers add column image text`,
  `create table media (id integer primary key autoincrement, mimetype text not null, bytes blob not null)`,
]

/** When a pledge's terms changed last: an edit ended the one before, and both share their beginning. */
const pledgeOrder = [
  `alter table pledges add column updated_at integer not null default 0`,
  `update pledges set updated_at = coalesce(
    (select max(earlier.ended_at) from pledges as earlier
     where pledges.ended_at is null and earlier.patron_id = pledges.patron_id
       and earlier.campaign_id = pledges.campaign_id and earlier.ended_at >= pledges.created_at),
    created_at)`,
  `create index pledges_by_update on pledges (campaign_id, updated_at, patron_id) where ended_at is null`,
]

/**
 * The turn of the month behind the last thing that happened. From there on these members are charged like all others, and
 * one that lay idle since then catches up month by month, as any server does that slept.
 */
const nextTurn = `(select strftime('%s', max(coalesce(
    (select max(accepted_at) from events), 0), (select max(updated_at) from pledges)) / 1000,
    'unixepoch', 'start of month', '+1 month') * 1000)`

/** Made of what is known, because nothing here is left to chance: a UUID of version 8 (RFC 9562 §5.8). */
const memberId = `printf('%08x-%04x-8%03x-%04x-%012x', pledges.created_at >> 16, pledges.created_at & 65535,
  pledges.campaign_id & 4095, 32768 + ((pledges.campaign_id >> 12) & 16383), pledges.patron_id)`

const isCharged = `pledges.declined_since is null
  and (select is_monthly from campaigns where campaigns.id = pledges.campaign_id) = 1`

/** A pledge from before there were members has one from now on, with a history that begins with it. */
const membersFromBefore = [
  `insert into members (id, campaign_id, account_id, is_follower, note, joined_at, left_at, pledge_started_at,
      last_charge_at, last_charge_status, next_charge_at, lifetime_cents)
    select ${memberId}, campaign_id, patron_id, 0, '', created_at, null, null,
      declined_since, case when declined_since is not null then 'Declined' end, null, 0
    from pledges
    where ended_at is null and not exists (
      select 1 from members where members.campaign_id = pledges.campaign_id and account_id = patron_id)
    order by created_at, pledges.id`,
  `insert into pledge_events (member_number, type, amount_cents, happened_at, payment_status, tier_id, tier_title)
    select number, 'pledge_start', pledges.amount_cents, pledges.created_at, null, tier_id, tiers.title
    from members
    join pledges on pledges.campaign_id = members.campaign_id and patron_id = account_id and ended_at is null
    left join tiers on tiers.id = tier_id
    where pledge_started_at is null and not exists (select 1 from pledge_events where member_number = number)
    order by number`,
  // Also whoever edited such a pledge meanwhile, and so became a member of whom no beginning is known.
  `update members set
      pledge_started_at = pledges.created_at,
      next_charge_at = case when ${isCharged} then ${nextTurn} end
    from pledges
    where pledges.campaign_id = members.campaign_id and patron_id = account_id and ended_at is null
      and pledge_started_at is null`,
]

/** Charges by the creation, benefits that end, pledges in the order of their changes, and members for old pledges. */
export const memberships: Migration = {
  async up(db: Kysely<unknown>) {
    const statements = [
      ...postChargeTables,
      ...noYears,
      ...benefitColumns,
      ...tierImages,
      ...pledgeOrder,
      ...membersFromBefore,
    ]
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
