import { expect, test } from 'vitest'
import { aClient, aCreator, aPerson, aWebhook, make } from '../people.ts'
import { aWorld } from '../world.ts'

type Attributes = { published: boolean; published_at: string | null; unpublished_at: string | null }
type Body = { included: { type: string; id: string; attributes: Attributes }[] }

test('a tier that is offered no more says so in both generations of documents, to whoever keeps it', async () => {
  const world = await aWorld()
  const creator = await aCreator(world, 'ada')
  const receiver = await world.aReceiver()
  const triggers = ['pledges:update', 'members:pledge:update']
  await aWebhook(world, await aClient(world, creator.key), { receiver, triggers, signing_key: 'webhook' })
  const path = `/api/v1/campaigns/${creator.campaign.id}`
  const tier = await make(world, `${path}/tiers`, { title: 'Prints', amount_cents: 900 }, creator.key)
  const pat = await aPerson(world, 'pat')
  const pledge = await make(world, `${path}/pledges`, { amount_cents: 900, tier_id: tier.id }, pat.key)

  await world.call('PATCH', `/api/v1/tiers/${tier.id}`, { as: creator.key, body: { is_published: false } })
  await world.call('PATCH', `/api/v1/pledges/${pledge.id}`, { as: pat.key, body: { amount_cents: 1000 } })
  await world.quiet()

  expect(receiver.received).toHaveLength(2)
  for (const { body } of receiver.received) {
    const { included } = JSON.parse(String(body)) as Body
    const shown = included.find(({ type, id }) => ['tier', 'reward'].includes(type) && id === tier.id)
    expect(shown?.attributes).toMatchObject({ published: false, published_at: null })
    expect(shown?.attributes.unpublished_at).not.toBe(null)
  }
})
