import { describe, expect, test } from 'vitest'
import { aClient, aCreator, aPerson, aWebhook, make } from '../people.ts'
import { aWorld } from '../world.ts'

type Member = Record<string, unknown> & { id: string }
type Told = { data: { attributes: Record<string, unknown> } }

/** A creator whose webhook hears what changes about members, and how many patrons are wanted of five dollars each. */
async function aCampaign(patrons = 1) {
  const world = await aWorld()
  const creator = await aCreator(world, 'ada')
  const receiver = await world.aReceiver()
  await aWebhook(world, await aClient(world, creator.key), { receiver, triggers: ['members:update'] })
  const path = `/api/v1/campaigns/${creator.campaign.id}`
  for (let index = 0; index < patrons; index += 1) {
    const pat = await aPerson(world, `pat${index}`)
    await make(world, `${path}/pledges`, { amount_cents: 500, tier_id: creator.small.id }, pat.key)
  }
  const members = async () =>
    (await world.call<{ data: Member[] }>('GET', `${path}/members`, { as: creator.key })).body.data
  const memberId = async () => (await members())[0]?.id ?? ''
  const run = async (until?: string) => await make(world, '/api/v1/charges/runs', until === undefined ? {} : { until })
  const told = async () => {
    await world.quiet()
    return receiver.received.splice(0).map(({ body }) => (JSON.parse(String(body)) as Told).data.attributes)
  }
  return { world, creator, path, members, memberId, run, told }
}

describe('the turn of the month', () => {
  test('charges every member once, tells of each, and does nothing when it is run again', async () => {
    const { members, run, told } = await aCampaign(3)
    const turn = '2026-02-01T00:00:00Z'

    expect(await run(turn)).toEqual({ charged: 3, ended: 0, is_finished: true })
    expect(await run(turn)).toEqual({ charged: 0, ended: 0, is_finished: true })

    expect((await members()).map(({ lifetime_cents, next_charge_at }) => [lifetime_cents, next_charge_at])).toEqual(
      Array.from({ length: 3 }, () => [1000, '2026-03-01T00:00:00.000Z']),
    )
    const events = await told()
    expect(events).toHaveLength(3)
    expect(events[0]).toMatchObject({
      ...{ last_charge_date: '2026-02-01T00:00:00.000+00:00', last_charge_status: 'Paid' },
      ...{ campaign_lifetime_support_cents: 1000, next_charge_date: '2026-03-01T00:00:00.000+00:00' },
    })
  })

  test('that two runs see at once charges once all the same', async () => {
    const { members, run } = await aCampaign(3)

    const runs = await Promise.all([run('2026-02-01T00:00:00Z'), run('2026-02-01T00:00:00Z')])

    expect(runs.reduce((sum, { charged }) => sum + Number(charged), 0)).toBe(3)
    expect((await members()).map(({ lifetime_cents }) => lifetime_cents)).toEqual([1000, 1000, 1000])
  })

  test('catches up month by month, and takes what a year costs once a year', async () => {
    const { world, path, members, run } = await aCampaign()
    const yearly = await aPerson(world, 'yara')
    await make(world, `${path}/pledges`, { amount_cents: 300, cadence_months: 12 }, yearly.key)

    await run('2026-04-15T00:00:00Z')
    expect((await members()).map(({ lifetime_cents }) => lifetime_cents)).toEqual([2000, 3600])

    await run('2027-01-01T00:00:00Z')
    expect((await members()).map(({ lifetime_cents }) => lifetime_cents)).toEqual([6500, 7200])
  })

  test('is for operators, and not for the far future', async () => {
    const { world, creator } = await aCampaign()
    const runs = '/api/v1/charges/runs'

    expect((await world.call('POST', runs, { as: creator.key, body: {} })).status).toBe(403)
    for (const until of ['2030-01-01T00:00:00Z', 'tomorrow', 5]) {
      expect(await world.call('POST', runs, { body: { until } })).toMatchObject({
        status: 422,
        body: { error: { code: 'field_invalid' } },
      })
    }
  })
})

