import { describe, expect, test } from 'vitest'
import { days } from '#src/domain/time.ts'
import { memberTriggers, pledgeTriggers, postTriggers } from '#src/domain/trigger.ts'
import { aClient, aCreator, aPerson, aWebhook, make } from '../people.ts'
import { aWorld } from '../world.ts'

type Body = { data: { id: string; type: string; attributes: Record<string, unknown> } }

/** A creator whose webhook hears everything, and somebody who may become a member. */
async function aCampaign() {
  const world = await aWorld()
  const creator = await aCreator(world, 'ada')
  const receiver = await world.aReceiver()
  const triggers = [...pledgeTriggers, ...memberTriggers, ...postTriggers]
  await aWebhook(world, await aClient(world, creator.key), { receiver, triggers, signing_key: 'webhook' })
  const pat = await aPerson(world, 'pat')
  const path = `/api/v1/campaigns/${creator.campaign.id}`

  /** What was heard since it was asked last, in order, with what it said of whoever it was about. */
  const heard = async () => {
    await world.quiet()
    return receiver.received.splice(0).map(({ headers, body }) => {
      const { attributes } = (JSON.parse(String(body)) as Body).data
      return { trigger: headers['X-Patreon-Event'] ?? '', attributes }
    })
  }
  const triggersHeard = async () => (await heard()).map(({ trigger }) => trigger).toSorted()
  const member = async () => {
    const list = await world.call<{ data: Member[] }>('GET', `${path}/members`, { as: creator.key })
    return list.body.data[0]
  }
  return { world, creator, pat, path, heard, triggersHeard, member }
}

type Member = Record<string, unknown> & { id: string }

describe('a member', () => {
  test('who joins free and leaves is told as begun and ended, though nothing was pledged', async () => {
    const { world, creator, pat, path, heard, member } = await aCampaign()

    const joined = await make(world, `${path}/members`, {}, pat.key)
    expect(await heard()).toMatchObject([
      {
        trigger: 'members:create',
        attributes: { patron_status: null, last_charge_status: null, pledge_cadence: null },
      },
    ])
    expect(await member()).toMatchObject({ id: joined.id, account_id: pat.id, patron_status: null })

    expect((await world.call('DELETE', `/api/v1/members/${joined.id}`, { as: pat.key })).status).toBe(204)
    expect(await heard()).toMatchObject([{ trigger: 'members:delete' }])
    expect((await world.call('GET', `/api/v1/members/${joined.id}`, { as: creator.key })).status).toBe(404)
  })

  test('who follows may join later, and nobody joins twice', async () => {
    const { world, pat, path, triggersHeard } = await aCampaign()

    const follower = await make(world, `${path}/members`, { is_follower: true }, pat.key)
    const joined = await make(world, `${path}/members`, {}, pat.key)
    const again = await world.call('POST', `${path}/members`, { as: pat.key, body: {} })

    expect([follower['is_follower'], joined['is_follower'], joined.id]).toEqual([true, false, follower.id])
    expect(again).toMatchObject({ status: 409, body: { error: { code: 'member_exists' } } })
    expect(await triggersHeard()).toEqual(['members:create', 'members:update'])
  })

  test('is charged when they pledge, and keeps the same id when they leave and come back', async () => {
    const { world, creator, pat, path, heard, triggersHeard, member } = await aCampaign()
    const pledging = { amount_cents: 500, tier_id: creator.small.id }

    const pledge = await make(world, `${path}/pledges`, pledging, pat.key)
    const told = (await heard()).find(({ trigger }) => trigger === 'members:pledge:create')
    expect(told?.attributes).toMatchObject({
      last_charge_status: 'Paid',
      lifetime_support_cents: 500,
      next_charge_date: '2026-02-01T00:00:00.000+00:00',
      patron_status: 'active_patron',
    })
    const first = await member()

    await world.call('DELETE', `/api/v1/pledges/${pledge.id}`, { as: pat.key })
    expect(await triggersHeard()).toEqual(['members:pledge:delete', 'members:update', 'pledges:delete'])
    expect(await member()).toMatchObject({ patron_status: 'former_patron', last_charge_status: 'Deleted' })

    await make(world, `${path}/pledges`, pledging, pat.key)
    expect(await triggersHeard()).toEqual(['members:pledge:create', 'members:update', 'pledges:create'])
    expect(await member()).toMatchObject({ id: first?.id, lifetime_cents: 1000 })
  })

  test('is noted about by the creator alone', async () => {
    const { world, creator, pat, path, heard } = await aCampaign()
    const { id } = await make(world, `${path}/members`, {}, pat.key)
    await heard()

    const own = await world.call('PATCH', `/api/v1/members/${id}`, { as: pat.key, body: { note: 'me' } })
    const noted = await world.call('PATCH', `/api/v1/members/${id}`, { as: creator.key, body: { note: 'sent a card' } })

    expect([own.status, noted.status, noted.body['note']]).toEqual([403, 200, 'sent a card'])
    expect(await heard()).toMatchObject([{ trigger: 'members:update', attributes: { note: 'sent a card' } }])
  })

  test('is nobody else’s business: to strangers there is none', async () => {
    const { world, pat, path } = await aCampaign()
    const { id } = await make(world, `${path}/members`, {}, pat.key)
    const mel = await aPerson(world, 'mel')

    for (const method of ['GET', 'DELETE']) {
      expect(await world.call(method, `/api/v1/members/${id}`, { as: mel.key })).toMatchObject({
        status: 404,
        body: { error: { code: 'member_not_found' } },
      })
    }
    expect((await world.call('GET', `${path}/members`, { as: mel.key })).status).toBe(404)
  })

  test.each([
    ['POST', '/members', { is_follower: 'yes' }, 422, 'field_invalid'],
    ['POST', '/members', { account_id: '999' }, 403, 'not_permitted'],
    ['POST', '/gifts', { patron_id: '1', tier_id: '1', months: 1 }, 403, 'not_permitted'],
    ['POST', '/trials', { tier_id: '999' }, 404, 'tier_not_found'],
    ['POST', '/trials', { tier_id: '1', days: 0 }, 422, 'field_invalid'],
    ['POST', '/pledges', { amount_cents: 500, cadence_months: 3 }, 422, 'field_invalid'],
    ['POST', '/posts', { title: 'Hello' }, 403, 'not_permitted'],
    ['PATCH', '', { summary: 'mine' }, 403, 'not_permitted'],
  ])('by %s %s with %j refuses', async (method, path, body, status, code) => {
    const { world, pat, path: campaign, heard } = await aCampaign()

    const answer = await world.call(method, `${campaign}${path}`, { as: pat.key, body })

    expect(answer).toMatchObject({ status, body: { error: { code } } })
    expect(await heard()).toEqual([])
  })
})

