import { type Kysely, type Migration, sql } from 'kysely'

/** Pledges of one millisecond stand in the order of the place that their patron's number gives them, so the indexes do too. */
export const pledgePlaces: Migration = {
  async up(db: Kysely<unknown>) {
    for (const statement of statements) await sql.raw(statement).execute(db)
  },
}

const statements = [
  `drop index pledges_in_order`,
  `create index pledges_in_order on pledges (campaign_id, created_at, (patron_id % 1000), patron_id)
    where ended_at is null`,
  `drop index pledges_by_update`,
  `create index pledges_by_update on pledges (campaign_id, updated_at, (patron_id % 1000), patron_id)
    where ended_at is null`,
]