describe('a charge', () => {
  test('that is declined takes what the member had, until it is recovered', async () => {
    const { world, creator, memberId, members, run, told } = await aCampaign()
    const id = await memberId()

    const declined = await make<Member>(world, `/api/v1/members/${id}/declines`, {}, creator.key)
    expect(declined).toMatchObject({ patron_status: 'declined_patron', entitled_tier_ids: [], next_charge_at: null })
    expect(await told()).toMatchObject([{ last_charge_status: 'Declined', patron_status: 'declined_patron' }])
    expect(await run('2026-03-01T00:00:00Z')).toMatchObject({ charged: 0 })

    await make(world, `/api/v1/members/${id}/recoveries`, {}, creator.key)
    expect(await told()).toMatchObject([{ last_charge_status: 'Paid', patron_status: 'active_patron' }])
    expect(await members()).toMatchObject([{ lifetime_cents: 1000, entitled_tier_ids: [creator.small.id] }])
  })

  test('is refunded once, whole, and the membership goes on', async () => {
    const { world, creator, memberId, told } = await aCampaign()
    const path = `/api/v1/members/${await memberId()}/refunds`

    const refunded = await make<Member>(world, path, {}, creator.key)
    const again = await world.call('POST', path, { as: creator.key })

    expect(refunded).toMatchObject({
      lifetime_cents: 0,
      last_charge_status: 'Refunded',
      patron_status: 'active_patron',
    })
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'charge_impossible' } } })
    expect(await told()).toMatchObject([{ last_charge_status: 'Refunded', lifetime_support_cents: 0 }])
  })

  test('is refunded in parts, until nothing is left of it', async () => {
    const { world, creator, memberId, members, told } = await aCampaign()
    const path = `/api/v1/members/${await memberId()}/refunds`
    const refund = async (amount_cents: number) =>
      await world.call('POST', path, { as: creator.key, body: { amount_cents } })

    expect(await refund(200)).toMatchObject({
      status: 201,
      body: { lifetime_cents: 300, last_charge_status: 'Partially Refunded', patron_status: 'active_patron' },
    })
    for (const amount of [301, 0, -1, 0.5])
      expect(await refund(amount)).toMatchObject({
        status: 422,
        body: { error: { code: 'amount_invalid', field: 'amount_cents', expected: 'whole cents from 1 to 300' } },
      })
    expect(await refund(300)).toMatchObject({ body: { lifetime_cents: 0, last_charge_status: 'Refunded' } })
    expect(await refund(1)).toMatchObject({ status: 409, body: { error: { code: 'charge_impossible' } } })

    expect((await told()).map((member) => member['campaign_lifetime_support_cents'])).toEqual([300, 0])
    expect(await members()).toMatchObject([{ entitled_tier_ids: [creator.small.id] }])
  })

  test('that is taken for fraud is as one that is declined', async () => {
    const { world, creator, memberId, told } = await aCampaign()
    const id = await memberId()

    const marked = await make<Member>(world, `/api/v1/members/${id}/frauds`, {}, creator.key)
    expect(marked).toMatchObject({ last_charge_status: 'Fraud', patron_status: 'declined_patron', lifetime_cents: 500 })
    expect(await told()).toMatchObject([{ last_charge_status: 'Fraud', currently_entitled_amount_cents: 0 }])

    await make(world, `/api/v1/members/${id}/refunds`, {}, creator.key)
    expect(await told()).toMatchObject([{ last_charge_status: 'Fraud', campaign_lifetime_support_cents: 0 }])
  })

  test.each([
    ['declined', 'Declined'],
    ['fraud', 'Fraud'],
  ])(
    'that is %s at once makes a pledge all the same, and receivers are told why it does not count',
    async (firstCharge, status) => {
      const { world, creator, path, members } = await aCampaign(0)
      const receiver = await world.aReceiver()
      const triggers = ['pledges:create', 'members:pledge:create']
      await aWebhook(world, await aClient(world, creator.key), { receiver, triggers, signing_key: 'webhook' })
      const pat = await aPerson(world, 'pat')

      await make(world, `${path}/pledges`, { amount_cents: 500, first_charge: firstCharge }, pat.key)
      await world.quiet()

      const at = '2026-01-05T12:00:00'
      const bodies = receiver.received.map(({ headers, body }) => [
        headers['X-Patreon-Event'],
        (JSON.parse(String(body)) as Told).data.attributes,
      ])
      expect(Object.fromEntries(bodies)).toMatchObject({
        'pledges:create': { declined_since: `${at}+00:00` },
        'members:pledge:create': { last_charge_status: status, patron_status: 'declined_patron' },
      })
      expect(await members()).toMatchObject([{ lifetime_cents: 0, next_charge_at: null, entitled_tier_ids: [] }])
    },
  )

  test('that is not there is neither declined nor recovered', async () => {
    const { world, creator, path, memberId } = await aCampaign()
    const given = { patron_id: (await aPerson(world, 'gil')).id, tier_id: creator.small.id }
    await make(world, `${path}/gifts`, given)
    const paying = await memberId()
    const list = await world.call<{ data: Member[] }>('GET', `${path}/members?after=1`, { as: creator.key })

    for (const [id, what] of [
      [paying, 'recoveries'],
      [list.body.data[0]?.id, 'declines'],
      [list.body.data[0]?.id, 'refunds'],
    ]) {
      expect(await world.call('POST', `/api/v1/members/${id}/${what}`, { as: creator.key })).toMatchObject({
        status: 409,
        body: { error: { code: 'charge_impossible' } },
      })
    }
  })
})

describe('a trial', () => {
  test('is paid when it is over, and is for who never pledged', async () => {
    const { world, creator, path, members, run, told } = await aCampaign(0)
    const pat = await aPerson(world, 'pat')
    const trying = { tier_id: creator.large.id, days: 7 }

    const trial = await make(world, `${path}/trials`, trying, pat.key)
    expect(trial).toMatchObject({ kind: 'trial', free_until: '2026-01-12T12:00:00.000Z' })
    expect(await members()).toMatchObject([{ last_charge_status: 'Free Trial', lifetime_cents: 0 }])

    await run('2026-01-12T12:00:00Z')
    expect(await told()).toMatchObject([{ is_free_trial: false, last_charge_status: 'Paid' }])
    expect(await members()).toMatchObject([{ lifetime_cents: 1000, next_charge_at: '2026-02-01T00:00:00.000Z' }])

    await world.call('DELETE', `/api/v1/pledges/${trial.id}`, { as: pat.key })
    expect((await world.call('POST', `${path}/trials`, { as: pat.key, body: trying })).status).toBe(403)
  })
})
