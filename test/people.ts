/** People and things for a world, made through the product's own doors. */
import type { Receiver } from './receiver.ts'
import type { Answer, World } from './world.ts'

type Made = Record<string, unknown> & { id: string }

/** Makes something by the API and fails when it is refused. */
export async function make<Body = Made>(world: World, path: string, body: unknown, as?: string): Promise<Body> {
  const answer: Answer<Body> = await world.call<Body>('POST', path, { body, ...(as === undefined ? {} : { as }) })
  if (answer.status >= 300) throw new Error(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** An account, and an API key of its own that may do everything. */
export async function aPerson(world: World, name: string): Promise<{ id: string; key: string }> {
  const account = await make(world, '/api/v1/accounts', {
    email: `${name.normalize('NFD').replace(/\W/g, '')}@example.test`,
    full_name: `${name} Example`,
  })
  const scopes = ['kittens', 'events', 'clients', 'webhooks', 'memberships', 'keys']
  const { key } = await make<{ key: string }>(world, '/api/v1/keys', { name: 'test', scopes, account_id: account.id })
  return { id: account.id, key }
}

/** A creator with a campaign and two tiers (5 and 10 dollars). */
export async function aCreator(world: World, name: string) {
  const person = await aPerson(world, name)
  const campaign = await make(world, '/api/v1/campaigns', { vanity: name, creation_name: 'comics' }, person.key)
  const tier = (title: string, amount_cents: number) =>
    make(world, `/api/v1/campaigns/${campaign.id}/tiers`, { title, amount_cents }, person.key)
  return {
    ...person,
    campaign,
    tenant: `campaign:${campaign.id}`,
    small: await tier('Sketches', 500),
    large: await tier('Originals', 1000),
  }
}

export type AClient = { id: string; clientId: string; secret: string; basic: string }

/** An OAuth client, registered by whoever has `as`. */
export async function aClient(world: World, as?: string, grants: readonly string[] = []): Promise<AClient> {
  const made = await make<{ id: string; client_id: string; client_secret: string }>(
    world,
    '/api/v1/clients',
    { name: 'An app' },
    as,
  )
  for (const tenant of grants) await make(world, `/api/v1/clients/${made.id}/grants`, { tenant })
  const basic = `Basic ${Buffer.from(`${made.client_id}:${made.client_secret}`).toString('base64')}`
  return { id: made.id, clientId: made.client_id, secret: made.client_secret, basic }
}

export type AWebhook = { id: string; secret: string; standard_secret: string }

/** A webhook of a client. */
export async function aWebhook(
  world: World,
  client: Pick<AClient, 'id'>,
  {
    receiver,
    ...rest
  }: { receiver: Receiver; triggers: string[]; signing_key?: string; schedule?: string; tenant?: string },
): Promise<AWebhook> {
  return await make<AWebhook>(world, '/api/v1/webhooks', { client_id: client.id, uri: receiver.uri, ...rest })
}

/** A product of an operator's own: a trigger, a tenant, a client that may see it, a webhook that listens. */
export async function aListener(world: World, receiver: Receiver, tenant = 'acme') {
  const known = await world.call<{ data: { name: string }[] }>('GET', '/api/v1/triggers')
  if (!known.body.data.some(({ name }) => name === 'invoice:paid'))
    await make(world, '/api/v1/triggers', { name: 'invoice:paid' })
  const client = await aClient(world, undefined, [tenant])
  const webhook = await aWebhook(world, client, { receiver, triggers: ['invoice:paid'] })
  return { client, webhook, tenant, receiver }
}

/** Something happens in that product. */
export async function invoicePaid(
  world: World,
  tenant = 'acme',
  body: unknown = { paid: true },
): Promise<{ id: string; sequence: number }> {
  return await make(world, '/api/v1/events', { tenant, trigger: 'invoice:paid', body })
}

/** The one delivery of an event, as the API shows it, with its attempts. */
export async function deliveryOf(world: World, eventId: string) {
  const list = await world.call<{ data: { id: string }[] }>('GET', `/api/v1/deliveries?event_id=${eventId}`)
  const id = list.body.data[0]?.id
  const { body } = await world.call<Delivery>('GET', `/api/v1/deliveries/${id}`)
  return body
}

export type Delivery = {
  id: string
  status: string
  attempts_made: number
  due_at: string | null
  attempts: {
    number: number
    outcome: string
    in_words: string
    answer: { status: number; body: string; is_cut: boolean } | null
  }[]
}
