import type { Kysely } from 'kysely'
import type { Instant } from '../../domain/time.ts'
import type { Tables } from '../tables.ts'

/** Who is logged in; kept under a fingerprint, so that reading the store logs nobody in. */
export interface Sessions {
  find(idHash: string, now: Instant): Promise<string | null>
  keep(session: { idHash: string; accountId: string | null; content: string; expiresAt: Instant }): Promise<void>
  end(idHash: string): Promise<void>
  /** Logs an account out everywhere. */
  endAll(accountId: string): Promise<void>
  dropExpired(now: Instant): Promise<void>
}

/** Sessions over one connection. */
export function sessions(db: Kysely<Tables>): Sessions {
  return {
    async find(idHash, now) {
      const row = await db
        .selectFrom('sessions')
        .select('content')
        .where('id_hash', '=', idHash)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return row?.content ?? null
    },

    async keep({ idHash, accountId, content, expiresAt }) {
      const values = { account_id: accountId === null ? null : Number(accountId), content, expires_at: expiresAt }
      await db
        .insertInto('sessions')
        .values({ id_hash: idHash, ...values })
        .onConflict((conflict) => conflict.column('id_hash').doUpdateSet(values))
        .execute()
    },

    async end(idHash) {
      await db.deleteFrom('sessions').where('id_hash', '=', idHash).execute()
    },

    async endAll(accountId) {
      await db.deleteFrom('sessions').where('account_id', '=', Number(accountId)).execute()
    },

    async dropExpired(now) {
      await db.deleteFrom('sessions').where('expires_at', '<=', now).execute()
    },
  }
}
