import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'

/** Notes, in the same transaction, that somebody listens for something else now. Every write that changes who hears what says so. */
export async function listenersChanged(db: Kysely<Tables>): Promise<void> {
  await db
    .updateTable('numbers')
    .set(({ eb }) => ({ value: eb('value', '+', 1) }))
    .where('name', '=', 'listeners_version')
    .execute()
}
