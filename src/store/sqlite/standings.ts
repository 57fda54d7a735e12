import type { Database } from './database.ts'

/** Where an open delivery belongs, judged by its webhook as it is in this commit. */
export type Standing = 'due' | 'held' | 'cancelled'

/**
 * Rereads webhooks at the moment that something open is written down, because between planning a delivery and
 * settling it somebody may have resumed, paused or deleted the webhook, or taken its client's permission away.
 */
export class Standings {
  readonly #webhook
  readonly #maySee

  constructor(db: Database) {
    this.#webhook = db.prepare(
      `select webhooks.paused_at, webhooks.client_id,
         webhooks.deleted_at is not null or clients.deleted_at is not null as is_over
       from webhooks join clients on clients.id = webhooks.client_id where webhooks.id = ?`,
    )
    this.#maySee = db.prepare(
      `select 1 as yes from events where sequence = ?1 and (
         tenant = 'test:' || ?3
         or exists (select 1 from webhooks where id = ?3 and origin = 'api' and webhooks.tenant = events.tenant)
         or exists (select 1 from grants where client_id = ?2 and tenant = events.tenant)
         or exists (select 1 from campaigns join clients on clients.account_id = campaigns.account_id
                    where clients.id = ?2 and 'campaign:' || campaigns.id = events.tenant))`,
    )
  }

  of(webhookId: number, sequence: number): Standing {
    const webhook = this.#find(webhookId)
    if (webhook === undefined || webhook.is_over === 1) return 'cancelled'
    if (this.#maySee.get(sequence, webhook.client_id, webhookId) === undefined) return 'cancelled'
    return webhook.paused_at === null ? 'due' : 'held'
  }

  /** Paused, and still there. */
  isPaused(webhookId: number): boolean {
    const webhook = this.#find(webhookId)
    return webhook !== undefined && webhook.is_over === 0 && webhook.paused_at !== null
  }

  #find(webhookId: number) {
    return this.#webhook.get(webhookId) as { paused_at: number | null; client_id: number; is_over: number } | undefined
  }
}
