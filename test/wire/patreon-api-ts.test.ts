import { PatreonCreatorClient, PatreonUserClient, parseWebhookRequest, QueryBuilder } from 'patreon-api.ts'
import { expect, test } from 'vitest'
import { aBrowser } from '../browser/browser.ts'
import { aCreator, make } from '../people.ts'
import { aWorld, type World } from '../world.ts'
import { type AnApp, allow, anApp, aPatron } from './an-app.ts'

const browser = aBrowser()

const optionsFor = (world: World, app: AnApp, accessToken?: string) => ({
  oauth: {
    clientId: app.clientId,
    clientSecret: app.secret,
    redirectUri: app.redirectUri,
    scopes: ['identity', 'identity[email]', 'identity.memberships'],
    accessTokenUri: `${world.server.url}/api/oauth2/token`,
    authorizationUri: `${world.server.url}/oauth2/authorize`,
    ...(accessToken === undefined ? {} : { token: { access_token: accessToken } }),
  },
  rest: { api: `${world.server.url}/api/oauth2/v2` },
})

test('npm patreon-api.ts 0.19.0 logs somebody in, refreshes, and reads who it is', async () => {
  const world = await aWorld()
  const page = await (await browser.visitor()).newPage()
  const creator = await aCreator(world, 'ada')
  const app = await anApp(world, creator, 2)
  const pat = await aPatron(world, page, 'pat')
  await make(world, `/api/v1/campaigns/${creator.campaign.id}/pledges`, { patron_id: pat.id, amount_cents: 700 })
  const client = new PatreonUserClient(optionsFor(world, app) as never)

  const callback = await allow(page, client.oauth.oauthUri)
  const token = await client.oauth.getOauthTokenFromCode(callback.href)
  const refreshed = await client.oauth.refreshToken(token as never)
  const query = QueryBuilder.identity
    .addRelationships(['memberships'])
    .setAttributes({ user: ['full_name', 'email'], member: ['patron_status', 'currently_entitled_amount_cents'] })
  const identity = await client.fetchIdentity(query as never, { token: refreshed } as never)

  expect(identity).toMatchObject({
    data: { id: pat.id, type: 'user', attributes: { full_name: 'pat Tern', email: pat.email } },
    included: [
      { type: 'member', attributes: { patron_status: 'active_patron', currently_entitled_amount_cents: 700 } },
    ],
  })
})

test('npm patreon-api.ts 0.19.0 pages through every member of a campaign', async () => {
  const world = await aWorld()
  const creator = await aCreator(world, 'ada')
  const app = await anApp(world, creator, 2)
  for (let number = 0; number < 23; number += 1) {
    const fan = await make(world, '/api/v1/accounts', {
      email: `fan${number}@example.test`,
      full_name: `Fan ${number}`,
    })
    const terms = { patron_id: fan.id, amount_cents: 500, tier_id: creator.small.id }
    await make(world, `/api/v1/campaigns/${creator.campaign.id}/pledges`, terms)
  }
  const client = new PatreonCreatorClient(optionsFor(world, app, app.creatorToken) as never)
  const query = QueryBuilder.campaignMembers
    .addRelationships(['currently_entitled_tiers', 'user'])
    .setAttributes({ member: ['full_name', 'email'], tier: ['title'] })
    .setRequestOptions({ count: 10 })

  const pages: { data: { attributes: { email: string } }[]; included: unknown[] }[] = []
  for await (const one of client.paginateCampaignMembers(creator.campaign.id, query as never)) pages.push(one as never)

  expect(pages.map(({ data }) => data.length)).toEqual([10, 10, 3])
  expect(new Set(pages.flatMap(({ data }) => data.map(({ attributes }) => attributes.email))).size).toBe(23)
  expect(pages[0]?.included).toContainEqual(
    expect.objectContaining({ type: 'tier', attributes: { title: 'Sketches' } }),
  )
})

test('npm patreon-api.ts 0.19.0 makes, hears, verifies, pauses, resumes and deletes a webhook', async () => {
  const world = await aWorld()
  const creator = await aCreator(world, 'ada')
  const app = await anApp(world, creator, 2)
  const receiver = await world.aReceiver()
  const client = new PatreonCreatorClient(optionsFor(world, app, app.creatorToken) as never)
  const wanted = ['members:pledge:create', 'members:pledge:delete']

  const made = await client.webhooks.createWebhook({
    campaignId: creator.campaign.id,
    uri: receiver.uri,
    triggers: wanted,
  } as never)
  const { id, attributes } = (made as { data: { id: string; attributes: { secret: string } } }).data
  const fan = await make(world, '/api/v1/accounts', { email: 'fan@example.test', full_name: 'Zoë ☕' })
  const terms = { patron_id: fan.id, amount_cents: 500, tier_id: creator.small.id }
  const pledge = await make(world, `/api/v1/campaigns/${creator.campaign.id}/pledges`, terms)
  await world.quiet()
  await client.webhooks.pauseWebhook(id)
  await world.call('DELETE', `/api/v1/pledges/${pledge.id}`)
  await world.quiet()
  const heardWhilePaused = receiver.received.length
  await client.webhooks.unpauseWebhook(id)
  await world.quiet()
  const parsed = await Promise.all(receiver.received.map((request) => parsedBy(request, attributes.secret)))
  await client.webhooks.deleteWebhook(id)
  const left = await client.webhooks.fetchWebhooks(QueryBuilder.webhooks as never)

  expect(heardWhilePaused).toBe(1)
  expect(parsed.map(({ verified, event }) => ({ verified, event }))).toEqual(
    wanted.map((event) => ({ verified: true, event })),
  )
  expect(parsed[0]?.payload).toMatchObject({ data: { type: 'member', attributes: { full_name: 'Zoë ☕' } } })
  expect(left).toMatchObject({ data: [] })
})

/** What the library makes of a request, given as the standard object that it takes. */
async function parsedBy({ headers, body }: { headers: Record<string, string>; body: Buffer }, secret: string) {
  const request = new Request('http://receiver.test/', { method: 'POST', headers, body: new Uint8Array(body) })
  return (await parseWebhookRequest(request as never, secret)) as {
    verified: boolean
    event?: string
    payload?: unknown
  }
}
