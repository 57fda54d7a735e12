import type { Kysely, Selectable } from 'kysely'
import { type Access, type OAuthScope, opened } from '../../domain/oauth-scope.ts'
import type { Duration, Instant } from '../../domain/time.ts'
import type { Tables } from '../tables.ts'
import { jsonIn, jsonText } from './json-text.ts'
import { rowId } from './row-id.ts'

/** Who let which client in. An authorization is one family of tokens: revoking it ends all of them. */
export interface Authorizations {
  /** What an access token opens, if it is neither over nor revoked. */
  findAccess(tokenHash: string, now: Instant): Promise<Access | null>
  /** A code, spent or not; null when it never was. */
  findCode(codeHash: string): Promise<AuthorizationCode | null>
  /** A token of either kind, spent or not; null when it never was. */
  findToken(tokenHash: string): Promise<Token | null>

  insertAuthorization(authorization: NewAuthorization, now: Instant): Promise<string>
  insertCode(code: Omit<AuthorizationCode, 'authorization' | 'spentAt'> & { authorizationId: string }): Promise<void>
  /** True for one caller only. */
  spendCode(codeHash: string, now: Instant): Promise<boolean>
  insertToken(token: NewToken, now: Instant): Promise<void>
  /** True for one caller only; the token is over from then on. */
  spendToken(tokenHash: string, now: Instant): Promise<boolean>
  /** Ends every token of one authorization. */
  revoke(authorizationId: string, now: Instant): Promise<void>
  /** Ends every token of a client; also those of its creator. */
  revokeAllOf(clientId: string, now: Instant): Promise<void>
  /** Ends the creator's own tokens of a client. */
  revokeCreators(clientId: string, now: Instant): Promise<void>
  /** Drops codes and tokens that were over before then, at most `limit` of each. */
  forget(before: Instant, limit: number): Promise<void>
}

/** One consent. */
export type Authorization = {
  /** Digits. */
  id: string
  clientId: string
  accountId: string
  scopes: readonly OAuthScope[]
  /** The tokens that a client's owner is given on its page. */
  isCreators: boolean
  revokedAt: Instant | null
}

/** One that is about to be given. */
export type NewAuthorization = Omit<Authorization, 'id' | 'revokedAt'>

/** What a client exchanges for tokens, once. */
export type AuthorizationCode = {
  hash: string
  authorization: Authorization
  redirectUri: string
  /** PKCE's S256 challenge (RFC 7636 §4.2), where one was sent. */
  codeChallenge: string | null
  expiresAt: Instant
  spentAt: Instant | null
}

/** An access token ends by itself; a refresh token when it is used. */
export type Token = {
  authorization: Authorization
  kind: 'access' | 'refresh'
  createdAt: Instant
  expiresAt: Instant | null
  spentAt: Instant | null
}

/** A token that is about to be given out. */
export type NewToken = { hash: string; authorizationId: string; kind: Token['kind']; life: Duration | null }

/** Authorizations over one connection. */
export function authorizations(db: Kysely<Tables>): Authorizations {
  return { ...opening(db), ...finding(db), ...coding(db), ...granting(db), ...ending(db), ...forgetting(db) }
}

function opening(db: Kysely<Tables>): Pick<Authorizations, 'findAccess'> {
  return {
    async findAccess(tokenHash, now) {
      const row = await db
        .selectFrom('tokens')
        .innerJoin('authorizations', 'authorizations.id', 'tokens.authorization_id')
        .innerJoin('clients', 'clients.id', 'authorizations.client_id')
        .selectAll('authorizations')
        .where('tokens.hash', '=', tokenHash)
        .where('tokens.kind', '=', 'access')
        .where('tokens.expires_at', '>', now)
        .where('authorizations.revoked_at', 'is', null)
        .where('clients.deleted_at', 'is', null)
        .executeTakeFirst()
      if (row === undefined) return null
      const { id, scopes, ...who } = toAuthorization(row)
      const { clientId, accountId, isCreators } = who
      return { clientId, accountId, isCreators, authorizationId: id, granted: scopes, opens: opened(scopes) }
    },
  }
}

