/** The demo's people and things: what is there is found, what is missing is made. All of it through the public API. */
import { type Api, answerOf, apiForClient, found, Refused, type Reply, type Schemas } from '../api.ts'
import type { Kept, KeptFile } from './kept.ts'

/** Somebody who makes things, and somebody who likes them (RFC 2606 §3 keeps example.com for such). */
const ida = { email: 'ida@example.com', full_name: 'Ida Winter', vanity: 'idawinter' }
const noor = { email: 'noor@example.com', full_name: 'Noor Hale', vanity: 'noorhale' }

const birds = {
  vanity: 'clockworkbirds',
  creation_name: 'clockwork birds',
  summary: 'A new bird of brass and paper every month, and the drawings to build your own.',
}

const tiers = [
  { title: 'Egg', amount_cents: 300, description: 'A photograph of every bird.' },
  { title: 'Fledgling', amount_cents: 700, description: 'The drawings, to print and build.' },
  { title: 'Flight', amount_cents: 1500, description: 'A small bird by mail, once a year.' },
]

const triggers = ['pledges:create', 'pledges:update', 'pledges:delete']

/** A valid URI for as long as it takes the receiver to say its own. */
const noUriYet = 'http://127.0.0.1/'

/** What the demo works with. */
export type Tools = { api: Api; url: string; kept: KeptFile }
/** An OAuth client’s id and secret. */
export type Pair = NonNullable<Kept['client']>

/** The creator. What was kept is forgotten when it speaks of people that are not here. */
export async function creatorIn({ api, kept }: Tools): Promise<Schemas['Account']> {
  const known = await accountKnown(api, kept.now.creatorId, ida.email)
  if (known !== null) return known
  kept.forget()
  const creator = await accountOf(api, ida)
  kept.add({ creatorId: creator.id })
  return creator
}

/** The creator's campaign with its three tiers. */
export async function campaignOf(creatorId: string, { api, kept }: Tools): Promise<Schemas['Campaign']> {
  const id = kept.now.campaignId
  const known = id === undefined ? null : await found(api.GET('/api/v1/campaigns/{id}', { params: { path: { id } } }))
  const campaign = known ?? (await openCampaign(creatorId, api))
  kept.add({ campaignId: campaign.id })
  const params = { path: { id: campaign.id } }
  for (const tier of tiers.slice(campaign.tiers.length)) {
    campaign.tiers.push(await answerOf(api.POST('/api/v1/campaigns/{id}/tiers', { params, body: tier })))
  }
  return campaign
}

/** The creator's OAuth client with its pair. One whose pair was replaced meanwhile is somebody else's now. */
export async function clientOf(creatorId: string, { api, kept }: Tools): Promise<Pair> {
  const known = kept.now.client
  if (known !== undefined) {
    const client = await found(api.GET('/api/v1/clients/{id}', { params: { path: { id: known.id } } }))
    if (client?.client_id === known.clientId) return known
  }
  const body = { name: 'Ida’s bird feeder', account_id: creatorId, description: 'Thanks every new patron by name.' }
  const made = await answerOf(api.POST('/api/v1/clients', { body }))
  const client = { id: made.id, clientId: made.client_id, clientSecret: made.client_secret }
  kept.add({ client })
  return client
}

/** The webhook that the demo’s receiver listens with. */
export type DemoWebhook = { id: string; standardSecret: string; isPaused: boolean }

/** The client's webhook for the three pledge triggers, which points nowhere until the receiver listens. */
export async function webhookOf(client: Pair, { api, url, kept }: Tools): Promise<DemoWebhook> {
  const id = kept.now.webhookId
  // A client is shown the secrets of its own webhooks.
  const asClient = apiForClient(url, client)
  const known =
    id === undefined ? null : await found(asClient.GET('/api/v1/webhooks/{id}', { params: { path: { id } } }))
  if (known !== null) return { id: known.id, standardSecret: known.standard_secret ?? '', isPaused: known.paused }

  // The receiver of a webhook that belongs to a client before this one is gone for good.
  if (id !== undefined) await found(api.DELETE('/api/v1/webhooks/{id}', { params: { path: { id } } }))
  const body = { client_id: client.id, uri: noUriYet, triggers, signing_key: 'client' } as const
  const made = await answerOf(api.POST('/api/v1/webhooks', { body }))
  kept.add({ webhookId: made.id })
  return { id: made.id, standardSecret: made.standard_secret ?? '', isPaused: false }
}

