import { describe, expect, test } from 'vitest'
import { aClient, aPerson, aWebhook, make } from '../people.ts'
import { aWorld } from '../world.ts'

type Member = Record<string, unknown> & { id: string; account_id: string; lifetime_cents: number }
type Told = { data: { attributes: Record<string, unknown> } }

/** A creator who is paid by the creation, when the test asks for it, and a webhook that hears what changes about members. */
async function aSongwriter({ charges = 'off' } = {}) {
  const world = await aWorld({ settings: { TIDINGS_CHARGES: charges } })
  const ada = await aPerson(world, 'ada')
  const opening = { vanity: 'ada', creation_name: 'songs', is_monthly: false }
  const campaign = await make(world, '/api/v1/campaigns', opening, ada.key)
  const path = `/api/v1/campaigns/${campaign.id}`
  const tier = await make(world, `${path}/tiers`, { title: 'Encore', amount_cents: 200 }, ada.key)
  const receiver = await world.aReceiver()
  await aWebhook(world, await aClient(world, ada.key), { receiver, triggers: ['members:update'] })

  const patron = async (name: string, terms: Record<string, unknown> = {}) => {
    const person = await aPerson(world, name)
    const pledge = await make(world, `${path}/pledges`, { amount_cents: 500, ...terms }, person.key)
    return { ...person, pledge }
  }
  const publish = async (text: Record<string, unknown> = {}) =>
    await make(world, `${path}/posts`, { title: 'A song', is_paid: true, ...text }, ada.key)
  const run = async (until?: string) => await make(world, '/api/v1/charges/runs', until === undefined ? {} : { until })
  const members = async () =>
    (await world.call<{ data: Member[] }>('GET', `${path}/members`, { as: ada.key })).body.data
  const paid = async () => (await members()).map(({ lifetime_cents }) => lifetime_cents)
  const memberId = async () => (await members())[0]?.id ?? ''
  const told = async () => {
    await world.quiet()
    return receiver.received.splice(0).map(({ body }) => (JSON.parse(String(body)) as Told).data.attributes)
  }
  return { world, ada, path, tier, patron, publish, run, members, paid, memberId, told }
}

const ends = (charged: number) => ({ charged, ended: 0, is_finished: true })

