import { expect, test } from 'vitest'
import { aClient, aCreator, aPerson, aWebhook, make } from '../people.ts'
import { aWorld } from '../world.ts'

type Body = { included: { type: string; id: string; attributes: { requires_shipping: boolean } }[] }

test('a tier that sends something says so in both generations of documents, until its creator changes that', async () => {
  const world = await aWorld()
  const creator = await aCreator(world, 'ada')
  const receiver = await world.aReceiver()
  const triggers = ['pledges:create', 'members:pledge:create', 'members:pledge:update']
  await aWebhook(world, await aClient(world, creator.key), { receiver, triggers, signing_key: 'webhook' })
  const path = `/api/v1/campaigns/${creator.campaign.id}`
  const prints = { title: 'Prints', amount_cents: 900, requires_shipping: true }
  const tier = await make(world, `${path}/tiers`, prints, creator.key)
  const pat = await aPerson(world, 'pat')

  const pledge = await make(world, `${path}/pledges`, { amount_cents: 900, tier_id: tier.id }, pat.key)
  await world.quiet()
  await world.call('PATCH', `/api/v1/tiers/${tier.id}`, { as: creator.key, body: { requires_shipping: false } })
  await world.call('PATCH', `/api/v1/pledges/${pledge.id}`, { as: pat.key, body: { amount_cents: 1000 } })
  await world.quiet()

  const told = receiver.received.map(({ headers, body }) => {
    const { included } = JSON.parse(String(body)) as Body
    const shown = included.find(({ type, id }) => ['tier', 'reward'].includes(type) && id === tier.id)
    return `${headers['X-Patreon-Event']}: ${shown?.attributes.requires_shipping}`
  })
  expect(told.toSorted()).toEqual([
    ...['members:pledge:create: true', 'members:pledge:update: false', 'pledges:create: true'],
  ])
})
