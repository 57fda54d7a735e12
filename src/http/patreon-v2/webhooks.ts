/**
 * Webhooks as clients manage them through Patreon's API (wire.md §3). A client sees those that it made here itself, for
 * the campaigns of whoever gave it the token; those that were made on a page are not shown, nor those of anybody else.
 */
import assert from 'node:assert/strict'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Client } from '../../domain/client.ts'
import { campaignTenant } from '../../domain/event.ts'
import type { Access } from '../../domain/oauth-scope.ts'
import { Refusal } from '../../domain/refusal.ts'
import { audienceOf, type Webhook } from '../../domain/webhook.ts'
import { type Json, wireBytes } from '../../domain/wire-json.ts'
import { deleteWebhook, pauseWebhook, registerWebhook, reviseWebhook } from '../../registration/webhooks.ts'
import type { ApiTools } from '../api/tools.ts'
import { accessIn, mustOpen } from '../patreon/bearer.ts'
import { type PatreonTools, patreonMediaType } from '../patreon/scope.ts'
import { type Parameters, type Wanted, wantedIn } from './query.ts'
import { changeIn, wishIn } from './webhook-asked.ts'
import { type CampaignWebhook, webhookDocument, webhooksDocument, whole } from './webhook-documents.ts'
import { type ReportTools, reported } from './webhook-report.ts'

/** What these calls work with. */
export type WebhookTools = PatreonTools &
  ReportTools &
  Pick<ApiTools, 'catalogue' | 'vault' | 'destinations' | 'mayReach'>

/** The calls, below the address of v2; put into a `patreonScope`, which tells what went wrong. */
export const webhookCalls =
  (tools: WebhookTools) =>
  (app: FastifyInstance): void => {
    const options = { schema: { hide: true } }
    app.get('/webhooks', options, listCall(tools))
    app.post('/webhooks', options, makeCall(tools))
    app.get('/webhooks/:id', options, showCall(tools))
    app.patch('/webhooks/:id', options, changeCall(tools))
    app.delete('/webhooks/:id', options, deleteCall(tools))
  }

type Call = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

/** Who asks, and what for. */
type Asked = { access: Access; client: Client; campaignIds: readonly string[]; wanted: Wanted }

const listCall =
  (tools: WebhookTools): Call =>
  async (request, reply) => {
    const asked = await askedIn(request, tools)
    const all = await tools.store.read.webhooks.list({ clientId: asked.access.clientId })
    const own = all.flatMap((webhook) => ownOf(webhook, asked) ?? [])
    return answer(reply, 200, await webhooksDocument(own, asked.wanted, tools))
  }

const showCall =
  (tools: WebhookTools): Call =>
  async (request, reply) => {
    const asked = await askedIn(request, tools)
    return answer(reply, 200, await webhookDocument(await named(request, asked, tools), asked.wanted, tools))
  }

const makeCall =
  (tools: WebhookTools): Call =>
  async (request, reply) => {
    const { store, clock, linkBase } = tools
    const { access, client, campaignIds, wanted } = await askedIn(request, tools)
    const { campaignId, uri, triggers, isPaused } = await wishIn(request.body, tools)
    if (!campaignIds.includes(campaignId)) throw anothersCampaign(campaignId)

    const wish = { clientId: access.clientId, tenant: campaignTenant(campaignId), uri, triggers }
    const kept = { signingKey: 'webhook', schedule: 'patreon', origin: 'api' } as const
    const audience = audienceOf(access.opens)
    const made = await store.execute(registerWebhook, { ...wish, ...kept, audience }, clock.now())
    const { id } = made.webhook
    const webhook = isPaused ? await store.execute(pauseWebhook, { id }, clock.now()) : made.webhook

    void reply.header('location', `${linkBase}/api/oauth2/v2/webhooks/${id}`)
    return answer(reply, 201, await webhookDocument({ webhook, campaignId, client }, whole(wanted), tools))
  }

const changeCall =
  (tools: WebhookTools): Call =>
  async (request, reply) => {
    const { store, clock } = tools
    const asked = await askedIn(request, tools)
    const found = await named(request, asked, tools)
    const { id } = found.webhook
    const { changed, pause } = await changeIn(request.body, id, tools)

    const revise = () => store.execute(reviseWebhook, { id, changed, pause }, clock.now())
    const { webhook, ...meta } = pause === false ? await reported(id, revise, tools) : { webhook: await revise() }
    const document = await webhookDocument({ ...found, webhook }, whole(asked.wanted), tools)
    return answer(reply, 200, 'report' in meta ? { ...document, meta } : document)
  }

const deleteCall =
  (tools: WebhookTools): Call =>
  async (request, reply) => {
    const { store, clock, wake } = tools
    const { webhook } = await named(request, await askedIn(request, tools), tools)
    await store.execute(deleteWebhook, { id: webhook.id }, clock.now())
    wake()
    return reply.status(204).send()
  }

async function askedIn(request: FastifyRequest, { store, clock, limits }: WebhookTools): Promise<Asked> {
  const access = await accessIn(request, store.read, clock)
  limits(access)
  mustOpen(access, 'w:campaigns.webhook')
  const client = await store.read.clients.find(access.clientId)
  assert(client !== null, 'a token opens nothing once its client is deleted')
  const campaigns = await store.read.memberships.listCampaignsOf(access.accountId)
  const wanted = wantedIn(request.query as Parameters, 'webhook')
  return { access, client, campaignIds: campaigns.map(({ id }) => id), wanted }
}

async function named(request: FastifyRequest, asked: Asked, { store }: WebhookTools): Promise<CampaignWebhook> {
  const { id } = request.params as { id: string }
  const webhook = /^\d{1,15}$/.test(id) ? await store.read.webhooks.find(id) : null
  const own = webhook === null ? null : ownOf(webhook, asked)
  if (own !== null) return own
  throw new Refusal('webhook_not_found', {
    message: `This client made no webhook ${JSON.stringify(id.slice(0, 20))} for a campaign of the token's.`,
    expected: 'the id of a webhook that GET /api/oauth2/v2/webhooks lists',
  })
}

function ownOf(webhook: Webhook, { access, client, campaignIds }: Asked): CampaignWebhook | null {
  if (webhook.origin !== 'api' || webhook.clientId !== access.clientId) return null
  const campaignId = campaignIds.find((id) => campaignTenant(id) === webhook.tenant)
  return campaignId === undefined ? null : { webhook, campaignId, client }
}

// Bytes, because the framework adds a charset to text, and this media type has none (JSON:API 1.1, "Media Type Parameter Rules").
const answer = (reply: FastifyReply, status: 200 | 201, document: Json): FastifyReply =>
  reply.status(status).header('content-type', patreonMediaType).send(wireBytes(document))

const anothersCampaign = (id: string): Refusal =>
  new Refusal('view_forbidden', {
    message: `The campaign ${JSON.stringify(id.slice(0, 20))} is not the token's own.`,
    field: 'data.relationships.campaign',
    expected: 'a campaign that GET /api/oauth2/v2/campaigns lists',
  })
