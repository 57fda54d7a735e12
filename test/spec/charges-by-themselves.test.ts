import { describe, expect, test } from 'vitest'
import { Refusal } from '#src/domain/refusal.ts'
import { days, hours } from '#src/domain/time.ts'
import { sqliteJournal } from '#src/journal/sqlite.ts'
import type { Parts } from '#src/main.ts'
import { aClient, aCreator, aPerson, aWebhook, make } from '../people.ts'
import { aWorld } from '../world.ts'

type Member = { lifetime_cents: number; next_charge_at: string | null; last_charge_at: string | null }

/** A creator on the fifth of January, and a patron of five dollars a month. */
async function aCampaign(options: Parameters<typeof aWorld>[0] = {}) {
  const world = await aWorld(options)
  const creator = await aCreator(world, 'ada')
  const path = `/api/v1/campaigns/${creator.campaign.id}`
  const pat = await aPerson(world, 'pat')
  await make(world, `${path}/pledges`, { amount_cents: 500, tier_id: creator.small.id }, pat.key)
  const members = async () => (await world.call<{ data: Member[] }>('GET', `${path}/members`)).body.data
  const receiver = await world.aReceiver()
  await aWebhook(world, await aClient(world, creator.key), { receiver, triggers: ['members:update'] })
  /** When charges were told. */
  const charges = () => receiver.received.map(({ at }) => new Date(at).toISOString())
  return { world, creator, path, members, charges }
}

describe('when a month turns', () => {
  test('members are charged and told, and nobody asks for it', async () => {
    const { world, members, charges } = await aCampaign()

    await world.pass(days(26))
    expect(charges()).toEqual([])
    await world.pass(days(60))

    expect(charges()).toEqual(['2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'])
    expect(await members()).toMatchObject([{ lifetime_cents: 2000, next_charge_at: '2026-05-01T00:00:00.000Z' }])
  })

  test('whoever pledged right before it is charged with it', async () => {
    const { world, path, members } = await aCampaign()
    const [pat] = await members()
    expect(pat?.next_charge_at).toBe('2026-02-01T00:00:00.000Z')
    const mel = await aPerson(world, 'mel')

    await world.pass(days(26) + hours(11.9))
    await make(world, `${path}/pledges`, { amount_cents: 500 }, mel.key)
    await world.pass(hours(0.1))

    expect(await members()).toMatchObject([
      { last_charge_at: '2026-02-01T00:00:00.000Z', lifetime_cents: 1000 },
      { last_charge_at: '2026-02-01T00:00:00.000Z', lifetime_cents: 1000 },
    ])
  })

  test('a server that slept takes what it missed, month by month, and each once', async () => {
    const { world, members, charges } = await aCampaign()

    await world.stop()
    world.clock.pass(days(65))
    await world.start()
    await world.pass(hours(2))

    expect(charges()).toHaveLength(2)
    expect(await members()).toMatchObject([{ lifetime_cents: 1500, last_charge_at: '2026-03-01T00:00:00.000Z' }])
  })

  test('a server that is stopped while it charges leaves nobody out, and charges nobody twice', async () => {
    const { world, path, members } = await aCampaign()
    for (const name of ['mel', 'noor', 'ori']) {
      await make(world, `${path}/pledges`, { amount_cents: 500 }, (await aPerson(world, name)).key)
    }

    world.clock.pass(days(27))
    await world.stop()
    await world.start()
    await world.pass(hours(2))

    expect((await members()).map(({ lifetime_cents }) => lifetime_cents)).toEqual([1000, 1000, 1000, 1000])
  })

  test('somebody who takes the same charges by hand at that moment takes none twice', async () => {
    const { world, members } = await aCampaign()
    await world.pass(days(26) + hours(11))

    world.clock.pass(hours(1))
    await Promise.all([make(world, '/api/v1/charges/runs', {}), make(world, '/api/v1/charges/runs', {})])
    await world.pass(hours(2))

    expect(await members()).toMatchObject([{ lifetime_cents: 1000 }])
  })

  test('nobody is charged where an operator wants to ask for it', async () => {
    const { world, members } = await aCampaign({ settings: { TIDINGS_CHARGES: 'off' } })

    await world.pass(days(40))

    expect(await members()).toMatchObject([{ lifetime_cents: 500 }])
    expect(await make(world, '/api/v1/charges/runs', {})).toMatchObject({ charged: 1 })
  })

  test('a store that can’t be written to for a while makes charges late, and loses none', async () => {
    let isFull = false
    const memory: Parts['memory'] = (opened) => ({
      store: {
        ...opened,
        execute: (...asked) =>
          isFull
            ? Promise.reject(new Refusal('unavailable', { message: 'The disk is full.' }))
            : opened.execute(...asked),
      },
      journal: sqliteJournal(opened),
    })
    const { world, members } = await aCampaign({ parts: { memory } })

    isFull = true
    await world.pass(days(27))
    expect(await members()).toMatchObject([{ lifetime_cents: 500 }])
    isFull = false
    await world.pass(hours(1))

    expect(await members()).toMatchObject([{ lifetime_cents: 1000, last_charge_at: '2026-02-01T00:00:00.000Z' }])
  })
})

test('a trial is paid, and a gift ends, when its time is over', async () => {
  const { world, creator, path, members } = await aCampaign()
  const [gil, tia] = [await aPerson(world, 'gil'), await aPerson(world, 'tia')]
  await make(world, `${path}/gifts`, { patron_id: gil.id, tier_id: creator.small.id, months: 1 })
  await make(world, `${path}/trials`, { tier_id: creator.large.id, days: 7 }, tia.key)

  await world.pass(days(8))
  expect(await members()).toMatchObject([{ lifetime_cents: 500 }, { lifetime_cents: 0 }, { lifetime_cents: 1000 }])
  await world.pass(days(25))

  expect(await members()).toMatchObject([{ lifetime_cents: 1000 }, { lifetime_cents: 2000 }])
})
