import { describe, expect, test } from 'vitest'
import { days, hours, minutes } from '#src/domain/time.ts'
import { aClient, aListener, aWebhook, deliveryOf, invoicePaid, make } from '../people.ts'
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

  test('shows where it leads: a spelling that reads as another place is written as it is understood', async () => {
    const world = await aWorld()
    const client = await aClient(world, undefined, ['acme'])
    await make(world, '/api/v1/triggers', { name: 'invoice:paid' })
    const wish = { client_id: client.id, triggers: ['invoice:paid'] }

    const plain = await make(world, '/api/v1/webhooks', { ...wish, uri: 'https://example.com' })
    const alike = await make(world, '/api/v1/webhooks', { ...wish, uri: 'https://ex\u0430mple.com/hooks' })
    const moved = await world.call('PATCH', `/api/v1/webhooks/${plain.id}`, {
      body: { uri: 'https://example.com\\@example.org/' },
    })

    expect([plain, alike, moved.body].map(({ uri }) => uri)).toEqual([
      'https://example.com',
      'https://xn--exmple-4nf.com/hooks',
      'https://example.com/@example.org/',
    ])
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
