import type { Kysely } from 'kysely'
import type { Arrival, Kitten, KittenFilter } from '../../domain/kitten.ts'
import type { Instant } from '../../domain/time.ts'
import type { Tables } from '../tables.ts'

/** The kittens, also the deleted ones. */
export interface Kittens {
  /** Null when no kitten ever had this id. */
  find(id: number): Promise<{ kitten: Kitten; isDeleted: boolean } | null>
  /** In the order of their ids, without the deleted ones. */
  list(filter: KittenFilter): Promise<Kitten[]>
  /** False as soon as there was a first one, even when it was deleted since. */
  isEmpty(): Promise<boolean>
  insert(kitten: Arrival, now: Instant): Promise<Kitten>
  /** The row stays, so that the kitten is gone rather than unknown. */
  delete(id: number, now: Instant): Promise<void>
}

const columns = ['id', 'name', 'breed', 'fluffiness', 'cuteness'] as const

/** Kittens over one connection. */
export function kittens(db: Kysely<Tables>): Kittens {
  return {
    async find(id) {
      const row = await db
        .selectFrom('kittens')
        .select([...columns, 'deleted_at'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (row === undefined) return null
      const { deleted_at, ...kitten } = row
      return { kitten, isDeleted: deleted_at !== null }
    },

    async list({ includeCats, onlyAvailable }) {
      let query = db.selectFrom('kittens').select(columns).where('deleted_at', 'is', null).orderBy('id')
      if (!includeCats) query = query.where('species', '=', 'kitten')
      if (onlyAvailable) query = query.where('is_available', '=', 1)
      return await query.execute()
    },

    isEmpty: async () => (await db.selectFrom('kittens').select('id').limit(1).executeTakeFirst()) === undefined,

    insert: ({ isAvailable, ...kitten }, now) =>
      db
        .insertInto('kittens')
        .values({ ...kitten, is_available: isAvailable ? 1 : 0, created_at: now })
        .returning(columns)
        .executeTakeFirstOrThrow(),

    async delete(id, now) {
      await db.updateTable('kittens').set({ deleted_at: now }).where('id', '=', id).execute()
    },
  }
}
