import { type Kysely, type Migration, sql } from 'kysely'

/** Which tiers send something that needs an address. */
export const shipping: Migration = {
  async up(db: Kysely<unknown>) {
    await sql`alter table tiers add column requires_shipping integer not null default 0`.execute(db)
  },
}
