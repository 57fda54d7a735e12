import { describe, expect, test } from 'vitest'
import { aClient, aCreator, aPerson, make } from '../people.ts'
import { tokensFor } from '../tokens.ts'
import { aWorld } from '../world.ts'

type Thing = {
  type: string
  id: string
  attributes: Record<string, unknown>
  relationships?: Record<string, { data: { id: string }[] }>
}

/** A creator, a token that may read the campaign, and what v2 says of its benefits. */
async function aPromise() {
  const world = await aWorld()
  const creator = await aCreator(world, 'ada')
  const client = await aClient(world, creator.key)
  const wish = { accountId: creator.id, clientId: client.id, scopes: ['campaigns'] as const }
  const [token = ''] = await tokensFor(world, [wish])
  const path = `/api/v1/campaigns/${creator.campaign.id}/benefits`

  const included = async () => {
    const fields = 'fields[benefit]=title,description,tiers_count,is_deleted,is_published'
    const url = `/api/oauth2/v2/campaigns?include=benefits,tiers.benefits&${fields}`
    const { body } = await world.call<{ data: Thing[]; included: Thing[] }>('GET', url, { as: token })
    const all = [...body.data, ...body.included]
    return {
      benefits: all.filter(({ type }) => type === 'benefit').map(({ attributes }) => attributes),
      ofCampaign: idsIn(all.find(({ type }) => type === 'campaign')),
      ofSmall: idsIn(all.find(({ type, id }) => type === 'tier' && id === creator.small.id)),
    }
  }
  const listed = async () => (await world.call<{ data: unknown[] }>('GET', path, { as: creator.key })).body.data
  return { world, creator, path, included, listed }
}

const idsIn = (thing: Thing | undefined): string[] =>
  (thing?.relationships?.['benefits']?.data ?? []).map(({ id }) => id)

describe('a benefit', () => {
  test('is promised with tiers, and documents of v2 say with how many', async () => {
    const { world, creator, path, included } = await aPromise()
    const [small, large] = [creator.small.id, creator.large.id]

    const benefit = await make(world, path, { title: 'A sketch', tier_ids: [small, large, small] }, creator.key)
    const edited = await world.call('PATCH', `/api/v1/benefits/${benefit.id}`, {
      as: creator.key,
      body: { description: 'In ink', tier_ids: [large] },
    })

    expect(benefit).toMatchObject({ title: 'A sketch', description: '', tier_ids: [small, large] })
    expect(edited).toMatchObject({ status: 200, body: { title: 'A sketch', tier_ids: [large] } })
    expect(await included()).toEqual({
      benefits: [{ title: 'A sketch', description: 'In ink', tiers_count: 1, is_deleted: false, is_published: true }],
      ofCampaign: [benefit.id],
      ofSmall: [],
    })
  })

  test('that is deleted belongs to no tier, and the campaign says that it is deleted', async () => {
    const { world, creator, path, included, listed } = await aPromise()
    const text = { title: 'A sketch', tier_ids: [creator.small.id] }
    const benefit = await make(world, path, text, creator.key)
    const other = await make(world, path, { ...text, title: 'A call' }, creator.key)

    const deleted = await world.call('DELETE', `/api/v1/benefits/${benefit.id}`, { as: creator.key })

    expect(deleted.status).toBe(204)
    expect(await listed()).toMatchObject([{ id: other.id }])
    expect(await included()).toMatchObject({
      benefits: [
        { tiers_count: 0, is_deleted: true, is_published: false },
        { tiers_count: 1, is_deleted: false },
      ],
      ofCampaign: [benefit.id, other.id],
      ofSmall: [other.id],
    })
    for (const method of ['PATCH', 'DELETE'])
      expect(await world.call(method, `/api/v1/benefits/${benefit.id}`, { as: creator.key, body: {} })).toMatchObject({
        status: 404,
        body: { error: { code: 'benefit_not_found' } },
      })
  })

  test.each([
    [{ title: '' }, 422, 'field_invalid'],
    [{ title: 'x', description: 'y'.repeat(501) }, 422, 'field_invalid'],
    [{ title: 'x', tier_ids: ['999'] }, 404, 'tier_not_found'],
    [{ title: 'x', tier_ids: ['THEIRS'] }, 422, 'tier_of_another_campaign'],
    [{ title: 'x', is_deleted: true }, 422, 'field_invalid'],
  ])('of %j is refused', async (wish, status, code) => {
    const { world, creator, path, listed } = await aPromise()
    const other = await aCreator(world, 'bob')
    const text = JSON.stringify(wish).replace('THEIRS', other.small.id)

    const answer = await world.call('POST', path, { as: creator.key, body: text })

    expect(answer).toMatchObject({ status, body: { error: { code } } })
    expect(await listed()).toEqual([])
  })

  test('is the creator’s to make, change and delete, and everybody’s to read', async () => {
    const { world, creator, path } = await aPromise()
    const { id } = await make(world, path, { title: 'A sketch' }, creator.key)
    const mel = await aPerson(world, 'mel')

    for (const [method, url, body] of [
      ['POST', path, { title: 'mine' }],
      ['PATCH', `/api/v1/benefits/${id}`, { title: 'mine' }],
      ['DELETE', `/api/v1/benefits/${id}`, {}],
    ] as const)
      expect((await world.call(method, url, { as: mel.key, body })).status).toBe(403)
    expect(await world.call('GET', path, { as: mel.key })).toMatchObject({ body: { data: [{ id }], next: null } })
  })
})
