import type { Kysely, Selectable } from 'kysely'
import type { Role, Scope } from '../../domain/access.ts'
import type { ApiKey } from '../../domain/api-key.ts'
import type { Instant } from '../../domain/time.ts'
import type { Tables } from '../tables.ts'
import { jsonIn, jsonText } from './json-text.ts'

/** API keys, kept as fingerprints. */
export interface ApiKeys {
  find(id: string): Promise<ApiKey | null>
  /** The key with this fingerprint and the role of its account; null when it was revoked or never made. */
  findByHash(hash: string): Promise<{ key: ApiKey; role: Role } | null>
  /** An account's keys (null: everybody's), without the revoked ones. */
  list(accountId: string | null): Promise<ApiKey[]>
  insert(
    key: { accountId: string; name: string; hash: string; ending: string; scopes: readonly Scope[] },
    now: Instant,
  ): Promise<ApiKey>
  revoke(id: string, now: Instant): Promise<void>
}

/** API keys over one connection. */
export function apiKeys(db: Kysely<Tables>): ApiKeys {
  return {
    async find(id) {
      const row = await db
        .selectFrom('api_keys')
        .selectAll()
        .where('id', '=', Number(id))
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return row === undefined ? null : toKey(row)
    },

    async findByHash(hash) {
      const row = await db
        .selectFrom('api_keys')
        .innerJoin('accounts', 'accounts.id', 'api_keys.account_id')
        .selectAll('api_keys')
        .select('accounts.role')
        .where('hash', '=', hash)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return row === undefined ? null : { key: toKey(row), role: row.role === 'operator' ? 'operator' : 'member' }
    },

    async list(accountId) {
      let query = db.selectFrom('api_keys').selectAll().where('revoked_at', 'is', null).orderBy('id')
      if (accountId !== null) query = query.where('account_id', '=', Number(accountId))
      return (await query.execute()).map(toKey)
    },

    async insert({ accountId, name, hash, ending, scopes }, now) {
      const row = await db
        .insertInto('api_keys')
        .values({ account_id: Number(accountId), name, hash, ending, scopes: jsonText(scopes), created_at: now })
        .returningAll()
        .executeTakeFirstOrThrow()
      return toKey(row)
    },

    async revoke(id, now) {
      await db.updateTable('api_keys').set({ revoked_at: now }).where('id', '=', Number(id)).execute()
    },
  }
}

const toKey = (row: Selectable<Tables['api_keys']>): ApiKey => ({
  id: String(row.id),
  accountId: String(row.account_id),
  name: row.name,
  ending: row.ending,
  scopes: jsonIn<Scope[]>(row.scopes),
  createdAt: row.created_at,
  revokedAt: row.revoked_at,
})
