/**
 * Webhooks as clients manage them through Patreon's API (wire.md §3). A client sees those that it made here itself, for
 * the campaigns of whoever gave it the token; those that were made on a page are not shown, nor those of anybody else.
 */
import assert from 'node:assert/strict'
import { campaignTenant } from '../../domain/event.ts'
import { Refusal } from '../../domain/refusal.ts'
import { openedOrNull } from '../../domain/vault.ts'
import { audienceOf, type Health, type Webhook } from '../../domain/webhook.ts'
import { type V2Resource, v2Link } from '../../membership/documents/v2/resource.ts'
import { deleteWebhook, registerWebhook, reviseWebhook } from '../../registration/webhooks.ts'
import { webhookSecretPlaces } from '../../store/secret-places.ts'
import type { ApiTools } from '../api/tools.ts'
import { mustOpen } from '../patreon/bearer.ts'
import type { PatreonTools } from '../patreon/scope.ts'
import { type About, type Asked, about, aboutAllOf, listDocument, singleDocument, type V2Call } from './call.ts'
import { orderIn, pageAmong, pageIn, pagingTo } from './paging.ts'
import { owns, type Viewer } from './viewer.ts'
import { changeIn, wishIn } from './webhook-asked.ts'
import { type ReportTools, reported } from './webhook-report.ts'
import { webhookResource } from './webhook-resources.ts'

/** What these calls work with. */
export type WebhookTools = PatreonTools &
  ReportTools &
  Pick<ApiTools, 'catalogue' | 'vault' | 'destinations' | 'mayReach'>

/** As many as a client may have for one campaign. */
const webhookPages = { usual: 100, most: 100 }

/** All of them. */
export function webhookCalls(tools: WebhookTools): V2Call[] {
  const at = (method: V2Call['method'], path: string, handle: Handle): V2Call => ({
    method,
    path,
    handle: async (asked) => {
      mustOpen(asked.viewer.access, 'w:campaigns.webhook')
      return await handle(asked, tools)
    },
  })
  return [
    at('GET', '/webhooks', listWebhooks),
    at('POST', '/webhooks', makeWebhook),
    at('GET', '/webhooks/:id', showWebhook),
    at('PATCH', '/webhooks/:id', changeWebhook),
    at('DELETE', '/webhooks/:id', removeWebhook),
  ]
}

type Handle = (asked: Asked, tools: WebhookTools) => ReturnType<V2Call['handle']>

const listWebhooks: Handle = async (asked, tools) => {
  const { viewer, parameters, address } = asked
  const subject = about('webhook', asked, tools)
  const asks = pageIn(parameters, webhookPages)
  orderIn(parameters, [])
  const all = await tools.store.read.webhooks.list({ clientId: viewer.access.clientId })
  const own = all.filter((webhook) => campaignOf(webhook, viewer) !== null)
  const { page, next } = pageAmong(own, asks, { keyOf: ({ id }) => id, isDescending: false })
  await keep(page, subject, tools)
  const ids = page.map(({ id }) => id)
  return await listDocument(ids, pagingTo(next, { address, total: own.length }), subject)
}

const showWebhook: Handle = async (asked, tools) =>
  await documentOf(await named(asked, tools), about('webhook', asked, tools), tools)

const makeWebhook: Handle = async (asked, tools) => {
  const { store, clock, linkBase } = tools
  const { viewer, request, reply } = asked
  const subject = aboutAllOf(['webhook'], asked, tools)
  const { campaignId, ...wish } = await wishIn(request.body, tools)
  if (!owns(viewer, campaignId)) throw anothersCampaign(campaignId)

  const { clientId, opens } = viewer.access
  const whose = { clientId, tenant: campaignTenant(campaignId), audience: audienceOf(opens) }
  const kept = { signingKey: 'webhook', schedule: 'patreon', origin: 'api' } as const
  const { webhook } = await store.execute(registerWebhook, { ...wish, ...whose, ...kept }, clock.now())

  void reply.status(201).header('location', v2Link({ type: 'webhook', id: webhook.id }, linkBase))
  return await documentOf(webhook, subject, tools)
}

