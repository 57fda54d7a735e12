import { type Kysely, sql } from 'kysely'
import type { Tables } from '../tables.ts'

/** Asks for one pass over everything that waits for these webhooks by now: they were resumed, or deleted. */
export async function flush(db: Kysely<Tables>, webhookIds: readonly number[]): Promise<void> {
  const last = sql<number>`(select coalesce(max(sequence), 0) from events)`
  for (const webhook_id of webhookIds) {
    await db
      .insertInto('flushing')
      .values({ webhook_id, passed: 0, last })
      .onConflict((conflict) => conflict.column('webhook_id').doUpdateSet({ passed: 0, last }))
      .execute()
  }
}