describe('a gift', () => {
  test('costs the member nothing and ends when its time is over; who never paid is no member any more', async () => {
    const { world, creator, pat, path, heard, triggersHeard, member } = await aCampaign()

    const given = { patron_id: pat.id, tier_id: creator.small.id, months: 2 }
    const gift = await make(world, `${path}/gifts`, given)
    expect(gift).toMatchObject({ kind: 'gift', free_until: '2026-03-05T12:00:00.000Z' })
    expect((await heard()).find(({ trigger }) => trigger === 'members:create')?.attributes).toMatchObject({
      is_gifted: true,
      ...{ patron_status: 'active_patron', currently_entitled_amount_cents: 500, will_pay_amount_cents: 0 },
    })

    await make(world, '/api/v1/charges/runs', { until: '2026-03-05T12:00:00Z' })
    expect(await triggersHeard()).toEqual(['members:delete', 'members:pledge:delete', 'pledges:delete'])
    expect(await member()).toBeUndefined()
  })

  test('of a creator’s is for who has joined, who is a free member again when it is over', async () => {
    const { world, creator, pat, path, heard, triggersHeard, member } = await aCampaign()
    const given = { patron_id: pat.id, tier_id: creator.small.id, months: 2 }
    const giving = () => world.call('POST', `${path}/gifts`, { body: given, as: creator.key })

    const before = await giving()
    await make(world, `${path}/members`, {}, pat.key)
    await heard()
    await world.pass(days(1))
    const after = await giving()

    expect(before).toMatchObject({ status: 404, body: { error: { code: 'account_not_found' } } })
    expect(after.status).toBe(201)
    expect(await triggersHeard()).toEqual(['members:pledge:create', 'members:update', 'pledges:create'])
    await make(world, '/api/v1/charges/runs', { until: '2026-03-06T12:00:00Z' })
    expect(await triggersHeard()).toEqual(['members:pledge:delete', 'members:update', 'pledges:delete'])
    expect(await member()).toMatchObject({ patron_status: null, is_follower: false, next_charge_at: null })
  })
})

describe('an address', () => {
  test('is kept for its account, and refused where it is none', async () => {
    const { world, creator, pat } = await aCampaign()
    const path = `/api/v1/accounts/${pat.id}/address`
    const address = { addressee: 'Pat', line_1: '1 Long Lane', city: 'Ulm', country: 'DE' }

    expect(await world.call('PUT', path, { as: pat.key, body: address })).toMatchObject({ status: 200, body: address })
    expect((await world.call('PUT', path, { as: creator.key, body: address })).status).toBe(403)
    expect(await world.call('PUT', path, { as: pat.key, body: { ...address, country: 'Germany' } })).toMatchObject({
      status: 422,
      body: { error: { code: 'field_invalid', field: 'country' } },
    })
  })

  test('is shown to its own account and to operators, and to others there is no such account', async () => {
    const { world, creator, pat } = await aCampaign()
    const path = `/api/v1/accounts/${pat.id}/address`
    const address = { line_1: '1 Long Lane', city: 'Ulm', country: 'DE' }

    expect(await world.call('GET', path, { as: pat.key })).toMatchObject({
      status: 404,
      body: { error: { code: 'address_not_found' } },
    })
    await world.call('PUT', path, { as: pat.key, body: address })

    expect(await world.call('GET', path, { as: pat.key })).toMatchObject({ status: 200, body: address })
    expect(await world.call('GET', path)).toMatchObject({ status: 200, body: address })
    expect(await world.call('GET', path, { as: creator.key })).toMatchObject({
      status: 404,
      body: { error: { code: 'account_not_found' } },
    })
  })
})
