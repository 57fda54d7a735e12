import { z } from 'zod'
import { type Caller, isOperator, owns } from '../../domain/access.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Webhook } from '../../domain/webhook.ts'
import { unknownWebhook } from '../../registration/webhooks.ts'
import { moment, written, writtenOrNull } from '../endpoint.ts'
import type { ApiTools } from './tools.ts'

/** How a webhook's deliveries are tried again. */
export const scheduleShape = z.enum(['patreon', 'standard'])

/** A webhook as the API shows it. */
export const webhookShape = z
  .object({
    id: z.string(),
    client_id: z.string().describe('the id of its client'),
    tenant: z.string().nullable().describe('null: every tenant that its client may see'),
    uri: z.string(),
    triggers: z.array(z.string()),
    signing_key: z.enum(['client', 'webhook']).describe('whose secret keys X-Patreon-Signature'),
    schedule: scheduleShape,
    paused: z.boolean(),
    paused_at: moment.nullable(),
    pause_reason: z.enum(['asked', 'gone', 'exhausted', 'failing']).nullable(),
    created_at: moment,
    health: z.object({
      failing_since: moment.nullable(),
      consecutive_failures: z.number().int(),
      last_attempted_at: moment.nullable(),
      due: z.number().int().describe('deliveries that wait for their time'),
      held: z.number().int().describe('deliveries that wait for the webhook to be resumed'),
    }),
    secret: z.string().optional().describe('shown when it is made, and to the client it belongs to'),
    standard_secret: z.string().optional().describe('whsec_…: shown when it is made, and to the client it belongs to'),
  })
  .meta({ id: 'Webhook' })

/** The webhooks that a caller may see. */
export function webhooksOf(caller: Caller, { store }: Pick<ApiTools, 'store'>): Promise<Webhook[]> {
  if (isOperator(caller)) return store.read.webhooks.list({})
  return store.read.webhooks.list(
    caller.kind === 'client' ? { clientId: caller.clientId } : { accountId: caller.accountId },
  )
}

/** A webhook that the caller may see; to everybody else it does not exist. */
export async function webhookOf(caller: Caller, id: string, tools: Pick<ApiTools, 'store'>): Promise<Webhook> {
  const webhook = await findWebhookOf(caller, id, tools)
  if (webhook === null) throw unknownWebhook(id)
  return webhook
}

/** A webhook that the caller may see; null when there is none. */
export async function findWebhookOf(
  caller: Caller,
  id: string,
  { store }: Pick<ApiTools, 'store'>,
): Promise<Webhook | null> {
  const webhook = /^\d{1,15}$/.test(id) ? await store.read.webhooks.find(id) : null
  const client = webhook === null ? null : await store.read.clients.find(webhook.clientId)
  return client !== null && owns(caller, { accountId: client.accountId, clientId: client.id }) ? webhook : null
}

/** A webhook with its health, without its secrets. */
export async function shown(webhook: Webhook, { store }: ApiTools): Promise<z.output<typeof webhookShape>> {
  const health = await store.deliveries.findHealth(webhook.id)
  return {
    id: webhook.id,
    client_id: webhook.clientId,
    tenant: webhook.tenant,
    uri: webhook.uri,
    triggers: [...webhook.triggers],
    signing_key: webhook.signingKey,
    schedule: webhook.schedule,
    paused: webhook.pausedAt !== null,
    paused_at: writtenOrNull(webhook.pausedAt),
    pause_reason: webhook.pauseReason,
    created_at: written(webhook.createdAt),
    health: {
      failing_since: writtenOrNull(health.failingSince),
      consecutive_failures: health.consecutiveFailures,
      last_attempted_at: writtenOrNull(health.lastAttemptedAt),
      due: health.due,
      held: health.held,
    },
  }
}

/** Refuses to send to a webhook that is paused: it would be held with the rest, and nobody would see why. */
export async function mustBeOpen(caller: Caller, id: string, tools: Pick<ApiTools, 'store'>): Promise<void> {
  if ((await webhookOf(caller, id, tools)).pausedAt === null) return
  throw new Refusal('webhook_paused', {
    message: `Webhook ${id} is paused.`,
    field: 'id',
    expected: `POST /api/v1/webhooks/${id}/resumptions first`,
  })
}
