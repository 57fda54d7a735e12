import { describe, expect, test } from 'vitest'
import { days, hours, minutes, seconds } from '#src/domain/time.ts'
import { aClient, aCreator, aListener, aPerson, aWebhook, deliveryOf, invoicePaid, make } from '../people.ts'
import type { Answering, Receiver } from '../receiver.ts'
import { aWorld } from '../world.ts'

const waitsOf = ({ received }: Receiver) => received.slice(1).map(({ at }, index) => at - (received[index]?.at ?? 0))

describe('a receiver that does not answer 2xx', () => {
  test('is asked again after 5 seconds, then after 5 minutes, each give or take a fifth', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver(500, 503, 200)
    await aListener(world, receiver)

    const event = await invoicePaid(world)
    await world.pass(minutes(10))

    const [first = 0, second = 0] = waitsOf(receiver)
    expect(receiver.received).toHaveLength(3)
    expect(first).toBeWithin(seconds(4), seconds(6))
    expect(second).toBeWithin(minutes(4), minutes(6))
    expect(await deliveryOf(world, event.id)).toMatchObject({ status: 'delivered', attempts_made: 3 })
  })

  test('is asked ten times in about three days, and then the delivery is exhausted and shown', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver(500)
    await aListener(world, receiver)

    const event = await invoicePaid(world)
    await world.pass(days(4))

    const nominal = [seconds(5), minutes(5), minutes(30), ...[2, 5, 10, 14, 20, 24].map(hours)]
    expect(receiver.received).toHaveLength(10)
    for (const [index, wait] of waitsOf(receiver).entries()) {
      const expected = nominal[index] ?? 0
      expect(wait).toBeWithin(expected * 0.8, expected * 1.2)
    }
    const delivery = await deliveryOf(world, event.id)
    expect(delivery).toMatchObject({ status: 'exhausted', attempts_made: 10 })
    expect(delivery.attempts).toHaveLength(10)
  })

  test('gets the same id and the same bytes each time, and a fresh timestamp', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver(500, 200)
    await aListener(world, receiver)

    await invoicePaid(world, 'acme', { amount: 12.5 })
    await world.pass(minutes(1))

    const [first, second] = receiver.received
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
    expect(second?.body).toEqual(first?.body)
    expect(Number(second?.headers['webhook-timestamp'])).toBeGreaterThan(Number(first?.headers['webhook-timestamp']))
    expect(second?.headers['webhook-signature']).not.toBe(first?.headers['webhook-signature'])
  })

  test.each<[string, Answering]>([
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/elsewhere' } }],
    ['400', 400],
    ['404', 404],
    ['a connection that breaks', 'drop'],
  ])('is asked again after %s', async (_what, answering) => {
    const world = await aWorld()
    const receiver = await world.aReceiver(answering, 200)
    await aListener(world, receiver)

    const event = await invoicePaid(world)
    await world.pass(minutes(1))

    expect(await deliveryOf(world, event.id)).toMatchObject({ status: 'delivered', attempts_made: 2 })
  })

  test('that never answers has failed after 15 seconds', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver('hang', 200)
    await aListener(world, receiver)

    const event = await invoicePaid(world)
    await receiver.hears(1)
    await world.pass(seconds(14))
    expect(receiver.hanging()).toBe(1)
    await world.pass(seconds(30))

    const delivery = await deliveryOf(world, event.id)
    expect(delivery).toMatchObject({ status: 'delivered', attempts_made: 2 })
    expect(delivery.attempts[0]).toMatchObject({ outcome: 'timed-out' })
    expect(delivery.attempts[0]?.in_words).toContain('Answer 200 first, work afterwards')
  })

  test('may ask for a longer wait with Retry-After, but not for a shorter one', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver(
      { status: 503, headers: { 'retry-after': '3600' } },
      { status: 503, headers: { 'retry-after': '1' } },
      200,
    )
    await aListener(world, receiver)

    await invoicePaid(world)
    await world.pass(hours(2))

    const [first, second = 0] = waitsOf(receiver)
    expect(first).toBe(hours(1))
    expect(second).toBeWithin(minutes(4), minutes(6))
  })

  test('is not left alone for longer than a day, whatever it asks for', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver({ status: 429, headers: { 'retry-after': '99999999' } }, 200)
    await aListener(world, receiver)

    await invoicePaid(world)
    await world.pass(days(2))

    expect(waitsOf(receiver)).toEqual([days(1)])
  })
})