/** Points the webhook at the receiver, which listens on another port at every start. */
export async function pointAt(uri: string, webhookId: string, { api }: Tools): Promise<void> {
  await answerOf(api.PATCH('/api/v1/webhooks/{id}', { params: { path: { id: webhookId } }, body: { uri } }))
}

/** Somebody who may become a patron: Noor, or a new face when Noor is one at the moment. */
export async function patronFor(campaignId: string, { api, kept }: Tools): Promise<Schemas['Account']> {
  const known = await accountKnown(api, kept.now.patronId, null)
  const patron = known ?? (await accountOf(api, noor))
  const isFree = !(await isPatron(patron.id, campaignId, api))
  const free = isFree ? patron : await newFace(api)
  kept.add({ patronId: free.id })
  return free
}

async function openCampaign(creatorId: string, api: Api): Promise<Schemas['Campaign']> {
  const pages = pagesOf((query) => api.GET('/api/v1/campaigns', { params: { query } }))
  const there = await firstIn(pages, ({ creator_id, vanity }) => creator_id === creatorId && vanity === birds.vanity)
  return there ?? (await answerOf(api.POST('/api/v1/campaigns', { body: { ...birds, creator_id: creatorId } })))
}

async function isPatron(accountId: string, campaignId: string, api: Api): Promise<boolean> {
  const path = { id: campaignId }
  const pages = pagesOf((query) => api.GET('/api/v1/campaigns/{id}/pledges', { params: { path, query } }))
  return (await firstIn(pages, ({ patron_id }) => patron_id === accountId)) !== null
}

async function newFace(api: Api): Promise<Schemas['Account']> {
  for (let number = 2; ; number += 1) {
    const person = { email: `noor+${number}@example.com`, full_name: `${noor.full_name} ${number}` }
    const opened = await openedUnlessTaken(api, person)
    if (opened !== null) return opened
  }
}

async function accountKnown(
  api: Api,
  id: string | undefined,
  email: string | null,
): Promise<Schemas['Account'] | null> {
  if (id === undefined) return null
  const account = await found(api.GET('/api/v1/accounts/{id}', { params: { path: { id } } }))
  return email === null || account?.email === email ? account : null
}

async function accountOf(api: Api, person: typeof ida): Promise<Schemas['Account']> {
  const opened = await openedUnlessTaken(api, person)
  if (opened !== null) return opened
  const pages = pagesOf((query) => api.GET('/api/v1/accounts', { params: { query } }))
  const there = await firstIn(pages, ({ email }) => email === person.email)
  if (there === null) throw new Error(`an account with a taken e-mail address is listed: ${person.email}`)
  return there
}

async function openedUnlessTaken(api: Api, body: { email: string; full_name: string; vanity?: string }) {
  try {
    return await answerOf(api.POST('/api/v1/accounts', { body }))
  } catch (error) {
    if (error instanceof Refused && error.problem.code === 'email_taken') return null
    throw error
  }
}

type Page<Entry> = { data: Entry[]; next: string | null }
type PageQuery = { limit: number; after?: string }

async function* pagesOf<Entry>(ask: (query: PageQuery) => Promise<Reply<Page<Entry>>>): AsyncGenerator<Entry[]> {
  let page = await answerOf(ask({ limit: 200 }))
  yield page.data
  while (page.next !== null) {
    page = await answerOf(ask({ limit: 200, after: page.next }))
    yield page.data
  }
}

async function firstIn<Entry>(pages: AsyncGenerator<Entry[]>, isIt: (entry: Entry) => boolean): Promise<Entry | null> {
  for await (const page of pages) {
    const it = page.find(isIt)
    if (it !== undefined) return it
  }
  return null
}
