import { type Kysely, type Migration, sql } from 'kysely'

/** The part of a pledge's row, as it is or as it was, that decides whether it is counted. */
const isCounted = (row: 'new' | 'old') => `${row}.ended_at is null and ${row}.declined_since is null`

const plus = `insert into pledge_sums (campaign_id, tier_id, patrons, cents)
    values (new.campaign_id, coalesce(new.tier_id, 0), 1, new.amount_cents)
    on conflict do update set patrons = patrons + 1, cents = cents + excluded.cents;`

const minus = `update pledge_sums set patrons = patrons - 1, cents = cents - old.amount_cents
    where campaign_id = old.campaign_id and tier_id = coalesce(old.tier_id, 0);`

const statements = [
  // A pledge without a tier stands under tier 0: a key can't be null.
  `create table pledge_sums (
    campaign_id integer not null references campaigns,
    tier_id integer not null,
    patrons integer not null,
    cents integer not null,
    primary key (campaign_id, tier_id)
  ) without rowid`,
  `insert into pledge_sums (campaign_id, tier_id, patrons, cents)
    select campaign_id, coalesce(tier_id, 0), count(*), sum(amount_cents) from pledges
    where ended_at is null and declined_since is null group by 1, 2`,
  // The database keeps them, so that no command can forget to.
  `create trigger pledge_begins after insert on pledges when ${isCounted('new')} begin ${plus} end`,
  `create trigger pledge_counts_no_more after update on pledges when ${isCounted('old')} begin ${minus} end`,
  `create trigger pledge_counts_again after update on pledges when ${isCounted('new')} begin ${plus} end`,
  `drop index pledges_counted`,
]

/**
 * How many pledge how much stands beside the pledges. Each charge tells it to whoever listens, so counting every pledge of
 * a campaign for it made a campaign of a hundred thousand keep the writer, and with it everybody's events, for seconds.
 */
export const pledgeSums: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}
