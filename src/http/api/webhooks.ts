import { z } from 'zod'
import { type Caller, isOperator, owns } from '../../domain/access.ts'
import { tenantNamed, testTenant } from '../../domain/event.ts'
import { Refusal } from '../../domain/refusal.ts'
import { triggersPerWebhookLimit, type Webhook } from '../../domain/webhook.ts'
import { accept } from '../../pipeline/accept.ts'
import {
  deleteWebhook,
  describeWebhook,
  pauseWebhook,
  registerWebhook,
  resumeWebhook,
  unknownWebhook,
} from '../../registration/webhooks.ts'
import { webhookSecretPlaces } from '../../store/secret-places.ts'
import { endpointsWith, moment, nothing, written, writtenOrNull } from '../endpoint.ts'
import { clientOf } from './clients.ts'
import { mustBeDestination } from './destinations.ts'
import { tenantsSeenBy } from './events.ts'
import type { ApiTools } from './tools.ts'

const scheduleShape = z.enum(['patreon', 'standard'])

const webhookShape = z
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

const byId = z.object({ id: z.string() })
const triggersShape = z.array(z.string()).min(1).max(triggersPerWebhookLimit)

/** Webhooks: a client sees its own, an account those of its clients, an operator all. */
export function webhookCalls(tools: ApiTools) {
  const { store, clock } = tools
  const call = endpointsWith(store.read)
  const calls = { tag: 'webhooks', scope: 'webhooks' } as const
  const show = (webhook: Webhook) => shown(webhook, tools)
  return {
    list: call({
      ...calls,
      id: 'listWebhooks',
      summary: 'List webhooks',
      answer: z.object({ data: z.array(webhookShape) }),
      handle: async ({ caller }) => ({ data: await Promise.all((await webhooksOf(caller, tools)).map(show)) }),
    }),

    register: call({
      ...calls,
      id: 'registerWebhook',
      summary: 'Register a webhook: it hears everything that is accepted after this was answered',
      body: z.strictObject({
        client_id: z.string().optional().describe('the id of its client; a client that asks need not say it'),
        uri: z.string(),
        triggers: triggersShape,
        tenant: z.string().nullable().default(null),
        signing_key: z.enum(['client', 'webhook']).default('webhook'),
        schedule: scheduleShape.optional(),
      }),
      status: 201,
      answer: webhookShape,
      async handle({ caller, body }) {
        const client = await clientOf(
          caller,
          body.client_id ?? (caller.kind === 'client' ? caller.clientId : ''),
          store.read,
        )
        mustBeDestination(body.uri, tools)
        await mustBeKnown(body.triggers, tools)
        await mustBeVisible(body.tenant, client, tools)
        const { triggers, tenant, signing_key: signingKey } = body
        const made = await store.execute(
          registerWebhook,
          {
            clientId: client.id,
            uri: body.uri,
            triggers: [...new Set(triggers)],
            tenant,
            signingKey,
            schedule: body.schedule ?? null,
          },
          clock.now(),
        )
        const secrets = signingKey === 'client' ? {} : { secret: made.secret }
        return { ...(await show(made.webhook)), ...secrets, standard_secret: made.standardSecret }
      },
    }),

    show: call({
      ...calls,
      id: 'showWebhook',
      summary: 'Show one webhook; to the client it belongs to with its secrets',
      params: byId,
      answer: webhookShape,
      async handle({ caller, params: { id } }) {
        const webhook = await webhookOf(caller, id, tools)
        return { ...(await show(webhook)), ...(caller.kind === 'client' ? await secretsOf(webhook, tools) : {}) }
      },
    }),

    describe: call({
      ...calls,
      id: 'describeWebhook',
      summary: 'Change a webhook; what is left out stays',
      params: byId,
      body: z.strictObject({
        uri: z.string().optional(),
        triggers: triggersShape.optional(),
        schedule: scheduleShape.optional(),
      }),
      answer: webhookShape,
      async handle({ caller, params: { id }, body }) {
        const webhook = await webhookOf(caller, id, tools)
        const { uri = webhook.uri, triggers = webhook.triggers, schedule = webhook.schedule } = body
        mustBeDestination(uri, tools)
        await mustBeKnown(triggers, tools)
        return show(
          await store.execute(describeWebhook, { id, uri, triggers: [...new Set(triggers)], schedule }, clock.now()),
        )
      },
    }),

    delete: call({
      ...calls,
      id: 'deleteWebhook',
      summary: 'Delete a webhook; what waits for it is cancelled',
      params: byId,
      status: 204,
      answer: nothing,
      async handle({ caller, params: { id } }) {
        await webhookOf(caller, id, tools)
        await store.execute(deleteWebhook, { id }, clock.now())
        tools.wake()
        return null
      },
    }),

    pause: call({
      ...calls,
      id: 'pauseWebhook',
      summary: 'Pause a webhook: what it would hear is held',
      params: byId,
      status: 201,
      answer: webhookShape,
      async handle({ caller, params: { id } }) {
        await webhookOf(caller, id, tools)
        return show(await store.execute(pauseWebhook, { id }, clock.now()))
      },
    }),

    resume: call({
      ...calls,
      id: 'resumeWebhook',
      summary: 'Resume a webhook: what was held is sent',
      params: byId,
      status: 201,
      answer: webhookShape,
      async handle({ caller, params: { id } }) {
        await webhookOf(caller, id, tools)
        const webhook = await store.execute(resumeWebhook, { id }, clock.now())
        tools.wake()
        return show(webhook)
      },
    }),

    test: call({
      ...calls,
      id: 'testWebhook',
      summary: 'Send a test event to this webhook alone, with the body of the trigger’s example',
      params: byId,
      body: z.strictObject({ trigger: z.string() }),
      status: 201,
      answer: z.object({ event_id: z.string(), delivery_id: z.string() }),
      async handle({ caller, params: { id }, body: { trigger } }) {
        const webhook = await webhookOf(caller, id, tools)
        if (webhook.pausedAt !== null) throw pausedWebhook(id)
        return await sendTest(id, trigger, tools)
      },
    }),
  }
}

