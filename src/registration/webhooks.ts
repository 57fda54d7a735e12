import type { Random } from '../clock.ts'
import type { Audience, Tenant } from '../domain/event.ts'
import { Refusal } from '../domain/refusal.ts'
import type { ScheduleName } from '../domain/retry-schedule.ts'
import type { Trigger } from '../domain/trigger.ts'
import { nonceBytes, type Vault } from '../domain/vault.ts'
import {
  type SigningKey,
  scheduleFor,
  type Webhook,
  type WebhookOrigin,
  webhooksPerClientLimit,
} from '../domain/webhook.ts'
import { command } from '../store/command.ts'
import { webhookSecretPlaces } from '../store/secret-places.ts'
import { standardSecret, urlSafeSecret } from './secrets.ts'

/** A webhook beside its secrets, which are shown this once. */
export type WebhookWithSecrets = { webhook: Webhook; secret: string; standardSecret: string }

type Registration = {
  clientId: string
  tenant: Tenant | null
  uri: string
  triggers: readonly Trigger[]
  signingKey: SigningKey
  /** Null: as the triggers suggest. */
  schedule: ScheduleName | null
  origin: WebhookOrigin
  audience: Audience
  /** Then nothing is sent to it before it is resumed. */
  isPaused: boolean
}

/** Registers a webhook: it hears everything that is accepted after this was answered. */
export const registerWebhook = command(
  'webhooks.register',
  async (records, input: Registration, at): Promise<WebhookWithSecrets> => {
    if ((await records.webhooks.countLike(input)) >= webhooksPerClientLimit) {
      throw new Refusal('too_many', {
        message: `A client has at most ${webhooksPerClientLimit} webhooks${input.origin === 'api' ? ' for one campaign' : ''}.`,
        expected: 'delete one that is not needed any more',
      })
    }
    const secrets = { secret: urlSafeSecret(at.random), standardSecret: standardSecret(at.random) }
    const schedule = input.schedule ?? scheduleFor(input.triggers)
    const { id } = await records.webhooks.insert({ ...input, schedule }, sealing(secrets, at), at.now)
    if (input.isPaused) await records.webhooks.pause(id, 'asked', at.now)
    return { webhook: await present(id, records.webhooks.find), ...secrets }
  },
)

type Description = { id: string; changed: Partial<Pick<Webhook, 'uri' | 'triggers' | 'schedule'>> }

/** Changes where a webhook points and what it listens for; attempts from now on use it. What is left out stays. */
export const describeWebhook = command(
  'webhooks.describe',
  async (records, { id, changed }: Description): Promise<Webhook> => {
    await records.webhooks.describe(id, { ...(await present(id, records.webhooks.find)), ...changed })
    return await present(id, records.webhooks.find)
  },
)

type Revision = { id: string; changed: Description['changed']; pause: boolean | null }

/** Changes a webhook and pauses or resumes it, in one. Null neither pauses nor resumes. */
export const reviseWebhook = command(
  'webhooks.revise',
  async (records, { id, changed, pause }: Revision, at): Promise<Webhook> => {
    await records.webhooks.describe(id, { ...(await present(id, records.webhooks.find)), ...changed })
    if (pause === true) await records.webhooks.pause(id, 'asked', at.now)
    if (pause === false) await records.webhooks.resume(id)
    return await present(id, records.webhooks.find)
  },
)

/** Pauses a webhook: what it would hear is held. */
export const pauseWebhook = command('webhooks.pause', async (records, { id }: { id: string }, at): Promise<Webhook> => {
  await records.webhooks.pause(id, 'asked', at.now)
  return await present(id, records.webhooks.find)
})

/** Resumes a webhook: what was held, and what waits for a retry, is sent now. */
export const resumeWebhook = command('webhooks.resume', async (records, { id }: { id: string }): Promise<Webhook> => {
  await records.webhooks.resume(id)
  return await present(id, records.webhooks.find)
})

/** Deletes a webhook: nothing is sent to it any more, and what waits for it is cancelled. */
export const deleteWebhook = command('webhooks.delete', async (records, { id }: { id: string }, at): Promise<void> => {
  await records.webhooks.delete(id, at.now)
})

/** No such webhook, or not one that the caller may know of. */
export const unknownWebhook = (id: string): Refusal =>
  new Refusal('webhook_not_found', {
    message: `There is no webhook ${id}.`,
    field: 'webhook_id',
    expected: 'the id of a webhook that GET /api/v1/webhooks lists',
  })

async function present(id: string, find: (id: string) => Promise<Webhook | null>): Promise<Webhook> {
  const webhook = await find(id)
  if (webhook === null) throw unknownWebhook(id)
  return webhook
}

const sealing =
  (secrets: { secret: string; standardSecret: string }, { vault, random }: { vault: Vault; random: Random }) =>
  (row: string) => {
    const places = webhookSecretPlaces(row)
    return {
      secret: vault.seal(secrets.secret, places.secret, random.bytes(nonceBytes)),
      standardSecret: vault.seal(secrets.standardSecret, places.standardSecret, random.bytes(nonceBytes)),
    }
  }
