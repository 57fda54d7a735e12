import { describe, expect, test } from 'vitest'
import { days, hours, minutes } from '#src/domain/time.ts'
import { aClient, aCreator, aListener, aPerson, aWebhook, deliveryOf, invoicePaid, make } from '../people.ts'
import { aWorld } from '../world.ts'

describe('a webhook', () => {
  test('hears what is accepted after it was registered, and nothing from before', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver()
    const { client } = await aListener(world, receiver)
    const late = await world.aReceiver()

    await invoicePaid(world)
    await aWebhook(world, client, { receiver: late, triggers: ['invoice:paid'] })
    await invoicePaid(world)
    await world.quiet()

    expect(receiver.received).toHaveLength(2)
    expect(late.received).toHaveLength(1)
  })

  test('hears only its triggers', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver()
    const client = await aClient(world, undefined, ['kittens'])
    await aWebhook(world, client, { receiver, triggers: ['kittens:delete'] })

    const kitten = await make(world, '/api/kittens', { name: 'Tom', fluffiness: 1, cuteness: 2 })
    await world.call('DELETE', `/api/kittens/${kitten.id}`)
    await world.quiet()

    expect(receiver.received.map(({ headers }) => headers['X-Patreon-Event'])).toEqual(['kittens:delete'])
  })

  test('hears only tenants that its client may see', async () => {
    const world = await aWorld()
    const [ours, theirs] = [await world.aReceiver(), await world.aReceiver()]
    await aListener(world, ours, 'acme')
    await aListener(world, theirs, 'umbrella')

    await invoicePaid(world, 'acme')
    await world.quiet()

    expect(ours.received).toHaveLength(1)
    expect(theirs.received).toHaveLength(0)
  })

  test('hears nothing more of a tenant that was taken from its client, not even what was waiting', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver(500)
    const { client, tenant } = await aListener(world, receiver)

    const waiting = await invoicePaid(world)
    await world.quiet()
    await world.call('DELETE', `/api/v1/clients/${client.id}/grants/${tenant}`)
    await invoicePaid(world)
    await world.pass(hours(1))

    expect(receiver.received).toHaveLength(1)
    expect(await deliveryOf(world, waiting.id)).toMatchObject({ status: 'cancelled' })
  })

  test('that is paused is sent nothing; everything is held, and comes when it is resumed', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver()
    const { webhook } = await aListener(world, receiver)

    await make(world, `/api/v1/webhooks/${webhook.id}/pauses`, {})
    const events = [await invoicePaid(world), await invoicePaid(world), await invoicePaid(world)]
    await world.pass(days(3))
    const held = receiver.received.length
    const statuses = await Promise.all(events.map(async ({ id }) => (await deliveryOf(world, id)).status))
    await make(world, `/api/v1/webhooks/${webhook.id}/resumptions`, {})
    await world.quiet()

    expect(held).toBe(0)
    expect(statuses).toEqual(['held', 'held', 'held'])
    expect(receiver.received).toHaveLength(3)
  })

  test('that is paused for 90 days gives up on what it holds, and shows it', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver()
    const { webhook } = await aListener(world, receiver)

    await make(world, `/api/v1/webhooks/${webhook.id}/pauses`, {})
    const event = await invoicePaid(world)
    await world.pass(days(89))
    const before = await deliveryOf(world, event.id)
    await world.pass(days(2))

    expect(before).toMatchObject({ status: 'held' })
    expect(await deliveryOf(world, event.id)).toMatchObject({ status: 'exhausted' })
  })

  test('that is deleted is sent nothing more, and what waited for it is cancelled', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver(500)
    const { webhook } = await aListener(world, receiver)

    const event = await invoicePaid(world)
    await world.quiet()
    await world.call('DELETE', `/api/v1/webhooks/${webhook.id}`)
    await invoicePaid(world)
    await world.pass(hours(1))

    expect(receiver.received).toHaveLength(1)
    const list = await world.call<{ data: { status: string }[] }>('GET', `/api/v1/deliveries?status=cancelled`)
    expect(list.body.data).toHaveLength(1)
    expect(event.sequence).toBeGreaterThan(0)
  })

  test('that is deleted while it is paused holds nothing any more: what it held is cancelled', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver()
    const { webhook, client } = await aListener(world, receiver)

    await make(world, `/api/v1/webhooks/${webhook.id}/pauses`, {})
    await invoicePaid(world)
    await world.quiet()
    await world.call('DELETE', `/api/v1/webhooks/${webhook.id}`)
    const other = await aWebhook(world, client, { receiver, triggers: ['invoice:paid'] })
    await make(world, `/api/v1/webhooks/${other.id}/pauses`, {})
    await invoicePaid(world)
    await world.quiet()
    await world.call('DELETE', `/api/v1/clients/${client.id}`)
    await world.quiet()

    const { body } = await world.call<{ data: { status: string }[] }>('GET', '/api/v1/deliveries')
    expect(body.data.map(({ status }) => status)).toEqual(['cancelled', 'cancelled'])
    expect(receiver.received).toHaveLength(0)
  })

  test('that moves is asked at its new place from the next attempt on', async () => {
    const world = await aWorld()
    const [old, next] = [await world.aReceiver(500), await world.aReceiver()]
    const { webhook } = await aListener(world, old)

    const event = await invoicePaid(world)
    await world.quiet()
    await world.call('PATCH', `/api/v1/webhooks/${webhook.id}`, { body: { uri: next.uri } })
    await world.pass(minutes(1))

    expect(old.received).toHaveLength(1)
    expect(next.received).toHaveLength(1)
    expect(await deliveryOf(world, event.id)).toMatchObject({ status: 'delivered' })
  })

  test('is sent a test of any trigger, which nobody else hears', async () => {
    const world = await aWorld()
    const [receiver, other] = [await world.aReceiver(), await world.aReceiver()]
    const { client, webhook } = await aListener(world, receiver)
    await aWebhook(world, client, { receiver: other, triggers: ['invoice:paid'] })

    const test = await make<{ event_id: string }>(world, `/api/v1/webhooks/${webhook.id}/tests`, {
      trigger: 'pledges:create',
    })
    await world.quiet()

    expect(receiver.received[0]?.headers['X-Patreon-Event']).toBe('pledges:create')
    expect(JSON.parse(String(receiver.received[0]?.body))).toMatchObject({ data: { type: 'pledge' } })
    expect(other.received).toHaveLength(0)
    expect(await deliveryOf(world, test.event_id)).toMatchObject({ status: 'delivered' })
  })
})

