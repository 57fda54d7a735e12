import type { Kysely, Selectable } from 'kysely'
import type { Client, ClientProfile } from '../../domain/client.ts'
import type { Tenant } from '../../domain/event.ts'
import type { Instant } from '../../domain/time.ts'
import type { Tables } from '../tables.ts'
import { flush } from './flushing.ts'
import { jsonIn, jsonText } from './json-text.ts'
import { listenersChanged } from './listeners-version.ts'

/** OAuth clients, their pairs, and the tenants that operators granted them. */
export interface Clients {
  find(id: string): Promise<Client | null>
  /** By what OAuth calls `client_id`, beside the fingerprint of the secret that belongs to it. */
  findByClientId(clientId: string): Promise<{ client: Client; secretHash: string } | null>
  /** The sealed secret, for whoever may see it and has the key. */
  findSealedSecret(id: string): Promise<Uint8Array | null>
  /** An account's clients (null: everybody's), without the deleted ones. */
  list(accountId: string | null): Promise<Client[]>
  listGrants(id: string): Promise<Tenant[]>
  insert(client: ClientProfile & Pair & { accountId: string }, seal: Seal, now: Instant): Promise<Client>
  describe(id: string, profile: ClientProfile): Promise<void>
  /** The old pair is over; whatever is signed or granted from now on is the new one's. */
  replacePair(id: string, pair: Pair, seal: Seal, now: Instant): Promise<Client>
  delete(id: string, now: Instant): Promise<void>
  grant(id: string, tenant: Tenant): Promise<void>
  withdraw(id: string, tenant: Tenant): Promise<void>
}

/** An id and the fingerprint of its secret. */
export type Pair = { clientId: string; secretHash: string }

/** Seals the secret for the row that it is put into. */
export type Seal = (row: string) => Uint8Array

/** Clients over one connection. */
export function clients(db: Kysely<Tables>): Clients {
  return { ...finding(db), ...registering(db), ...granting(db) }
}

const present = (db: Kysely<Tables>) => db.selectFrom('clients').selectAll().where('deleted_at', 'is', null)

type Finding = Pick<Clients, 'find' | 'findByClientId' | 'findSealedSecret' | 'list'>

function finding(db: Kysely<Tables>): Finding {
  return {
    async find(id) {
      const row = await present(db).where('id', '=', Number(id)).executeTakeFirst()
      return row === undefined ? null : toClient(row)
    },

    async findByClientId(clientId) {
      const row = await present(db).where('client_id', '=', clientId).executeTakeFirst()
      return row === undefined ? null : { client: toClient(row), secretHash: row.secret_hash }
    },

    async findSealedSecret(id) {
      return (await present(db).where('id', '=', Number(id)).executeTakeFirst())?.secret_sealed ?? null
    },

    async list(accountId) {
      let query = present(db).orderBy('id')
      if (accountId !== null) query = query.where('account_id', '=', Number(accountId))
      return (await query.execute()).map(toClient)
    },
  }
}

type Registering = Pick<Clients, 'insert' | 'describe' | 'replacePair' | 'delete'>

function registering(db: Kysely<Tables>): Registering {
  return {
    async insert({ accountId, clientId, secretHash, ...profile }, seal, now) {
      const { id } = await db
        .insertInto('clients')
        .values({
          ...profileColumns(profile),
          account_id: Number(accountId),
          client_id: clientId,
          secret_hash: secretHash,
          secret_sealed: new Uint8Array(),
          created_at: now,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      return toClient(await setPair(db, { clientId, secretHash }, { id, sealed: seal(String(id)) }))
    },

    async describe(id, profile) {
      await db.updateTable('clients').set(profileColumns(profile)).where('id', '=', Number(id)).execute()
    },

    async replacePair(id, pair, seal, now) {
      await db.updateTable('clients').set({ replaced_at: now }).where('id', '=', Number(id)).execute()
      await listenersChanged(db)
      return toClient(await setPair(db, pair, { id: Number(id), sealed: seal(id) }))
    },

    async delete(id, now) {
      await db.updateTable('clients').set({ deleted_at: now }).where('id', '=', Number(id)).execute()
      const theirs = await db.selectFrom('webhooks').select('id').where('client_id', '=', Number(id)).execute()
      await flush(
        db,
        theirs.map((webhook) => webhook.id),
      )
      await listenersChanged(db)
    },
  }
}

type Place = { id: number; sealed: Uint8Array }

async function setPair(db: Kysely<Tables>, pair: Pair, { id, sealed }: Place): Promise<Selectable<Tables['clients']>> {
  return await db
    .updateTable('clients')
    .set({ client_id: pair.clientId, secret_hash: pair.secretHash, secret_sealed: sealed })
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

function granting(db: Kysely<Tables>): Pick<Clients, 'listGrants' | 'grant' | 'withdraw'> {
  return {
    async listGrants(id) {
      const rows = await db
        .selectFrom('grants')
        .select('tenant')
        .where('client_id', '=', Number(id))
        .orderBy('tenant')
        .execute()
      return rows.map((row) => row.tenant)
    },

    async grant(id, tenant) {
      await db
        .insertInto('grants')
        .values({ client_id: Number(id), tenant })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
      await listenersChanged(db)
    },

    async withdraw(id, tenant) {
      await db.deleteFrom('grants').where('client_id', '=', Number(id)).where('tenant', '=', tenant).execute()
      await listenersChanged(db)
    },
  }
}

const profileColumns = (profile: ClientProfile) => ({
  name: profile.name,
  description: profile.description,
  category: profile.category,
  author_name: profile.authorName,
  domain: profile.domain,
  icon_url: profile.iconUrl,
  privacy_policy_url: profile.privacyPolicyUrl,
  tos_url: profile.tosUrl,
  redirect_uris: jsonText(profile.redirectUris),
  api_version: profile.apiVersion,
})

const toClient = (row: Selectable<Tables['clients']>): Client => ({
  id: String(row.id),
  accountId: String(row.account_id),
  clientId: row.client_id,
  name: row.name,
  description: row.description,
  category: row.category,
  authorName: row.author_name,
  domain: row.domain,
  iconUrl: row.icon_url,
  privacyPolicyUrl: row.privacy_policy_url,
  tosUrl: row.tos_url,
  redirectUris: jsonIn<string[]>(row.redirect_uris),
  apiVersion: row.api_version === 2 ? 2 : 1,
  createdAt: row.created_at,
  replacedAt: row.replaced_at,
})
