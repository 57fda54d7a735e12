import { describe, expect, onTestFinished, test } from 'vitest'
import { readConfig } from '#src/config.ts'
import { days, hours, minutes, seconds } from '#src/domain/time.ts'
import { start } from '#src/main.ts'
import { aClient, aCreator, aListener, aPerson, aWebhook, deliveryOf, invoicePaid, make } from '../people.ts'
import type { Answering } from '../receiver.ts'
import { aWorld, type World } from '../world.ts'

type Clock = { now: string; ahead_seconds: number; is_movable: boolean; turn_of_month: string }
type Moved = Clock & { to: string; is_finished: boolean }

const settings = { TIDINGS_CLOCK: 'movable' }
const move = (world: World, how: object) => make<Moved>(world, '/api/v1/clock/moves', how)
const clockOf = async (world: World) => (await world.call<Clock>('GET', '/api/v1/clock')).body
const begins = '2026-01-05T12:00:00.000Z'

/** A creator and somebody who pledges five dollars a month; a receiver hears of charges. */
async function aCampaign(...answering: Answering[]) {
  const world = await aWorld({ settings })
  const creator = await aCreator(world, 'ada')
  const receiver = await world.aReceiver(...answering)
  const webhook = await aWebhook(world, await aClient(world, creator.key), { receiver, triggers: ['members:update'] })
  const pat = await aPerson(world, 'pat')
  await make(world, `/api/v1/campaigns/${creator.campaign.id}/pledges`, { amount_cents: 500 }, pat.key)
  return { world, creator, receiver, webhook, pat }
}

describe('a clock that can be moved', () => {
  test('is the machine’s until somebody moves it, and goes on from there', async () => {
    const world = await aWorld({ settings })

    expect(await clockOf(world)).toEqual({
      ...{ now: begins, ahead_seconds: 0, is_movable: true },
      turn_of_month: '2026-02-01T00:00:00.000Z',
    })
    const to = '2026-01-06T12:00:00.000Z'
    expect(await move(world, { by_seconds: 86_400 })).toMatchObject({ now: to, to, is_finished: true })
    world.clock.pass(minutes(1))

    expect(await clockOf(world)).toMatchObject({ now: '2026-01-06T12:01:00.000Z', ahead_seconds: 86_400 })
  })

  test('passes through each turn of a month: charges are taken, and told, at their own moments', async () => {
    const { world, creator, receiver } = await aCampaign()

    await move(world, { to: '2026-02-20T00:00:00Z' })
    await move(world, { to: '2026-03-10T00:00:00+00:00' })

    const events = await world.call<{ data: { accepted_at: string }[] }>('GET', '/api/v1/events?trigger=members:update')
    expect(events.body.data.map(({ accepted_at }) => accepted_at)).toEqual([
      '2026-02-01T00:00:00.000Z',
      '2026-03-01T00:00:00.000Z',
    ])
    expect(receiver.received).toHaveLength(2)
    const { body } = await world.call<{ data: object[] }>('GET', `/api/v1/campaigns/${creator.campaign.id}/members`)
    expect(body.data).toMatchObject([{ lifetime_cents: 1500, next_charge_at: '2026-04-01T00:00:00.000Z' }])
  })

  test('passes through a whole retry schedule, each attempt at its own moment', async () => {
    const world = await aWorld({ settings })
    const creator = await aCreator(world, 'ada')
    const receiver = await world.aReceiver(500)
    const hook = { receiver, triggers: ['pledges:create'], signing_key: 'client' }
    await aWebhook(world, await aClient(world, creator.key), hook)
    const pat = await aPerson(world, 'pat')
    await make(world, `/api/v1/campaigns/${creator.campaign.id}/pledges`, { amount_cents: 500 }, pat.key)
    await world.quiet()

    await move(world, { by_seconds: days(26) / 1000 })

    const { data } = (await world.call<{ data: { event_id: string }[] }>('GET', '/api/v1/deliveries')).body
    const { status, attempts } = await deliveryOf(world, data[0]?.event_id ?? '')
    const at = (attempts as unknown as { started_at: string }[]).map(({ started_at }) => Date.parse(started_at))
    expect(status).toBe('exhausted')
    expect(at.slice(1).map((moment, index) => moment - (at[index] ?? 0))).toEqual([
      hours(1),
      hours(3),
      days(1),
      days(3),
      days(7),
      days(7),
      days(7),
    ])
    expect(receiver.received).toHaveLength(8)
  })

  test('stands still while an attempt is in flight, which has the time it always has, and is made once', async () => {
    const world = await aWorld({ settings })
    const receiver = await world.aReceiver(500, 'hang', 200)
    await aListener(world, receiver)
    const event = await invoicePaid(world)
    await receiver.hears(1)

    const moved = move(world, { by_seconds: days(30) / 1000 })
    await receiver.hears(2)
    await world.quiet()
    expect((await clockOf(world)).ahead_seconds).toBeWithin(4, 6)
    world.clock.pass(seconds(14))
    await world.quiet()
    expect(receiver.hanging()).toBe(1)
    world.clock.pass(seconds(1))

    expect(await moved).toMatchObject({ is_finished: true })
    const delivery = await deliveryOf(world, event.id)
    expect(delivery).toMatchObject({ status: 'delivered', attempts_made: 3 })
    expect(delivery.attempts[1]).toMatchObject({ outcome: 'timed-out', duration_ms: 15_000 })
    expect(receiver.received).toHaveLength(3)
  })

  test('says how far it came when receivers take too long, and goes on when it is asked again', async () => {
    const world = await aWorld({ settings })
    const receiver = await world.aReceiver('hang', 'hang', 200)
    await aListener(world, receiver)
    const event = await invoicePaid(world)
    await receiver.hears(1)
    const first = move(world, { by_seconds: 3600 })
    await world.quiet()
    world.clock.pass(seconds(15))
    await receiver.hears(2)
    await world.quiet()
    world.clock.pass(seconds(15))

    const { is_finished, to, now } = await first
    expect(is_finished).toBe(false)
    expect(Date.parse(now)).toBeLessThan(Date.parse(to))
    expect(await move(world, { to })).toMatchObject({ is_finished: true, to })
    expect(await deliveryOf(world, event.id)).toMatchObject({ status: 'delivered', attempts_made: 3 })
  })

  test('leaves the time in signatures as it is, because receivers have clocks of their own', async () => {
    const { world, receiver } = await aCampaign()

    await move(world, { to: '2026-02-02T00:00:00Z' })

    expect(Number(receiver.received[0]?.headers['webhook-timestamp'])).toBe(Date.parse(begins) / 1000)
  })

  test('does not shorten the wait until a date that a receiver names, by its own clock', async () => {
    const world = await aWorld({ settings })
    const date = new Date(Date.parse(begins) + hours(2)).toUTCString()
    await aListener(world, await world.aReceiver({ status: 503, headers: { 'retry-after': date } }, 200))
    await move(world, { by_seconds: days(10) / 1000 })

    const event = await invoicePaid(world)
    await world.quiet()

    const { due_at } = await deliveryOf(world, event.id)
    expect(due_at).toBe('2026-01-15T14:00:00.000Z')
  })

  test('is the one that tokens live by', async () => {
    const { world, creator } = await aCampaign()
    const client = { name: 'An app', redirect_uris: ['https://app.example/callback'], api_version: 2 }
    const made = await make<{ creator_access_token: string }>(world, '/api/v1/clients', client, creator.key)
    const status = async () =>
      (await world.call('GET', '/api/oauth2/v2/identity', { as: `Bearer ${made.creator_access_token}` })).status

    await move(world, { by_seconds: days(30) / 1000 })
    expect(await status()).toBe(200)
    await move(world, { by_seconds: days(1) / 1000 })
    expect(await status()).toBe(401)
  })

  test('charges nobody where charges are off', async () => {
    const world = await aWorld({ settings: { ...settings, TIDINGS_CHARGES: 'off' } })
    const creator = await aCreator(world, 'ada')
    const pat = await aPerson(world, 'pat')
    await make(world, `/api/v1/campaigns/${creator.campaign.id}/pledges`, { amount_cents: 500 }, pat.key)

    expect(await move(world, { to: '2026-03-02T00:00:00Z' })).toMatchObject({ is_finished: true })

    expect(await make(world, '/api/v1/charges/runs', {})).toMatchObject({ charged: 2 })
  })
})

