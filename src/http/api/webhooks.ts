import { z } from 'zod'
import type { Caller } from '../../domain/access.ts'
import { type Audience, tenantNamed, testTenant } from '../../domain/event.ts'
import { Refusal } from '../../domain/refusal.ts'
import { triggersPerWebhookLimit, type Webhook } from '../../domain/webhook.ts'
import { accept } from '../../pipeline/accept.ts'
import {
  deleteWebhook,
  describeWebhook,
  pauseWebhook,
  registerWebhook,
  resumeWebhook,
} from '../../registration/webhooks.ts'
import { webhookSecretPlaces } from '../../store/secret-places.ts'
import { type Endpoint, endpoint, nothing } from '../endpoint.ts'
import { clientOf } from './clients.ts'
import { destinationIn } from './destinations.ts'
import { tenantsSeenBy } from './events.ts'
import type { ApiTools } from './tools.ts'
import { mustBeOpen, scheduleShape, shown, webhookOf, webhookShape, webhooksOf } from './webhook.ts'

/** Creators may be told everything of their own patrons (wire.md §4.3): a webhook of theirs is limited to what is theirs. */
const everything: Audience = 3

const byId = z.object({ id: z.string() })
const triggersShape = z.array(z.string()).min(1).max(triggersPerWebhookLimit)

/** Webhooks: a client sees its own, an account those of its clients, an operator all. */
export const webhookCalls = (tools: ApiTools) => ({
  list: listWebhooksCall(tools),
  register: registerWebhookCall(tools),
  show: showWebhookCall(tools),
  describe: describeWebhookCall(tools),
  delete: deleteWebhookCall(tools),
  pause: pauseWebhookCall(tools),
  resume: resumeWebhookCall(tools),
  test: testWebhookCall(tools),
})

const calls = { tag: 'webhooks', scope: 'webhooks' } as const

function listWebhooksCall(tools: ApiTools): Endpoint {
  const { store } = tools
  return endpoint(store.read, {
    ...calls,
    id: 'listWebhooks',
    summary: 'List webhooks',
    answer: z.object({ data: z.array(webhookShape) }),
    handle: async ({ caller }) => ({
      data: await Promise.all((await webhooksOf(caller, tools)).map((webhook) => shown(webhook, tools))),
    }),
  })
}

function registerWebhookCall(tools: ApiTools): Endpoint {
  const { store, clock } = tools
  return endpoint(store.read, {
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
      const uri = destinationIn(body.uri, tools)
      await mustBeKnown(body.triggers, tools)
      await mustBeVisible(body.tenant, client, tools)
      const { triggers, tenant, signing_key: signingKey } = body
      const made = await store.execute(
        registerWebhook,
        {
          clientId: client.id,
          uri,
          triggers: [...new Set(triggers)],
          tenant,
          signingKey,
          schedule: body.schedule ?? null,
          origin: 'page',
          audience: everything,
          isPaused: false,
        },
        clock.now(),
      )
      const secrets = signingKey === 'client' ? {} : { secret: made.secret }
      return { ...(await shown(made.webhook, tools)), ...secrets, standard_secret: made.standardSecret }
    },
  })
}

function showWebhookCall(tools: ApiTools): Endpoint {
  const { store } = tools
  return endpoint(store.read, {
    ...calls,
    id: 'showWebhook',
    summary: 'Show one webhook; to the client it belongs to with its secrets',
    params: byId,
    answer: webhookShape,
    async handle({ caller, params: { id } }) {
      const webhook = await webhookOf(caller, id, tools)
      return { ...(await shown(webhook, tools)), ...(caller.kind === 'client' ? await secretsOf(webhook, tools) : {}) }
    },
  })
}

function describeWebhookCall(tools: ApiTools): Endpoint {
  const { store, clock } = tools
  return endpoint(store.read, {
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
      await webhookOf(caller, id, tools)
      const { uri, triggers, schedule } = body
      if (triggers !== undefined) await mustBeKnown(triggers, tools)
      const changed = {
        ...(uri === undefined ? {} : { uri: destinationIn(uri, tools) }),
        ...(triggers === undefined ? {} : { triggers: [...new Set(triggers)] }),
        ...(schedule === undefined ? {} : { schedule }),
      }
      return shown(await store.execute(describeWebhook, { id, changed }, clock.now()), tools)
    },
  })
}

function deleteWebhookCall(tools: ApiTools): Endpoint {
  const { store, clock } = tools
  return endpoint(store.read, {
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
  })
}

function pauseWebhookCall(tools: ApiTools): Endpoint {
  const { store, clock } = tools
  return endpoint(store.read, {
    ...calls,
    id: 'pauseWebhook',
    summary: 'Pause a webhook: what it would hear is held',
    params: byId,
    status: 201,
    answer: webhookShape,
    async handle({ caller, params: { id } }) {
      await webhookOf(caller, id, tools)
      return shown(await store.execute(pauseWebhook, { id }, clock.now()), tools)
    },
  })
}

function resumeWebhookCall(tools: ApiTools): Endpoint {
  const { store, clock } = tools
  return endpoint(store.read, {
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
      return shown(webhook, tools)
    },
  })
}

function testWebhookCall(tools: ApiTools): Endpoint {
  const { store } = tools
  return endpoint(store.read, {
    ...calls,
    id: 'testWebhook',
    summary: 'Send a test event to this webhook alone, with the body of the trigger’s example',
    params: byId,
    body: z.strictObject({ trigger: z.string() }),
    status: 201,
    answer: z.object({ event_id: z.string(), delivery_id: z.string() }),
    async handle({ caller, params: { id }, body: { trigger } }) {
      await mustBeOpen(caller, id, tools)
      return await sendTest(id, trigger, tools)
    },
  })
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

async function secretsOf({ id, signingKey }: Webhook, { store, vault }: ApiTools) {
  const sealed = await store.read.webhooks.findSealedSecrets(id)
  if (sealed === null) return {}
  const places = webhookSecretPlaces(id)
  return {
    ...(signingKey === 'client' ? {} : { secret: vault.open(sealed.secret, places.secret) }),
    standard_secret: vault.open(sealed.standardSecret, places.standardSecret),
  }
}

const unknownTrigger = (trigger: string, field: string): Refusal =>
  new Refusal('trigger_unknown', {
    message: `Nobody registered the trigger ${JSON.stringify(trigger.slice(0, 200))}.`,
    field,
    expected: 'triggers that GET /api/v1/triggers lists',
  })
