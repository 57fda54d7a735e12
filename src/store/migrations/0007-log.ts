import { type Kysely, type Migration, sql } from 'kysely'

/** A UUID lies there as bytes and is unique; any other id is one tenant's own, and others may use it too. */
const eventIndexes = [
  `drop index events_by_id`,
  `create index events_by_uuid on events (id) where typeof(id) = 'blob'`,
  `create index events_by_id on events (id, tenant) where typeof(id) = 'text'`,
]

/**
 * A webhook's deliveries lie in one of two indexes, so that each status of each webhook is a list by itself. What was
 * delivered (2), as nearly all is, takes no more room than it did.
 */
const deliveryIndexes = [
  `create index deliveries_delivered on deliveries (webhook_id, sequence) where status = 2`,
  `create index deliveries_not_delivered_to on deliveries (webhook_id, status, sequence) where status <> 2`,
  `drop index deliveries_by_webhook`,
]

/**
 * The place of a body is four times its event's sequence and its audience. Under a key of two columns a body of three
 * kilobytes, as members' documents are, took a page for itself.
 */
const bodies = [
  `alter table event_bodies rename to bodies_by_event`,
  `create table event_bodies (place integer primary key, body blob not null)`,
  `insert into event_bodies (place, body) select sequence * 4 + audience, body from bodies_by_event order by sequence, audience`,
  `drop table bodies_by_event`,
]

const countOne = (what: 'due' | 'held') =>
  `insert into waiting_counts (webhook_id, ${what}) values (new.webhook_id, 1)
     on conflict do update set ${what} = ${what} + 1;`

const countOneLess = (what: 'due' | 'held') =>
  `update waiting_counts set ${what} = ${what} - 1 where webhook_id = old.webhook_id;`

/** The database keeps them, so that no statement can forget to. */
const waitingCounts = [
  `create table waiting_counts (
    webhook_id integer primary key,
    due integer not null default 0,
    held integer not null default 0
  )`,
  `insert into waiting_counts (webhook_id, due) select webhook_id, count(*) from due where true group by webhook_id
     on conflict do update set due = excluded.due`,
  `insert into waiting_counts (webhook_id, held) select webhook_id, count(*) from held where true group by webhook_id
     on conflict do update set held = excluded.held`,
  `create trigger due_begins after insert on due begin ${countOne('due')} end`,
  `create trigger due_ends after delete on due begin ${countOneLess('due')} end`,
  `create trigger held_begins after insert on held begin ${countOne('held')} end`,
  `create trigger held_ends after delete on held begin ${countOneLess('held')} end`,
]

/** How the log lies there: small, with an index for each list that is made of it, and with a count of what waits. */
export const log: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of [...eventIndexes, ...deliveryIndexes, ...bodies, ...waitingCounts])
      await sql.raw(statement).execute(db)
  },
}
