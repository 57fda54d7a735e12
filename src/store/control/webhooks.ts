import { type Kysely, type Selectable, sql } from 'kysely'
import type { Audience, Tenant } from '../../domain/event.ts'
import type { ScheduleName } from '../../domain/retry-schedule.ts'
import type { Instant } from '../../domain/time.ts'
import type { Trigger } from '../../domain/trigger.ts'
import type { PauseReason, SigningKey, Webhook, WebhookOrigin } from '../../domain/webhook.ts'
import type { Tables } from '../tables.ts'
import { flush } from './flushing.ts'
import { jsonIn, jsonText } from './json-text.ts'
import { listenersChanged } from './listeners-version.ts'

/** Registered webhooks; a deleted one is found no more, though its deliveries are. */
export interface Webhooks {
  find(id: string): Promise<Webhook | null>
  /** The two sealed secrets, for whoever may see them and has the key. */
  findSealedSecrets(id: string): Promise<{ secret: Uint8Array; standardSecret: Uint8Array } | null>
  /** Of one client, of one account's clients, or everybody's. */
  list(of: { clientId?: string; accountId?: string }): Promise<Webhook[]>
  /** How many there are already that count together: all that a client made on our pages, or by API for one campaign. */
  countLike(webhook: Pick<Webhook, 'clientId' | 'origin' | 'tenant'>): Promise<number>
  /** It hears what is accepted from now on. */
  insert(webhook: NewWebhook, seal: SealPair, now: Instant): Promise<Webhook>
  describe(id: string, changed: Pick<Webhook, 'uri' | 'triggers' | 'schedule'>): Promise<void>
  pause(id: string, reason: PauseReason, now: Instant): Promise<void>
  resume(id: string): Promise<void>
  delete(id: string, now: Instant): Promise<void>
}

/** A webhook that is about to be made. */
export type NewWebhook = {
  clientId: string
  tenant: Tenant | null
  uri: string
  triggers: readonly Trigger[]
  signingKey: SigningKey
  schedule: ScheduleName
  origin: WebhookOrigin
  audience: Audience
}

/** Seals both secrets for the row that they are put into. */
export type SealPair = (row: string) => { secret: Uint8Array; standardSecret: Uint8Array }

/** Webhooks over one connection. */
export function webhooks(db: Kysely<Tables>): Webhooks {
  return { ...finding(db), ...registering(db), ...pausing(db) }
}

const present = (db: Kysely<Tables>) => db.selectFrom('webhooks').selectAll().where('deleted_at', 'is', null)

function finding(db: Kysely<Tables>): Pick<Webhooks, 'find' | 'findSealedSecrets' | 'list' | 'countLike'> {
  return {
    async find(id) {
      const row = await present(db).where('id', '=', Number(id)).executeTakeFirst()
      return row === undefined ? null : toWebhook(row)
    },

    async findSealedSecrets(id) {
      const row = await present(db).where('id', '=', Number(id)).executeTakeFirst()
      return row === undefined ? null : { secret: row.secret_sealed, standardSecret: row.standard_secret_sealed }
    },

    async list({ clientId, accountId }) {
      let query = present(db).orderBy('id')
      if (clientId !== undefined) query = query.where('client_id', '=', Number(clientId))
      if (accountId !== undefined) {
        const theirs = db.selectFrom('clients').select('id').where('account_id', '=', Number(accountId))
        query = query.where('client_id', 'in', theirs)
      }
      return (await query.execute()).map(toWebhook)
    },

    async countLike({ clientId, origin, tenant }) {
      let query = db
        .selectFrom('webhooks')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('client_id', '=', Number(clientId))
        .where('origin', '=', origin)
        .where('deleted_at', 'is', null)
      if (origin === 'api') query = query.where('tenant', '=', tenant)
      return Number((await query.executeTakeFirstOrThrow()).count)
    },
  }
}

function registering(db: Kysely<Tables>): Pick<Webhooks, 'insert' | 'describe' | 'delete'> {
  return {
    async insert({ clientId, tenant, uri, triggers, signingKey, schedule, origin, audience }, seal, now) {
      const { id } = await db
        .insertInto('webhooks')
        .values({
          client_id: Number(clientId),
          tenant,
          uri,
          triggers: jsonText(triggers),
          signing_key: signingKey,
          schedule,
          origin,
          audience,
          secret_sealed: new Uint8Array(),
          standard_secret_sealed: new Uint8Array(),
          created_at: now,
          since_sequence: sql<number>`(select coalesce(max(sequence), 0) from events)`,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      const { secret, standardSecret } = seal(String(id))
      const row = await db
        .updateTable('webhooks')
        .set({ secret_sealed: secret, standard_secret_sealed: standardSecret })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow()
      await listenersChanged(db)
      return toWebhook(row)
    },

    async describe(id, { uri, triggers, schedule }) {
      await db
        .updateTable('webhooks')
        .set({ uri, triggers: jsonText(triggers), schedule })
        .where('id', '=', Number(id))
        .execute()
      await listenersChanged(db)
    },

    async delete(id, now) {
      await db.updateTable('webhooks').set({ deleted_at: now }).where('id', '=', Number(id)).execute()
      await flush(db, [Number(id)])
      await listenersChanged(db)
    },
  }
}

function pausing(db: Kysely<Tables>): Pick<Webhooks, 'pause' | 'resume'> {
  return {
    async pause(id, reason, now) {
      await db
        .updateTable('webhooks')
        .set({ paused_at: now, pause_reason: reason })
        .where('id', '=', Number(id))
        .where('paused_at', 'is', null)
        .execute()
      await listenersChanged(db)
    },

    async resume(id) {
      await db
        .updateTable('webhooks')
        .set({ paused_at: null, pause_reason: null })
        .where('id', '=', Number(id))
        .execute()
      await db
        .updateTable('webhook_health')
        .set({ failing_since: null, consecutive_failures: 0 })
        .where('webhook_id', '=', Number(id))
        .execute()
      await flush(db, [Number(id)])
      await listenersChanged(db)
    },
  }
}

const toWebhook = (row: Selectable<Tables['webhooks']>): Webhook => ({
  id: String(row.id),
  clientId: String(row.client_id),
  tenant: row.tenant,
  uri: row.uri,
  triggers: jsonIn<Trigger[]>(row.triggers),
  signingKey: row.signing_key === 'client' ? 'client' : 'webhook',
  schedule: row.schedule === 'patreon' ? 'patreon' : 'standard',
  origin: row.origin === 'api' ? 'api' : 'page',
  audience: row.audience as Audience,
  pausedAt: row.paused_at,
  pauseReason: row.pause_reason as PauseReason | null,
  createdAt: row.created_at,
})