describe('a Patreon-style webhook', () => {
  async function aPatreonHook(...answering: Answering[]) {
    const world = await aWorld()
    const creator = await aCreator(world, 'ada')
    const client = await aClient(world, creator.key)
    const receiver = await world.aReceiver(...answering)
    const webhook = await aWebhook(world, client, { receiver, triggers: ['pledges:create'], signing_key: 'client' })
    const pledges = async (name: string) => {
      const patron = await aPerson(world, name)
      await make(world, `/api/v1/campaigns/${creator.campaign.id}/pledges`, { amount_cents: 500 }, patron.key)
    }
    return { world, receiver, webhook, pledges }
  }

  test('is asked again after 1 hour, 3 hours, 1 day, 3 days and three times a week', async () => {
    const { world, receiver, pledges } = await aPatreonHook(500)

    await pledges('pat')
    await world.pass(days(26))

    expect(waitsOf(receiver)).toEqual([hours(1), hours(3), days(1), days(3), days(7), days(7), days(7)])
  })

  test('is paused when a delivery is exhausted, holds what comes then, and gets it when it is resumed', async () => {
    const { world, receiver, webhook, pledges } = await aPatreonHook(500)

    await pledges('pat')
    await world.pass(days(26))
    await pledges('mel')
    await world.quiet()
    const paused = await world.call<Hook>('GET', `/api/v1/webhooks/${webhook.id}`)
    receiver.answers(200)
    await make(world, `/api/v1/webhooks/${webhook.id}/resumptions`, {})
    await world.quiet()

    expect(paused.body).toMatchObject({ paused: true, pause_reason: 'exhausted', health: { held: 1 } })
    expect(receiver.received).toHaveLength(9)
    const resumed = await world.call<Hook>('GET', `/api/v1/webhooks/${webhook.id}`)
    expect(resumed.body).toMatchObject({ paused: false, health: { held: 0, due: 0, consecutive_failures: 0 } })
  })

  test('gets everything that waits as soon as one delivery succeeds', async () => {
    const { world, receiver, pledges } = await aPatreonHook(500, 500, 200)

    await pledges('pat')
    await world.pass(minutes(30))
    await pledges('mel')
    await world.pass(minutes(31))

    // Pat's second attempt, an hour after the first, succeeds; Mel's is not due for another half hour, and comes at once.
    expect(receiver.received).toHaveLength(4)
    expect(receiver.received[3]?.at).toBe(receiver.received[2]?.at)
  })
})

type Hook = { paused: boolean; pause_reason: string | null; health: { held: number; due: number } }

describe('a webhook on the standard schedule', () => {
  test('is paused after five days of nothing but failure', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver(500)
    const { webhook } = await aListener(world, receiver)

    for (let day = 0; day < 6; day += 1) {
      await invoicePaid(world)
      await world.pass(days(1))
    }

    expect((await world.call('GET', `/api/v1/webhooks/${webhook.id}`)).body).toMatchObject({
      paused: true,
      pause_reason: 'failing',
    })
  })

  test('is not paused when it succeeded once in between', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver(500)
    const { webhook } = await aListener(world, receiver)

    for (let day = 0; day < 6; day += 1) {
      receiver.answers(...(day === 4 ? [200, 500] : [500]))
      await invoicePaid(world)
      await world.pass(days(1))
    }

    expect((await world.call('GET', `/api/v1/webhooks/${webhook.id}`)).body).toMatchObject({ paused: false })
  })

  test('is paused by 410 Gone, which keeps the event for when it is resumed', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver(410, 200)
    const { webhook } = await aListener(world, receiver)

    const event = await invoicePaid(world)
    await world.pass(days(1))
    const held = await deliveryOf(world, event.id)
    await make(world, `/api/v1/webhooks/${webhook.id}/resumptions`, {})
    await world.quiet()

    expect(held).toMatchObject({ status: 'held', attempts_made: 1 })
    expect(await deliveryOf(world, event.id)).toMatchObject({ status: 'delivered', attempts_made: 2 })
  })
})
