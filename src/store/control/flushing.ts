import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

/** Asks for everything that waits for these webhooks to be looked at soon: they were resumed, or deleted. */
export async function flush(db: Kysely<Tables>, webhookIds: readonly number[]): Promise<void> {
  if (webhookIds.length === 0) return
  await db
    .insertInto('flushing')
    .values(webhookIds.map((webhook_id) => ({ webhook_id })))
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