describe('a delivery', () => {
  test('can be asked for again: it keeps its id, and what was delivered stays delivered', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver(200, 500)
    await aListener(world, receiver)

    const event = await invoicePaid(world)
    await world.quiet()
    const { id } = await deliveryOf(world, event.id)
    await make(world, `/api/v1/deliveries/${id}/redeliveries`, {})
    await world.pass(days(1))

    const [first, second] = receiver.received
    expect(receiver.received).toHaveLength(2)
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(await deliveryOf(world, event.id)).toMatchObject({ status: 'delivered', attempts_made: 2 })
  })

  test('that is exhausted gets one more attempt when somebody asks for it', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver(500)
    await aListener(world, receiver)

    const event = await invoicePaid(world)
    await world.pass(days(4))
    const { id } = await deliveryOf(world, event.id)
    receiver.answers(200)
    await make(world, `/api/v1/deliveries/${id}/redeliveries`, {})
    await world.quiet()

    expect(await deliveryOf(world, event.id)).toMatchObject({ status: 'delivered', attempts_made: 11 })
  })

  test('that waits for a retry is made now, and its schedule goes on from there', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver(500)
    await aListener(world, receiver)

    const event = await invoicePaid(world)
    await world.pass(minutes(1))
    const { id } = await deliveryOf(world, event.id)
    await make(world, `/api/v1/deliveries/${id}/redeliveries`, {})
    await world.quiet()

    expect(receiver.received).toHaveLength(3)
    const delivery = await deliveryOf(world, event.id)
    expect(delivery).toMatchObject({ status: 'due', attempts_made: 3 })
    const wait = Date.parse(delivery.due_at ?? '') - world.clock.now()
    expect(wait).toBeWithin(minutes(24), minutes(36))
  })

  test('shows the answer as it came, cut where it is too long', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver({ status: 500, body: 'x'.repeat(20_000) })
    await aListener(world, receiver)

    const event = await invoicePaid(world)
    await world.quiet()

    const { attempts } = await deliveryOf(world, event.id)
    expect(attempts[0]?.answer).toMatchObject({ status: 500, body: 'x'.repeat(16 * 1024), is_cut: true })
    expect(attempts[0]?.in_words).toContain('500')
  })

  test('waits in the store when its receiver is slow, and delays nobody else', async () => {
    const world = await aWorld()
    const [slow, quick] = [await world.aReceiver('hang'), await world.aReceiver()]
    await aListener(world, slow, 'slow')
    await aListener(world, quick, 'quick')

    for (let number = 0; number < 20; number += 1) await invoicePaid(world, 'slow')
    await slow.hears(8)
    await invoicePaid(world, 'quick')
    await quick.hears(1)

    expect(slow.received).toHaveLength(8)
    expect(quick.received).toHaveLength(1)
  })
})

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
