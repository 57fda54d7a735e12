/** How each thing is made that a row of the matrix can name. */
import type { Things } from './things.ts'

/** The names of things. */
export type Thing =
  | (
      | 'creator'
      | 'patron'
      | 'anybody'
      | 'joined'
      | 'email'
      | 'receiver'
      | 'campaign'
      | 'vanity'
      | 'tenant'
      | 'tier'
      | 'benefit'
      | 'image'
      | 'illustrated'
      | 'post'
    )
  | ('pledge' | 'member' | 'follower' | 'declined' | 'key' | 'link' | 'kitten')
  | (
      | 'client'
      | 'clientId'
      | 'theClient'
      | 'webhook'
      | 'hook'
      | 'delivery'
      | 'event'
      | 'code'
      | 'accessToken'
      | 'refreshToken'
    )

/** What an answer tells of something that was made, as far as it matters here. */
export type Made = Record<
  | ('id' | 'link' | 'vanity' | 'key' | 'secret' | 'standard_secret' | 'delivery_id')
  | (
      | 'client_id'
      | 'client_secret'
      | 'creator_access_token'
      | 'creator_refresh_token'
      | 'access_token'
      | 'refresh_token'
    ),
  string
>

type Maker = (things: Things) => Promise<string>

const inCampaign = async (t: Things, path: string, body: unknown): Promise<string> =>
  (await t.make(`/api/v1/campaigns/${await t.id('campaign')}/${path}`, body)).id

/** One for each. */
export const makers: Record<Thing, Maker> = {
  creator: async (t) => (t.kind === 'patrons' ? (await newCreator(t)).id : t.creator.id),
  patron: async (t) => (t.kind === 'creators' ? (await newPatron(t)).id : t.patron.id),
  anybody: async (t) => (await newAccount(t)).id,
  joined: async (t) => {
    const { id } = await newAccount(t)
    await inCampaign(t, 'members', { account_id: id })
    return id
  },
  email: async (t) => `${t.creator.reader}.mail.canary@example.test`,
  receiver: async (t) => t.receiver,
  link: async (t) => {
    const { link } = await newAccount(t)
    return t.secret('one-time link', link.split('/').at(-1) ?? '')
  },
  kitten: async (t) => String((await t.make('/api/kittens', { name: 'Tom', fluffiness: 1, cuteness: 1 })).id),

  campaign: async (t) => (await campaignOf(t)).id,
  vanity: async (t) => (await campaignOf(t)).vanity,
  tenant: async (t) => `campaign:${await t.id('campaign')}`,
  tier: (t) => inCampaign(t, 'tiers', { title: 'A tier', amount_cents: 500 }),
  benefit: (t) => inCampaign(t, 'benefits', { title: 'A benefit' }),
  image: async (t) => (await imageOf(t)).id,
  illustrated: async (t) => {
    await t.id('image')
    return await t.id('tier')
  },
  post: (t) => {
    const content = t.private('post', `${t.creator.reader}-post-canary`, t.patron.reader)
    return inCampaign(t, 'posts', { title: 'A post', content })
  },
  event: async (t) => {
    const body = { kept: t.private('event', `${t.creator.reader}-event-canary`) }
    return (await t.make('/api/v1/events', { tenant: await t.id('tenant'), trigger: 'posts:publish', body })).id
  },

  pledge: async (t) => inCampaign(t, 'pledges', { amount_cents: amountOf(t), patron_id: await t.id('patron') }),
  member: async (t) => {
    const id = await memberFor(await t.id('pledge'), t)
    const note = t.private('note', `${t.creator.reader}-note-canary`)
    if (t.kind === 'main') await t.world.call('PATCH', `/api/v1/members/${id}`, { body: { note } })
    return id
  },
  follower: async (t) => inCampaign(t, 'members', { account_id: await t.id(t.kind === 'main' ? 'anybody' : 'patron') }),
  declined: async (t) =>
    t.kind === 'main'
      ? await t.id('member')
      : (await t.make(`/api/v1/members/${await t.id('member')}/declines`, undefined)).id,

  key: async (t) => {
    const name = t.private('key name', `${t.creator.reader}-key-canary`)
    const { id, key } = await t.make('/api/v1/keys', { name, scopes: ['events'] }, t.creator.key)
    t.secret('second key', key)
    return id
  },
  client: async (t) => (await clientOf(t)).id,
  clientId: async (t) => (await clientOf(t)).client_id,
  // Never a new one: it asks for itself.
  theClient: (t) => t.main.id('client'),
  webhook: async (t) => {
    const uri = `${t.receiver}/${t.private('webhook', `${t.creator.reader}-webhook-canary`)}`
    const body = { client_id: await t.main.id('client'), uri, triggers: ['kittens:delete'] }
    const made = await t.make('/api/v1/webhooks', body, t.creator.key)
    t.secret('webhook’s secret', made.secret, [t.creator.reader])
    t.secret('webhook’s standard secret', made.standard_secret, [t.creator.reader])
    return made.id
  },
  hook: hookOf,
  delivery: async (t) => {
    const body = { trigger: 'kittens:delete' }
    const path = `/api/v1/webhooks/${await t.id('webhook')}/tests`
    const { delivery_id: id } = await t.make(path, body, t.creator.key)
    await t.world.quiet()
    return id
  },

  code: async (t) => t.secret('code', await codeOf(t)),
  accessToken: async (t) => (await tokensOf(t)).access_token,
  refreshToken: async (t) => (await tokensOf(t)).refresh_token,
}

/** Whether there is such a thing. */
export const isThing = (name: string): name is Thing => Object.hasOwn(makers, name)

