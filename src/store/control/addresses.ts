import type { Kysely, Selectable } from 'kysely'
import type { Address } from '../../domain/member.ts'
import type { Tables } from '../tables.ts'
import { rowId } from './row-id.ts'

/** Where people want things sent. */
export interface Addresses {
  findAddress(accountId: string): Promise<Address | null>
  listAddresses(accountIds: readonly string[]): Promise<Address[]>
  /** An account has one address; a new one takes the place of the old. */
  keepAddress(address: Omit<Address, 'id'>): Promise<Address>
}

/** Addresses over one connection. */
export function addresses(db: Kysely<Tables>): Addresses {
  return { ...finding(db), ...keeping(db) }
}

function finding(db: Kysely<Tables>): Pick<Addresses, 'findAddress' | 'listAddresses'> {
  return {
    async findAddress(accountId) {
      const row = await db
        .selectFrom('addresses')
        .selectAll()
        .where('account_id', '=', rowId(accountId))
        .executeTakeFirst()
      return row === undefined ? null : toAddress(row)
    },

    async listAddresses(accountIds) {
      if (accountIds.length === 0) return []
      const rows = await db
        .selectFrom('addresses')
        .selectAll()
        .where('account_id', 'in', accountIds.map(rowId))
        .execute()
      return rows.map(toAddress)
    },
  }
}

function keeping(db: Kysely<Tables>): Pick<Addresses, 'keepAddress'> {
  return {
    async keepAddress({
      accountId,
      addressee,
      line1,
      line2,
      postalCode,
      city,
      state,
      country,
      phoneNumber,
      createdAt,
    }) {
      const columns = {
        ...{ addressee, line_1: line1, line_2: line2, postal_code: postalCode },
        ...{ city, state, country, phone_number: phoneNumber },
      }
      const row = await db
        .insertInto('addresses')
        .values({ ...columns, account_id: rowId(accountId), created_at: createdAt })
        .onConflict((conflict) => conflict.column('account_id').doUpdateSet(columns))
        .returningAll()
        .executeTakeFirstOrThrow()
      return toAddress(row)
    },
  }
}

const toAddress = (row: Selectable<Tables['addresses']>): Address => ({
  id: String(row.id),
  accountId: String(row.account_id),
  addressee: row.addressee,
  line1: row.line_1,
  line2: row.line_2,
  postalCode: row.postal_code,
  city: row.city,
  state: row.state,
  country: row.country,
  phoneNumber: row.phone_number,
  createdAt: row.created_at,
})
