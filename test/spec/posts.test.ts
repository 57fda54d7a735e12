import { describe, expect, test } from 'vitest'
import { aClient, aCreator, aPerson, aWebhook, make } from '../people.ts'
import { aWorld } from '../world.ts'

type Document = { data: { id: string; type: string; attributes: Record<string, unknown> }; links: { self: string } }

async function aCampaign() {
  const world = await aWorld()
  const creator = await aCreator(world, 'ada')
  const receiver = await world.aReceiver()
  const triggers = ['posts:publish', 'posts:update', 'posts:delete']
  await aWebhook(world, await aClient(world, creator.key), { receiver, triggers })
  return { world, creator, receiver, path: `/api/v1/campaigns/${creator.campaign.id}` }
}

describe('a post', () => {
  test('that is published, changed and deleted is told each time', async () => {
    const { world, creator, receiver, path } = await aCampaign()

    const post = await make(world, `${path}/posts`, { title: 'First', tier_ids: [creator.small.id] }, creator.key)
    await world.quiet()
    const edited = await world.call('PATCH', `/api/v1/posts/${post.id}`, {
      as: creator.key,
      body: { content: '<p>More.</p>' },
    })
    await world.quiet()
    const deleted = await world.call('DELETE', `/api/v1/posts/${post.id}`, { as: creator.key })
    await world.quiet()

    expect([edited.status, edited.body['title'], deleted.status]).toEqual([200, 'First', 204])
    const told = receiver.received.map(({ headers, body }) => {
      const { data, links } = JSON.parse(String(body)) as Document
      const { title, content, tiers } = data.attributes
      return [headers['X-Patreon-Event'], data.type, data.id, title, content, tiers, links.self.split('/api/')[1]]
    })
    const is = ['post', post.id, 'First']
    const self = `oauth2/v2/posts/${post.id}`
    expect(told).toEqual([
      ['posts:publish', ...is, '', [Number(creator.small.id)], self],
      ['posts:update', ...is, '<p>More.</p>', [Number(creator.small.id)], self],
      ['posts:delete', ...is, '<p>More.</p>', [Number(creator.small.id)], self],
    ])
    expect((await world.call('GET', `/api/v1/posts/${post.id}`, { as: creator.key })).status).toBe(404)
    expect((await world.call<{ data: [] }>('GET', `${path}/posts`, { as: creator.key })).body.data).toEqual([])
  })

  test.each([
    [{ title: '' }, 422, 'field_invalid'],
    [{ title: 'x', content: 'y'.repeat(30_001) }, 422, 'field_invalid'],
    [{ title: 'x', tier_ids: ['999'] }, 404, 'tier_not_found'],
    [{ title: 'x', tier_ids: Array.from({ length: 51 }, () => '1') }, 422, 'too_many'],
    [{ title: 'x', publish: true }, 422, 'field_invalid'],
  ])('of %j is refused, and nobody hears of it', async (body, status, code) => {
    const { world, creator, receiver, path } = await aCampaign()

    expect(await world.call('POST', `${path}/posts`, { as: creator.key, body })).toMatchObject({
      status,
      body: { error: { code } },
    })
    await world.quiet()
    expect(receiver.received).toHaveLength(0)
  })

  test('with every character escaped fits into an event', async () => {
    const { world, creator, receiver, path } = await aCampaign()

    await make(world, `${path}/posts`, { title: 'ё'.repeat(200), content: 'ё'.repeat(30_000) }, creator.key)
    await world.quiet()

    expect(receiver.received).toHaveLength(1)
  })

  test('is the creator’s', async () => {
    const { world, creator, path } = await aCampaign()
    const { id } = await make(world, `${path}/posts`, { title: 'First' }, creator.key)
    const mel = await aPerson(world, 'mel')

    for (const method of ['GET', 'DELETE']) {
      expect((await world.call(method, `/api/v1/posts/${id}`, { as: mel.key })).status).toBe(403)
    }
  })
})

describe('a creator', () => {
  test('changes what a campaign says, and what was left out stays', async () => {
    const { world, creator, path } = await aCampaign()

    const edited = await world.call('PATCH', path, { as: creator.key, body: { one_liner: 'Ink!', is_nsfw: true } })

    expect(edited).toMatchObject({
      status: 200,
      body: { creation_name: 'comics', one_liner: 'Ink!', is_nsfw: true, is_monthly: true },
    })
    expect(await world.call('PATCH', path, { as: creator.key, body: { creation_name: ' ' } })).toMatchObject({
      status: 422,
      body: { error: { code: 'field_invalid', field: 'creation_name' } },
    })
  })

  test('offers a tier no more: who has it keeps it, at its price, and nobody else gets it', async () => {
    const { world, creator, path } = await aCampaign()
    const [pat, mel] = [await aPerson(world, 'pat'), await aPerson(world, 'mel')]
    const terms = { amount_cents: 500, tier_id: creator.small.id }
    const pledge = await make(world, `${path}/pledges`, terms, pat.key)

    const changes = { is_published: false, title: 'Old sketches' }
    const tier = await world.call('PATCH', `/api/v1/tiers/${creator.small.id}`, { as: creator.key, body: changes })

    expect(tier).toMatchObject({ status: 200, body: { ...changes, amount_cents: 500, patron_count: 1 } })
    expect(await world.call('POST', `${path}/pledges`, { as: mel.key, body: terms })).toMatchObject({
      status: 422,
      body: { error: { code: 'tier_unpublished', field: 'tier_id' } },
    })
    const kept = await world.call('PATCH', `/api/v1/pledges/${pledge.id}`, { as: pat.key, body: { amount_cents: 600 } })
    expect(kept).toMatchObject({ status: 200, body: { tier_id: creator.small.id } })
    expect(
      (await world.call('PATCH', `/api/v1/tiers/${creator.small.id}`, { as: mel.key, body: changes })).status,
    ).toBe(403)
  })
})
