import { describe, expect, test } from 'vitest'
import { days, minutes } from '#src/domain/time.ts'
import type { Transport } from '#src/transport/transport.ts'
import { aClient, aListener, aWebhook, deliveryOf, invoicePaid, make } from '../people.ts'
import { aWorld } from '../world.ts'

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

  test('is not asked for again while its webhook is paused', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver()
    const { webhook } = await aListener(world, receiver)

    const event = await invoicePaid(world)
    await world.quiet()
    await make(world, `/api/v1/webhooks/${webhook.id}/pauses`, {})
    const { id } = await deliveryOf(world, event.id)
    const answer = await world.call('POST', `/api/v1/deliveries/${id}/redeliveries`)

    expect(answer).toMatchObject({ status: 409, body: { error: { code: 'webhook_paused' } } })
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

  test('whose outcome can not be written down through a mistake of ours keeps no other from being written down', async () => {
    const world = await aWorld({ parts: { transport: answersOddly('odd') } })
    for (const tenant of ['one', 'odd', 'two']) {
      const client = await aClient(world, undefined, [tenant])
      const receiver = { ...(await world.aReceiver()), uri: `http://127.0.0.1:8081/${tenant}` }
      if (tenant === 'one') await make(world, '/api/v1/triggers', { name: 'invoice:paid' })
      await aWebhook(world, client, { receiver, triggers: ['invoice:paid'] })
    }

    const posted = ['one', 'odd', 'two', 'odd', 'one']
      .map((tenant) => JSON.stringify({ tenant, trigger: 'invoice:paid', body: 1 }))
      .join('\n')
    await world.call('POST', '/api/v1/events/batch', {
      body: posted,
      headers: { 'content-type': 'application/x-ndjson' },
    })
    await world.quiet()

    const { body } = await world.call<{ data: { status: string }[] }>('GET', '/api/v1/deliveries')
    expect(body.data.map(({ status }) => status)).toEqual(['delivered', 'delivered', 'delivered'])
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

/** Everybody answers 200; what is said of one path's answers no table takes. */
const answersOddly = (path: string): Transport => ({
  async post({ uri }) {
    const ended = uri.pathname === `/${path}` ? Number.NaN : 1
    const answer = { status: 200, headers: [], body: new Uint8Array(), isCut: false }
    return { kind: 'answered', answer, timing: { connected: null, firstByte: 1, ended } }
  },
  async close() {},
})