function finding(db: Kysely<Tables>): Pick<Authorizations, 'findCode' | 'findToken'> {
  const authorizationWith = async (id: number) =>
    toAuthorization(await db.selectFrom('authorizations').selectAll().where('id', '=', id).executeTakeFirstOrThrow())
  return {
    async findCode(codeHash) {
      const row = await db.selectFrom('authorization_codes').selectAll().where('hash', '=', codeHash).executeTakeFirst()
      if (row === undefined) return null
      return {
        hash: row.hash,
        authorization: await authorizationWith(row.authorization_id),
        redirectUri: row.redirect_uri,
        codeChallenge: row.code_challenge,
        expiresAt: row.expires_at,
        spentAt: row.spent_at,
      }
    },

    async findToken(tokenHash) {
      const row = await db.selectFrom('tokens').selectAll().where('hash', '=', tokenHash).executeTakeFirst()
      if (row === undefined) return null
      return {
        authorization: await authorizationWith(row.authorization_id),
        kind: row.kind === 'access' ? 'access' : 'refresh',
        createdAt: row.created_at,
        expiresAt: row.expires_at,
        spentAt: row.spent_at,
      }
    },
  }
}

function coding(db: Kysely<Tables>): Pick<Authorizations, 'insertCode' | 'spendCode'> {
  return {
    async insertCode({ hash, authorizationId, redirectUri, codeChallenge, expiresAt }) {
      await db
        .insertInto('authorization_codes')
        .values({
          hash,
          authorization_id: rowId(authorizationId),
          redirect_uri: redirectUri,
          code_challenge: codeChallenge,
          expires_at: expiresAt,
        })
        .execute()
    },

    async spendCode(codeHash, now) {
      const { numUpdatedRows } = await db
        .updateTable('authorization_codes')
        .set({ spent_at: now })
        .where('hash', '=', codeHash)
        .where('spent_at', 'is', null)
        .where('expires_at', '>', now)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },
  }
}

type Granting = Pick<Authorizations, 'insertAuthorization' | 'insertToken' | 'spendToken'>

function granting(db: Kysely<Tables>): Granting {
  return {
    async insertAuthorization({ clientId, accountId, scopes, isCreators }, now) {
      const { id } = await db
        .insertInto('authorizations')
        .values({
          client_id: rowId(clientId),
          account_id: rowId(accountId),
          scopes: jsonText(scopes),
          is_creators: isCreators ? 1 : 0,
          created_at: now,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return String(id)
    },

    async insertToken({ hash, authorizationId, kind, life }, now) {
      const expiry = life === null ? null : now + life
      const row = { hash, authorization_id: rowId(authorizationId), kind, created_at: now, expires_at: expiry }
      await db.insertInto('tokens').values(row).execute()
    },

    async spendToken(tokenHash, now) {
      const { numUpdatedRows } = await db
        .updateTable('tokens')
        .set({ spent_at: now, expires_at: now })
        .where('hash', '=', tokenHash)
        .where('spent_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },
  }
}

function ending(db: Kysely<Tables>): Pick<Authorizations, 'revoke' | 'revokeAllOf' | 'revokeCreators'> {
  const revoking = (now: Instant) =>
    db.updateTable('authorizations').set({ revoked_at: now }).where('revoked_at', 'is', null)
  return {
    async revoke(authorizationId, now) {
      await revoking(now).where('id', '=', rowId(authorizationId)).execute()
    },

    async revokeAllOf(clientId, now) {
      await revoking(now).where('client_id', '=', rowId(clientId)).execute()
    },

    async revokeCreators(clientId, now) {
      await revoking(now).where('client_id', '=', rowId(clientId)).where('is_creators', '=', 1).execute()
    },
  }
}

function forgetting(db: Kysely<Tables>): Pick<Authorizations, 'forget'> {
  return {
    async forget(before, limit) {
      for (const table of ['authorization_codes', 'tokens'] as const) {
        const over = db.selectFrom(table).select('hash').where('expires_at', '<', before).limit(limit)
        await db.deleteFrom(table).where('hash', 'in', over).execute()
      }
    },
  }
}

const toAuthorization = (row: Selectable<Tables['authorizations']>): Authorization => ({
  id: String(row.id),
  clientId: String(row.client_id),
  accountId: String(row.account_id),
  scopes: jsonIn<OAuthScope[]>(row.scopes),
  isCreators: row.is_creators === 1,
  revokedAt: row.revoked_at,
})