async function sendTest(id: string, trigger: string, tools: ApiTools) {
  const registered = await tools.catalogue.find(trigger)
  if (registered === null) throw unknownTrigger(trigger, 'trigger')
  const body = Buffer.from(registered.example)
  const [accepted] = await accept([{ tenant: testTenant(id), trigger, id: null, idempotencyKey: null, body }], tools)
  if (accepted === undefined || accepted.kind === 'taken') throw new Error('a new id is never taken')
  return { event_id: accepted.id, delivery_id: `${accepted.sequence}-${id}` }
}

async function mustBeKnown(triggers: readonly string[], { catalogue }: ApiTools): Promise<void> {
  for (const trigger of triggers) if (!(await catalogue.knows(trigger))) throw unknownTrigger(trigger, 'triggers')
}

/** A webhook for one tenant only makes sense when its client may see that tenant. */
async function mustBeVisible(tenant: string | null, client: { id: string; accountId: string }, { store }: ApiTools) {
  if (tenant === null) return
  const asClient: Caller = { kind: 'client', clientId: client.id, accountId: client.accountId }
  const visible = await tenantsSeenBy(asClient, store.read)
  if (visible?.includes(tenantNamed(tenant, 'tenant')) === true) return
  throw new Refusal('field_invalid', {
    message: `The client may not see the tenant "${tenant}".`,
    field: 'tenant',
    expected: 'one of its creator’s campaigns, or a tenant that an operator granted to the client',
  })
}

/** The webhooks that a caller may see. */
export function webhooksOf(caller: Caller, { store }: Pick<ApiTools, 'store'>): Promise<Webhook[]> {
  if (isOperator(caller)) return store.read.webhooks.list({})
  return store.read.webhooks.list(
    caller.kind === 'client' ? { clientId: caller.clientId } : { accountId: caller.accountId },
  )
}

/** A webhook that the caller may see; to everybody else it does not exist. */
export async function webhookOf(caller: Caller, id: string, { store }: Pick<ApiTools, 'store'>): Promise<Webhook> {
  const webhook = /^\d{1,15}$/.test(id) ? await store.read.webhooks.find(id) : null
  const client = webhook === null ? null : await store.read.clients.find(webhook.clientId)
  if (webhook === null || client === null || !owns(caller, { accountId: client.accountId, clientId: client.id })) {
    throw unknownWebhook(id)
  }
  return webhook
}

async function secretsOf({ id, signingKey }: Webhook, { store, vault }: ApiTools) {
  const sealed = await store.read.webhooks.findSealedSecrets(id)
  if (sealed === null) return {}
  const places = webhookSecretPlaces(id)
  return {
    ...(signingKey === 'client' ? {} : { secret: vault.open(sealed.secret, places.secret) }),
    standard_secret: vault.open(sealed.standardSecret, places.standardSecret),
  }
}

async function shown(webhook: Webhook, { store }: ApiTools): Promise<z.output<typeof webhookShape>> {
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

const unknownTrigger = (trigger: string, field: string): Refusal =>
  new Refusal('trigger_unknown', {
    message: `Nobody registered the trigger ${JSON.stringify(trigger.slice(0, 200))}.`,
    field,
    expected: 'triggers that GET /api/v1/triggers lists',
  })

const pausedWebhook = (id: string): Refusal =>
  new Refusal('webhook_paused', {
    message: `Webhook ${id} is paused; a test would be held with the rest.`,
    field: 'id',
    expected: `POST /api/v1/webhooks/${id}/resumptions first`,
  })
