import type { Kysely } from 'kysely'
import type { Tables } from '../tables.ts'
import { rowId } from './row-id.ts'

/** The bytes of tiers' pictures; what else is known of them stands with their tiers. */
export interface TierImages {
  findImage(id: string): Promise<{ mimetype: string; bytes: Uint8Array } | null>
  /** Its id. */
  insertImage(image: { mimetype: string; bytes: Uint8Array }): Promise<string>
  deleteImage(id: string): Promise<void>
}

/** Pictures over one connection. */
export const tierImages = (db: Kysely<Tables>): TierImages => ({
  async findImage(id) {
    const row = await db.selectFrom('media').selectAll().where('id', '=', rowId(id)).executeTakeFirst()
    return row === undefined ? null : { mimetype: row.mimetype, bytes: row.bytes }
  },

  async insertImage({ mimetype, bytes }) {
    const row = await db.insertInto('media').values({ mimetype, bytes }).returning('id').executeTakeFirstOrThrow()
    return String(row.id)
  },

  async deleteImage(id) {
    await db.deleteFrom('media').where('id', '=', rowId(id)).execute()
  },
})