let made = 0
/** A part of a name that nothing else here has. */
const another = (): string => String((made += 1))

const imageOf = (t: Things): Promise<Made> =>
  t.once('image', async () => {
    const path = `/api/v1/tiers/${await t.id('tier')}/image`
    return (await t.world.call<Made>('PUT', path, { body: { file_name: 'dot.gif', base64: dot } })).body
  })

/** A picture of one pixel. */
export const dot = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'

const newAccount = (t: Things): Promise<Made> =>
  t.make('/api/v1/accounts', { email: `nobody${another()}@example.test`, full_name: 'Nobody' })
const newPatron = (t: Things): Promise<Made> => t.once('patron', () => newAccount(t))
const newCreator = (t: Things): Promise<Made> => t.once('creator', () => newAccount(t))

/** An amount that nothing else costs; two patrons, so that no sum is one of theirs. */
const amounts = { cleo: { cents: 73_519, dollars: '735.19' }, rob: { cents: 81_647, dollars: '816.47' } }

function amountOf(t: Things): number {
  if (t.kind !== 'main') return 500
  const { cents, dollars } = amounts[t.creator.reader === 'cleo' ? 'cleo' : 'rob']
  t.private('patron’s amount', String(cents), t.patron.reader)
  t.private('patron’s dollars', dollars, t.patron.reader)
  return cents
}

async function campaignOf(t: Things): Promise<Made> {
  if (t.kind === 'creators') return await campaignOf(t.main)
  return await t.once('campaign', async () => {
    const vanity = `comics${another()}`
    const names = { vanity, creation_name: 'Comics', creator_id: await t.id('creator') }
    const campaign = await t.make('/api/v1/campaigns', names)
    if (t.kind === 'main') await fill(campaign.id, t)
    return campaign
  })
}

/** What a campaign says to its own people alone, and a patron more. */
async function fill(id: string, t: Things): Promise<void> {
  const thanks = t.private('thanks', `${t.creator.reader}-thanks-canary`, t.patron.reader)
  await t.world.call('PATCH', `/api/v1/campaigns/${id}`, { body: { thanks_msg: thanks } })
  const terms = { amount_cents: 100, patron_id: (await newAccount(t)).id }
  await t.make(`/api/v1/campaigns/${id}/pledges`, terms)
}

async function memberFor(pledgeId: string, t: Things): Promise<string> {
  type Members = { data: { id: string; pledge_id: string | null }[]; next: string | null }
  const path = `/api/v1/campaigns/${await t.id('campaign')}/members?limit=200`
  for (let after = ''; ; ) {
    const { body } = await t.world.call<Members>('GET', path + after)
    const found = body.data.find(({ pledge_id: id }) => id === pledgeId)
    if (found !== undefined) return found.id
    if (body.next === null) throw new Error(`pledge ${pledgeId} has no member`)
    after = `&after=${body.next}`
  }
}

/** Where the clients here have people come back to. */
export const callback = 'https://app.example/callback'

async function clientOf(t: Things): Promise<Made> {
  if (t.kind === 'patrons') await t.id('campaign')
  return await t.once('client', async () => {
    const category = t.private('client', `${t.creator.reader}-client-canary`)
    const profile = { name: 'An app', category, redirect_uris: [callback], account_id: await t.id('creator') }
    const client = await t.make('/api/v1/clients', profile)
    t.secret('client secret', client.client_secret)
    t.secret('creator’s access token', client.creator_access_token)
    t.secret('creator’s refresh token', client.creator_refresh_token)
    return client
  })
}

/** The id and the secret of a side's client, as a header. */
export async function basicOf(t: Things): Promise<string> {
  const { client_id: id, client_secret: secret } = await clientOf(t.main)
  return `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`
}

/** A webhook that a client made by Patreon's API for its owner's campaign. */
async function hookOf(t: Things): Promise<string> {
  const uri = `${t.receiver}/${t.private('hook', `${t.creator.reader}-hook-canary`)}`
  const campaign = { data: { type: 'campaign', id: await t.main.id('campaign') } }
  const attributes = { uri, triggers: ['posts:delete'] }
  const body = { data: { type: 'webhook', attributes, relationships: { campaign } } }
  const { creator_access_token: token } = await clientOf(t.main)
  const answer = await t.world.call<{ data: { id: string; attributes: { secret: string } } }>(
    'POST',
    '/api/oauth2/v2/webhooks',
    { body, as: `Bearer ${token}` },
  )
  t.secret('hook’s secret', answer.body.data.attributes.secret, [t.creator.reader])
  return answer.body.data.id
}

/** The patron lets the side's client in. */
async function codeOf(t: Things): Promise<string> {
  const { cookie, csrf } = t.main.patron.session
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: await t.main.id('clientId'),
    redirect_uri: callback,
  })
  const body = new URLSearchParams({ _csrf: csrf, decision: 'allow' })
  const url = `${t.world.server.url}/oauth2/authorize?${query.toString()}`
  const answer = await fetch(url, { method: 'POST', body, headers: { cookie }, redirect: 'manual' })
  return new URL(answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
}

function tokensOf(t: Things): Promise<Made> {
  return t.once('tokens', async () => {
    const grant = { grant_type: 'authorization_code', redirect_uri: callback, code: await codeOf(t) }
    const { body } = await t.world.call<Made>('POST', '/api/oauth2/token', { body: grant, as: await basicOf(t) })
    t.secret('access token', body.access_token)
    t.secret('refresh token', body.refresh_token)
    return body
  })
}
