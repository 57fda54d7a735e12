import type { Kysely, Selectable } from 'kysely'
import type { Role } from '../../domain/access.ts'
import type { Account } from '../../domain/account.ts'
import type { Instant } from '../../domain/time.ts'
import type { Tables } from '../tables.ts'

/** Accounts, and the one-time links that let somebody choose a password. */
export interface Accounts {
  find(id: string): Promise<Account | null>
  /** Compares e-mail addresses without regard to case. */
  findByEmail(email: string): Promise<{ account: Account; passwordHash: string | null } | null>
  findByVanity(vanity: string): Promise<Account | null>
  /** The account that an unspent link is for. */
  findLink(tokenHash: string, now: Instant): Promise<Account | null>
  list(after: string | null, limit: number): Promise<Account[]>
  /** Those of these ids that there are. */
  listThese(ids: readonly string[]): Promise<Account[]>
  countOperators(): Promise<number>
  insert(account: NewAccount, now: Instant): Promise<Account>
  setPassword(id: string, passwordHash: string): Promise<void>
  insertLink(link: { tokenHash: string; accountId: string; expiresAt: Instant }): Promise<void>
  /** True for one caller only: the link is spent afterwards. */
  spendLink(tokenHash: string): Promise<boolean>
}

/** An account that is about to be made. */
export type NewAccount = {
  email: string
  fullName: string
  vanity: string | null
  role: Role
  passwordHash: string | null
}

const columns = ['id', 'email', 'full_name', 'vanity', 'role', 'created_at'] as const

type Row = Pick<Selectable<Tables['accounts']>, (typeof columns)[number]>

/** Accounts over one connection. */
export function accounts(db: Kysely<Tables>): Accounts {
  return { ...finding(db), ...writing(db), ...links(db) }
}

type Finding = Pick<Accounts, 'find' | 'findByEmail' | 'findByVanity' | 'list' | 'listThese' | 'countOperators'>

function finding(db: Kysely<Tables>): Finding {
  return {
    async find(id) {
      return accountOf(await db.selectFrom('accounts').select(columns).where('id', '=', Number(id)).executeTakeFirst())
    },

    async findByEmail(email) {
      const row = await db
        .selectFrom('accounts')
        .select([...columns, 'password_hash'])
        .where('email', '=', email.toLowerCase())
        .executeTakeFirst()
      return row === undefined ? null : { account: toAccount(row), passwordHash: row.password_hash }
    },

    async findByVanity(vanity) {
      return accountOf(await db.selectFrom('accounts').select(columns).where('vanity', '=', vanity).executeTakeFirst())
    },

    async list(after, limit) {
      const rows = await db
        .selectFrom('accounts')
        .select(columns)
        .where('id', '>', Number(after ?? 0))
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(toAccount)
    },

    async listThese(ids) {
      if (ids.length === 0) return []
      const rows = await db.selectFrom('accounts').select(columns).where('id', 'in', ids.map(Number)).execute()
      return rows.map(toAccount)
    },

    async countOperators() {
      const { count } = await db
        .selectFrom('accounts')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('role', '=', 'operator')
        .executeTakeFirstOrThrow()
      return Number(count)
    },
  }
}

function writing(db: Kysely<Tables>): Pick<Accounts, 'insert' | 'setPassword'> {
  return {
    async insert({ email, fullName, vanity, role, passwordHash }, now) {
      const row = await db
        .insertInto('accounts')
        .values({
          email: email.toLowerCase(),
          full_name: fullName,
          vanity,
          role,
          password_hash: passwordHash,
          created_at: now,
        })
        .returning(columns)
        .executeTakeFirstOrThrow()
      return toAccount(row)
    },

    async setPassword(id, passwordHash) {
      await db.updateTable('accounts').set({ password_hash: passwordHash }).where('id', '=', Number(id)).execute()
    },
  }
}

function links(db: Kysely<Tables>): Pick<Accounts, 'findLink' | 'insertLink' | 'spendLink'> {
  return {
    async findLink(tokenHash, now) {
      const row = await db
        .selectFrom('sign_in_links')
        .innerJoin('accounts', 'accounts.id', 'sign_in_links.account_id')
        .select(columns)
        .where('token_hash', '=', tokenHash)
        .where('expires_at', '>', now)
        .executeTakeFirst()
      return accountOf(row)
    },

    async insertLink({ tokenHash, accountId, expiresAt }) {
      await db
        .insertInto('sign_in_links')
        .values({ token_hash: tokenHash, account_id: Number(accountId), expires_at: expiresAt })
        .execute()
    },

    async spendLink(tokenHash) {
      const { numDeletedRows } = await db
        .deleteFrom('sign_in_links')
        .where('token_hash', '=', tokenHash)
        .executeTakeFirstOrThrow()
      return numDeletedRows === 1n
    },
  }
}

const accountOf = (row: Row | undefined): Account | null => (row === undefined ? null : toAccount(row))

/** The account that lies in a row. */
export const toAccount = (row: Row): Account => ({
  id: String(row.id),
  email: row.email,
  fullName: row.full_name,
  vanity: row.vanity,
  role: row.role === 'operator' ? 'operator' : 'member',
  createdAt: row.created_at,
})
