/** A creator whose own client manages webhooks through Patreon's API. */
import type { OAuthScope } from '#src/domain/oauth-scope.ts'
import { aClient, aCreator, aPerson, make } from '../people.ts'
import { tokensFor } from '../tokens.ts'
import { type Answer, aWorld, type World } from '../world.ts'

export const path = '/api/oauth2/v2/webhooks'

/** A webhook in a document, as far as the tests look. */
export type Resource = {
  id: string
  type: string
  attributes: Record<string, unknown>
  relationships?: Record<string, { data: { id: string; type: string } }>
}

/** Any answer of these calls. */
export type Document<Data = Resource> = {
  data: Data
  included?: Resource[]
  links: { self: string; next?: string }
  meta: { report: { attempted: boolean; status: number | null; in_words: string }; pagination: { total: number } }
  errors: { code_name: string; status: string; detail: string; source?: { parameter: string } }[]
}

/** A creator, a patron, two clients of the creator's and their tokens. */
export async function aPlatform(
  scopes: readonly OAuthScope[] = ['w:campaigns.webhook'],
  settings: Record<string, string> = {},
) {
  const world = await aWorld({ settings })
  const creator = await aCreator(world, 'cleo')
  const patron = await aPerson(world, 'pat')
  const [client, other] = [await aClient(world, creator.key), await aClient(world, creator.key)]
  const wish = { accountId: creator.id, scopes }
  const [token = '', othersToken = ''] = await tokensFor(world, [
    { ...wish, clientId: client.id },
    { ...wish, clientId: other.id },
  ])
  return { world, creator, patron, client, token, othersToken }
}

/** What a client sends to make a webhook. */
export const wish = (uri: string, campaignId: string, attributes: Record<string, unknown> = {}) => ({
  data: {
    type: 'webhook',
    attributes: { uri, triggers: ['pledges:create', 'pledges:update'], ...attributes },
    relationships: { campaign: { data: { type: 'campaign', id: campaignId } } },
  },
})

/** What a client sends to change one. */
export const change = (id: string, attributes: Record<string, unknown>) => ({
  data: { type: 'webhook', id, attributes },
})

/** Makes a webhook and fails when it is refused. */
export async function aPatreonWebhook(
  { world, creator, token }: { world: World; creator: { campaign: { id: string } }; token: string },
  uri: string,
): Promise<Resource> {
  const { data } = await make<Document>(world, path, wish(uri, creator.campaign.id), token)
  return data
}

/** Asks these calls for something. */
export async function ask<Data = Resource>(
  world: World,
  method: string,
  at: string,
  given: { as: string | null; body?: unknown; headers?: Record<string, string> },
): Promise<Answer<Document<Data>>> {
  return await world.call<Document<Data>>(method, at, given)
}

/** Somebody becomes a patron. */
export const pledges = (
  world: World,
  { creator, patron }: { creator: { campaign: { id: string } }; patron: { id: string; key: string } },
) =>
  make(
    world,
    `/api/v1/campaigns/${creator.campaign.id}/pledges`,
    { amount_cents: 500, patron_id: patron.id },
    patron.key,
  )