describe('moving a clock', () => {
  test('is refused backwards, too far, and without saying where to; and nothing moves', async () => {
    const world = await aWorld({ settings })
    const refusal = async (body: object) => {
      const answer = await world.call<{ error: { code: string; field: string; expected: string } }>(
        'POST',
        '/api/v1/clock/moves',
        { body },
      )
      return [answer.status, answer.body.error.code, answer.body.error.field]
    }

    expect(await refusal({ to: '2026-01-05T11:59:00Z' })).toEqual([422, 'field_invalid', 'to'])
    expect(await refusal({ to: '2027-06-01T00:00:00Z' })).toEqual([422, 'field_invalid', 'to'])
    expect(await refusal({ to: 'tomorrow' })).toEqual([422, 'field_invalid', 'to'])
    expect(await refusal({ by_seconds: -1 })).toEqual([422, 'field_invalid', 'by_seconds'])
    expect(await refusal({ by_seconds: 1e12 })).toEqual([422, 'field_invalid', 'by_seconds'])
    expect(await refusal({})).toEqual([422, 'field_missing', 'to'])
    expect(await refusal({ by_seconds: 1, to: '2026-02-01T00:00:00Z' })).toEqual([422, 'field_invalid', 'to'])
    expect(await clockOf(world)).toMatchObject({ now: begins })
  })

  test('is for operators, on a server that was started for it', async () => {
    const { world, pat } = await aCampaign()
    const fixed = await aWorld()
    const asked = { body: { by_seconds: 60 } }

    expect((await world.call('POST', '/api/v1/clock/moves', { ...asked, as: pat.key })).status).toBe(403)
    expect(await fixed.call('POST', '/api/v1/clock/moves', asked)).toMatchObject({
      status: 409,
      body: { error: { code: 'clock_fixed' } },
    })
    expect(await clockOf(fixed)).toMatchObject({ now: begins, is_movable: false, ahead_seconds: 0 })
  })
})

describe('a start', () => {
  test('finds the clock where it was moved to', async () => {
    const world = await aWorld({ settings })
    await move(world, { by_seconds: 86_400 })

    await world.stop()
    world.clock.pass(hours(1))
    await world.start()

    expect(await clockOf(world)).toMatchObject({ now: '2026-01-06T13:00:00.000Z', ahead_seconds: 86_400 })
  })

  test('by the machine’s clock is refused where the clock was moved, and says what to do', async () => {
    const world = await aWorld({ settings })
    await move(world, { by_seconds: 86_400 })
    await world.stop()
    onTestFinished(() => world.start())

    const started = start(readConfig({ TIDINGS_DATA: world.folder, TIDINGS_PORT: '0', TIDINGS_LOG: 'silent' }))

    await expect(started).rejects.toThrow(
      /Start it with TIDINGS_CLOCK=movable.* or choose another folder with TIDINGS_DATA/,
    )
  })
})
