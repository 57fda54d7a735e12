/** The documents that tell of webhooks. */
import assert from 'node:assert/strict'
import type { Client } from '../../domain/client.ts'
import { type Webhook } from '../../domain/webhook.ts'
import type { Json } from '../../domain/wire-json.ts'
import { campaignResource } from '../../membership/documents/v2/campaign.ts'
import { type V2Resource, v2Link, writtenRelationship } from '../../membership/documents/v2/resource.ts'
import { webhookSecretPlaces } from '../../store/secret-places.ts'
import type { ApiTools } from '../api/tools.ts'
import type { Wanted } from './query.ts'
import { clientResource, webhookResource } from './webhook-resources.ts'

type Tools = Pick<ApiTools, 'store' | 'vault' | 'linkBase'>

/** A webhook that was made for a campaign. */
export type CampaignWebhook = { webhook: Webhook; campaignId: string; client: Client }

/** One webhook. What was asked for in no words is given whole where it has just been made or changed. */
export async function webhookDocument(
  one: CampaignWebhook,
  wanted: Wanted,
  tools: Tools,
): Promise<{ [name: string]: Json }> {
  const resource = await resourceOf(one, tools)
  return {
    data: written(resource, wanted, tools.linkBase),
    ...(await included([one], wanted, tools)),
    links: { self: v2Link(resource, tools.linkBase) },
  }
}

/** A list of them. Nobody has so many that they would not fit on one page. */
export async function webhooksDocument(all: readonly CampaignWebhook[], wanted: Wanted, tools: Tools) {
  const resources = await Promise.all(all.map((one) => resourceOf(one, tools)))
  return {
    data: resources.map((resource) => written(resource, wanted, tools.linkBase)),
    ...(await included(all, wanted, tools)),
    meta: { pagination: { cursors: { next: null }, total: all.length } },
  }
}

/** Asks for everything that can be said of a webhook, unless something else is asked for. */
export const whole = (wanted: Wanted): Wanted =>
  wanted.fields.has('webhook') ? wanted : { ...wanted, fields: new Map([...wanted.fields, ['webhook', everything]]) }

const everything: ReadonlySet<string> = new Set([
  ...['last_attempted_at', 'num_consecutive_times_failed', 'paused', 'secret', 'triggers', 'uri'],
])

async function resourceOf({ webhook, ...to }: CampaignWebhook, { store, vault }: Tools): Promise<V2Resource> {
  const health = await store.deliveries.findHealth(webhook.id)
  const sealed = await store.read.webhooks.findSealedSecrets(webhook.id)
  // It may have been deleted a moment ago; then nothing keys anything any more.
  const secret = sealed === null ? '' : vault.open(sealed.secret, webhookSecretPlaces(webhook.id).secret)
  return webhookResource(webhook, { health, secret }, to)
}

/** Present whenever something was asked for, because libraries look into it without asking whether it is there. */
async function included(all: readonly CampaignWebhook[], { fields, include }: Wanted, tools: Tools) {
  if (include === null) return {}
  const campaignIds = include.has('campaign') ? [...new Set(all.map(({ campaignId }) => campaignId))] : []
  const clients = include.has('client') ? new Map(all.map(({ client }) => [client.id, client])) : new Map()
  const resources = [
    ...(await Promise.all(campaignIds.map((id) => campaignWith(id, tools)))),
    ...[...clients.values()].map(clientResource),
  ]
  return { included: resources.map((resource) => written(resource, { fields, include: null }, tools.linkBase)) }
}

async function campaignWith(id: string, { store, linkBase }: Tools): Promise<V2Resource> {
  const standing = await store.read.memberships.findStanding(id)
  assert(standing !== null, `campaign ${id} is its creator's`)
  return campaignResource(standing, await store.read.posts.listBenefitsOfAll([id]), linkBase)
}

/** What was asked for of one thing: its fields by name, and those relationships that are followed. */
function written(resource: V2Resource, { fields, include }: Wanted, linkBase: string): Json {
  const { id, type } = resource
  const names = fields.get(type) ?? new Set()
  const attributes = Object.fromEntries(Object.entries(resource.attributes).filter(([name]) => names.has(name)))
  const followed = Object.entries(resource.relationships).filter(([name]) => include?.has(name) === true)
  if (followed.length === 0) return { attributes, id, type }
  const relationships = Object.fromEntries(followed.map(([name, one]) => [name, writtenRelationship(one, linkBase)]))
  return { attributes, id, relationships, type }
}
