import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { aClient, aCreator, aPerson, aWebhook, make } from '../people.ts'
import { aWorld } from '../world.ts'

async function aCampaign() {
  const world = await aWorld()
  const creator = await aCreator(world, 'ada')
  const client = await aClient(world, creator.key)
  const receiver = await world.aReceiver()
  await aWebhook(world, client, {
    receiver,
    triggers: ['pledges:create', 'pledges:update', 'pledges:delete'],
    signing_key: 'client',
  })
  const patron = await aPerson(world, 'pat')
  const path = `/api/v1/campaigns/${creator.campaign.id}/pledges`
  return { world, creator, client, receiver, patron, path }
}

type Document = {
  data: { id: string; type: string; attributes: Record<string, unknown> }
  included: { type: string; id: string }[]
}
const parsed = ({ body }: { body: Buffer }) => JSON.parse(String(body)) as Document

describe('a pledge', () => {
  test('that is made, edited and cancelled is told with the three triggers of the page', async () => {
    const { world, creator, receiver, patron, path } = await aCampaign()

    const made = await make(world, path, { amount_cents: 500, tier_id: creator.small.id }, patron.key)
    await world.quiet()
    const edited = await world.call('PATCH', `/api/v1/pledges/${made.id}`, {
      as: patron.key,
      body: { amount_cents: 700 },
    })
    await world.quiet()
    const cancelled = await world.call('DELETE', `/api/v1/pledges/${String(edited.body['id'])}`, { as: patron.key })
    await world.quiet()

    expect([edited.status, cancelled.status]).toEqual([200, 200])
    expect(receiver.received.map(({ headers }) => headers['X-Patreon-Event'])).toEqual([
      'pledges:create',
      'pledges:update',
      'pledges:delete',
    ])
    const [create, update, end] = receiver.received.map(parsed)
    expect(create?.data).toMatchObject({ type: 'pledge', id: made.id, attributes: { amount_cents: 500 } })
    expect(update?.data).toMatchObject({ id: edited.body['id'], attributes: { amount_cents: 700 } })
    expect(end?.data.id).toBe(edited.body['id'])
    expect(edited.body['id']).not.toBe(made.id)
  })

  test('is told signed with the client’s secret, as the page says, and by Standard Webhooks beside it', async () => {
    const { world, client, receiver, patron, path } = await aCampaign()

    await make(world, path, { amount_cents: 500 }, patron.key)
    await world.quiet()

    const [received] = receiver.received
    if (received === undefined) throw new Error('nothing was received')
    const { headers, body } = received
    expect(headers).toMatchObject({
      'User-Agent': 'Patreon HTTP Robot',
      'Content-Type': 'application/json',
      'X-Patreon-Event': 'pledges:create',
      'X-Patreon-Signature': createHmac('md5', client.secret).update(body).digest('hex'),
      'webhook-id': expect.stringMatching(/^[A-Za-z0-9_-]{1,64}~pledges:create$/),
    })
    expect(Object.keys(headers).filter((name) => name.toLowerCase() === 'content-length')).toHaveLength(1)
    expect(headers['content-length'] ?? headers['Content-Length']).toBe(String(body.length))
  })

  test('that is open when the pair is replaced goes on being signed, with the new secret', async () => {
    const { world, creator, client, receiver, patron, path } = await aCampaign()
    receiver.answers(500, 200)

    await make(world, path, { amount_cents: 500 }, patron.key)
    await world.quiet()
    const { client_secret } = await make<{ client_secret: string }>(
      world,
      `/api/v1/clients/${client.id}/replacements`,
      {},
      creator.key,
    )
    await world.pass(2 * 60 * 60 * 1000)

    const retry = receiver.received[1]
    expect(retry?.headers['X-Patreon-Signature']).toBe(
      createHmac('md5', client_secret)
        .update(retry?.body ?? '')
        .digest('hex'),
    )
  })

  test('is told only to clients of its campaign’s creator', async () => {
    const { world, patron, path } = await aCampaign()
    const bob = await aCreator(world, 'bob')
    const other = await world.aReceiver()
    await aWebhook(world, await aClient(world, bob.key), { receiver: other, triggers: ['pledges:create'] })

    await make(world, path, { amount_cents: 500 }, patron.key)
    await world.quiet()

    expect(other.received).toHaveLength(0)
  })

  test('is there if and only if its event is: a refused one leaves neither', async () => {
    const { world, patron, path } = await aCampaign()
    await make(world, path, { amount_cents: 500 }, patron.key)

    const second = await world.call('POST', path, { as: patron.key, body: { amount_cents: 900 } })

    expect(second).toMatchObject({ status: 409, body: { error: { code: 'pledge_exists' } } })
    const events = await world.call<{ data: unknown[] }>('GET', '/api/v1/events?trigger=pledges:create')
    expect(events.body.data).toHaveLength(1)
  })

  test.each([
    ['a negative amount', { amount_cents: -5 }, 422, 'amount_invalid'],
    ['an absurd amount', { amount_cents: 1e12 }, 422, 'amount_invalid'],
    ['half a cent', { amount_cents: 500.5 }, 422, 'amount_invalid'],
    ['nothing', {}, 422, 'field_missing'],
    ['words', { amount_cents: 'a lot' }, 422, 'field_invalid'],
    ['a tier that never was', { amount_cents: 500, tier_id: '999' }, 404, 'tier_not_found'],
  ])('of %s is refused', async (_what, body, status, code) => {
    const { world, patron, path } = await aCampaign()

    expect(await world.call('POST', path, { as: patron.key, body })).toMatchObject({
      status,
      body: { error: { code } },
    })
  })

  test('for a tier of another campaign is refused', async () => {
    const { world, patron, path } = await aCampaign()
    const bob = await aCreator(world, 'bob')

    const answer = await world.call('POST', path, {
      as: patron.key,
      body: { amount_cents: 500, tier_id: bob.small.id },
    })

    expect(answer).toMatchObject({ status: 422, body: { error: { code: 'tier_of_another_campaign' } } })
  })

  test('keeps in an edit what was left out', async () => {
    const { world, creator, patron, path } = await aCampaign()
    const terms = { amount_cents: 500, tier_id: creator.small.id, pledge_cap_cents: 900, patron_pays_fees: true }
    const made = await make(world, path, { ...terms, cadence_months: 12 }, patron.key)

    const edited = await world.call('PATCH', `/api/v1/pledges/${made.id}`, {
      as: patron.key,
      body: { amount_cents: 600 },
    })

    expect(edited).toMatchObject({ status: 200, body: { ...terms, cadence_months: 12, amount_cents: 600 } })
  })

  test('cannot be edited once it was cancelled', async () => {
    const { world, patron, path } = await aCampaign()
    const made = await make(world, path, { amount_cents: 500 }, patron.key)
    await world.call('DELETE', `/api/v1/pledges/${made.id}`, { as: patron.key })

    const answer = await world.call('PATCH', `/api/v1/pledges/${made.id}`, {
      as: patron.key,
      body: { amount_cents: 900 },
    })

    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'pledge_ended' } } })
  })

  test('is nobody else’s business: to others it does not exist', async () => {
    const { world, patron, path } = await aCampaign()
    const made = await make(world, path, { amount_cents: 500 }, patron.key)
    const mel = await aPerson(world, 'mel')

    const answer = await world.call('DELETE', `/api/v1/pledges/${made.id}`, { as: mel.key })

    expect(answer).toMatchObject({ status: 404, body: { error: { code: 'pledge_not_found' } } })
  })
})