describe('a paid post of a campaign that charges by the creation', () => {
  test('charges by itself as soon as it is out', async () => {
    const { world, patron, publish, paid } = await aSongwriter({ charges: 'on' })
    await patron('pat')

    await publish()
    while ((await paid())[0] === 0) await world.quiet()

    expect(await paid()).toEqual([500])
  })

  test('charges each patron the amount of their pledge, once, and tells of it', async () => {
    const { patron, publish, run, paid, told } = await aSongwriter()
    await patron('pat')
    await patron('mel', { amount_cents: 300 })
    expect(await paid()).toEqual([0, 0])

    await publish()
    expect(await run()).toEqual(ends(2))
    expect(await run()).toEqual(ends(0))

    expect(await paid()).toEqual([500, 300])
    expect(await told()).toMatchObject(
      [500, 300].map((cents) => ({
        ...{ campaign_lifetime_support_cents: cents, last_charge_status: 'Paid', next_charge_date: null },
        ...{ last_charge_date: '2026-01-05T12:00:00.000+00:00', patron_status: 'active_patron' },
      })),
    )
  })

  test('is charged for after a restart, to whoever was not charged yet', async () => {
    const { world, patron, publish, run, paid } = await aSongwriter()
    await patron('pat')
    await patron('mel')
    await publish()
    await publish({ title: 'Another song' })

    await world.stop()
    await world.start()
    await run()

    expect(await run()).toEqual(ends(0))
    expect(await paid()).toEqual([1000, 1000])
  })

  test('charges nobody who pledged after it came out, even in the same moment, and nobody twice who edits', async () => {
    const { world, patron, publish, run, paid } = await aSongwriter()
    const pat = await patron('pat')
    await publish()
    await patron('late')
    world.clock.pass(60_000)
    await patron('later')
    await world.call('PATCH', `/api/v1/pledges/${pat.pledge.id}`, { as: pat.key, body: { amount_cents: 700 } })

    await run()
    await run()

    expect(await paid()).toEqual([700, 0, 0])
  })

  test('charges nobody who is declined, cancelled, was given a tier, or only joined', async () => {
    const { world, ada, path, tier, patron, publish, run, paid, members, memberId } = await aSongwriter()
    await patron('pat')
    await make(world, `/api/v1/members/${await memberId()}/declines`, {}, ada.key)
    await make(world, `${path}/gifts`, { patron_id: (await aPerson(world, 'gil')).id, tier_id: tier.id })
    await make(world, `${path}/members`, {}, (await aPerson(world, 'joe')).key)
    const cam = await patron('cam')
    await publish()
    await world.call('DELETE', `/api/v1/pledges/${cam.pledge.id}`, { as: cam.key })

    expect(await run()).toEqual(ends(0))

    expect(await paid()).toEqual([0, 0, 0])
    expect((await members()).map((member) => member['last_charge_status'])).toEqual(['Declined', null, null])
  })

  test('costs no more in a month than the patron allows, and as much again in the next', async () => {
    const { world, ada, patron, publish, run, paid, memberId } = await aSongwriter()
    await patron('pat', { amount_cents: 500, pledge_cap_cents: 1200 })
    for (const title of ['One', 'Two', 'Three', 'Four']) await publish({ title })

    expect(await run()).toEqual(ends(3))
    expect(await paid()).toEqual([1200])
    const declines = `/api/v1/members/${await memberId()}/declines`
    expect((await world.call('POST', declines, { as: ada.key, body: {} })).body).toMatchObject({
      error: { code: 'charge_impossible' },
    })

    world.clock.pass(31 * 86_400_000)
    await publish({ title: 'Five' })
    await run()
    expect(await paid()).toEqual([1700])
  })

  test('charges nobody any more when it was deleted', async () => {
    const { world, ada, patron, publish, run, paid } = await aSongwriter()
    await patron('pat')
    const post = await publish()
    await publish({ title: 'Another' })
    await world.call('DELETE', `/api/v1/posts/${post.id}`, { as: ada.key })

    expect(await run()).toEqual(ends(1))
    expect(await paid()).toEqual([500])
  })

  test('is not charged for when it is free, becomes a paid one later, or a month turns', async () => {
    const { world, ada, patron, publish, run, paid } = await aSongwriter()
    await patron('pat')
    const free = await publish({ is_paid: false })
    await world.call('PATCH', `/api/v1/posts/${free.id}`, { as: ada.key, body: { is_paid: true } })

    expect(await run('2026-06-01T00:00:00Z')).toEqual(ends(0))
    expect(await paid()).toEqual([0])
  })

  test('is charged for when the card works again, and what came out meanwhile is not', async () => {
    const { world, ada, patron, publish, run, paid, memberId } = await aSongwriter()
    await patron('pat')
    const member = `/api/v1/members/${await memberId()}`
    await publish()
    await make(world, `${member}/declines`, {}, ada.key)
    await publish({ title: 'Another' })
    expect(await run()).toEqual(ends(0))

    await make(world, `${member}/recoveries`, {}, ada.key)
    expect(await run()).toEqual(ends(0))
    expect(await paid()).toEqual([500])

    await publish({ title: 'A third' })
    await run()
    expect(await paid()).toEqual([1000])
  })
})

test.each([
  [{ cadence_months: 12 }, 'cadence_months'],
  [{ first_charge: 'declined' }, 'first_charge'],
])('a pledge by the creation cannot have %j', async (terms, field) => {
  const { world, path } = await aSongwriter()
  const pat = await aPerson(world, 'pat')

  const answer = await world.call('POST', `${path}/pledges`, { as: pat.key, body: { amount_cents: 500, ...terms } })

  expect(answer).toMatchObject({ status: 422, body: { error: { code: 'field_invalid', field } } })
})
