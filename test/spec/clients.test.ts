import { describe, expect, test } from 'vitest'
import { aClient, aCreator, aPerson, aWebhook, make } from '../people.ts'
import { aWorld } from '../world.ts'

describe('a client', () => {
  test('sees its own webhooks and nobody else’s', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver()
    const [ada, bob] = [await aPerson(world, 'ada'), await aPerson(world, 'bob')]
    const [mine, theirs] = [await aClient(world, ada.key), await aClient(world, bob.key)]
    const hook = await aWebhook(world, theirs, { receiver, triggers: ['kittens:create'] })

    const asClient = await world.call<{ data: unknown[] }>('GET', '/api/v1/webhooks', { as: mine.basic })
    const foreign = await world.call('GET', `/api/v1/webhooks/${hook.id}`, { as: mine.basic })
    const missing = await world.call('GET', '/api/v1/webhooks/999999', { as: mine.basic })
    const asOwner = await world.call<{ data: unknown[] }>('GET', '/api/v1/webhooks', { as: bob.key })

    expect(asClient.body.data).toEqual([])
    expect(foreign.status).toBe(404)
    expect(foreign.body).toEqual(JSON.parse(JSON.stringify(missing.body).replaceAll('999999', hook.id)))
    expect(asOwner.body.data).toHaveLength(1)
  })

  test('gets its webhook’s secrets back; an account sees them only when they are made', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver()
    const ada = await aPerson(world, 'ada')
    const client = await aClient(world, ada.key)
    const hook = await aWebhook(world, client, { receiver, triggers: ['kittens:create'] })

    const asClient = await world.call('GET', `/api/v1/webhooks/${hook.id}`, { as: client.basic })
    const asAccount = await world.call('GET', `/api/v1/webhooks/${hook.id}`, { as: ada.key })

    expect(asClient.body).toMatchObject({ secret: hook.secret, standard_secret: hook.standard_secret })
    expect(hook.secret).toMatch(/^[A-Za-z0-9_-]{64}$/)
    expect(hook.standard_secret).toMatch(/^whsec_/)
    expect(JSON.stringify(asAccount.body)).not.toContain(hook.secret)
  })

  test('whose pair was compromised gets a new id and secret, and the old pair opens nothing', async () => {
    const world = await aWorld()
    const creator = await aCreator(world, 'ada')
    const client = await aClient(world, creator.key)
    const receiver = await world.aReceiver()
    await aWebhook(world, client, { receiver, triggers: ['pledges:create'], signing_key: 'client' })

    const replaced = await make<{ id: string; client_id: string; client_secret: string }>(
      world,
      `/api/v1/clients/${client.id}/replacements`,
      {},
      creator.key,
    )

    expect(replaced.id).toBe(client.id)
    expect(replaced.client_id).not.toBe(client.clientId)
    expect(replaced.client_secret).not.toBe(client.secret)
    expect((await world.call('GET', '/api/v1/webhooks', { as: client.basic })).status).toBe(401)
    const fresh = `Basic ${Buffer.from(`${replaced.client_id}:${replaced.client_secret}`).toString('base64')}`
    expect((await world.call<{ data: unknown[] }>('GET', '/api/v1/webhooks', { as: fresh })).body.data).toHaveLength(1)
  })
})