const changeWebhook: Handle = async (asked, tools) => {
  const { store, clock } = tools
  const subject = aboutAllOf(['webhook'], asked, tools)
  const { id } = await named(asked, tools)
  const { changed, pause } = await changeIn(asked.request.body, id, tools)

  const revise = () => store.execute(reviseWebhook, { id, changed, pause }, clock.now())
  if (pause !== false) return await documentOf(await revise(), subject, tools)
  const { webhook, report } = await reported(id, revise, tools)
  return { ...(await documentOf(webhook, subject, tools)), meta: { report } }
}

const removeWebhook: Handle = async (asked, tools) => {
  const { store, clock, wake } = tools
  const { id } = await named(asked, tools)
  await store.execute(deleteWebhook, { id }, clock.now())
  wake()
  void asked.reply.status(204)
  return null
}

async function documentOf(webhook: Webhook, subject: About, tools: WebhookTools) {
  await keep([webhook], subject, tools)
  return await singleDocument(webhook.id, subject)
}

/** Puts webhooks and the client that made them on the shelf. */
async function keep(webhooks: readonly Webhook[], subject: About, tools: WebhookTools): Promise<void> {
  const { access } = subject.viewer
  const client = await tools.store.read.clients.find(access.clientId)
  assert(client !== null, 'a token opens nothing once its client is deleted')
  subject.library.keepClients([client])
  const { clientId } = client
  const resources = webhooks.map((webhook) => resourceOf(webhook, { clientId, subject, tools }))
  subject.library.keepWebhooks(await Promise.all(resources))
}

type Beside = { clientId: string; subject: About; tools: WebhookTools }

async function resourceOf(webhook: Webhook, { clientId, subject, tools }: Beside): Promise<V2Resource> {
  const { store, vault } = tools
  const campaignId = campaignOf(webhook, subject.viewer)
  assert(campaignId !== null, 'only webhooks for campaigns of the viewer are shown')
  const shown = subject.wanted.fields.get('webhook')
  const health = shown === undefined ? unknown : await store.deliveries.findHealth(webhook.id)
  const secret = shown?.has('secret') === true ? await secretOf(webhook, { store, vault }) : ''
  return webhookResource(webhook, { health, secret }, { campaignId, clientId })
}

/** For lists that show nothing but names. */
const unknown: Health = { failingSince: null, consecutiveFailures: 0, lastAttemptedAt: null }

async function secretOf(
  { id }: Webhook,
  { store, vault }: Pick<WebhookTools, 'store' | 'vault'>,
): Promise<string | null> {
  const sealed = await store.read.webhooks.findSealedSecrets(id)
  // It may have been deleted a moment ago; then nothing keys anything any more.
  return sealed === null ? '' : openedOrNull(vault, sealed.secret, webhookSecretPlaces(id).secret)
}

async function named({ id, viewer }: Asked, { store }: WebhookTools): Promise<Webhook> {
  const webhook = /^\d{1,15}$/.test(id) ? await store.read.webhooks.find(id) : null
  if (webhook !== null && campaignOf(webhook, viewer) !== null) return webhook
  throw new Refusal('webhook_not_found', {
    message: `This client made no webhook ${JSON.stringify(id.slice(0, 20))} for a campaign of the token's.`,
    expected: 'the id of a webhook that GET /api/oauth2/v2/webhooks lists',
  })
}

/** The campaign that a webhook was made for; null when it is not for these eyes. */
function campaignOf({ origin, clientId, tenant }: Webhook, { access, ownCampaignIds }: Viewer): string | null {
  if (origin !== 'api' || clientId !== access.clientId) return null
  return ownCampaignIds.find((id) => campaignTenant(id) === tenant) ?? null
}

const anothersCampaign = (id: string): Refusal =>
  new Refusal('view_forbidden', {
    message: `The campaign ${JSON.stringify(id.slice(0, 20))} is not the token's own.`,
    field: 'data.relationships.campaign',
    expected: 'a campaign that GET /api/oauth2/v2/campaigns lists',
  })
