import { describe, expect, test } from 'vitest'
import { aCreator, aWebhook } from '../people.ts'
import { keptWebhook, tokensFor } from '../tokens.ts'
import { aPatreonWebhook, aPlatform, ask, change, path, type Resource, wish } from './platform.ts'

const hook = 'https://app.example.com/hooks'

describe('a client that manages webhooks by Patreon’s API', () => {
  test('makes one, and is told all of it, with a secret that is the webhook’s own', async () => {
    const { world, creator, token } = await aPlatform()

    const { status, headers, body } = await ask(world, 'POST', path, {
      as: token,
      body: wish(hook, creator.campaign.id),
    })

    expect(status).toBe(201)
    expect(headers.get('content-type')).toBe('application/vnd.api+json')
    expect(headers.get('location')).toBe(body.links.self)
    expect(body.links.self).toMatch(new RegExp(`^http.*${path}/${body.data.id}$`))
    expect(body.data).toEqual({
      type: 'webhook',
      id: expect.stringMatching(/^\d+$/) as string,
      attributes: {
        last_attempted_at: null,
        num_consecutive_times_failed: 0,
        paused: false,
        secret: expect.stringMatching(/^[\w-]{64}$/) as string,
        triggers: ['pledges:create', 'pledges:update'],
        uri: hook,
      },
    })
  })

  test('is told nothing but names in a list, unless it asks for fields', async () => {
    const platform = await aPlatform()
    const { world, token } = platform
    const { id, attributes } = await aPatreonWebhook(platform, hook)

    const bare = await ask<Resource[]>(world, 'GET', path, { as: token })
    const asked = await ask<Resource[]>(world, 'GET', `${path}?fields[webhook]=uri,secret`, { as: token })

    expect(bare.body.data).toEqual([{ type: 'webhook', id, attributes: {} }])
    expect(bare.body.meta.pagination.total).toBe(1)
    expect(asked.body.data).toEqual([{ type: 'webhook', id, attributes: { uri: hook, secret: attributes['secret'] } }])
  })

  test('is shown the campaign and the client beside it when it asks for them', async () => {
    const platform = await aPlatform()
    const { world, token, creator, client } = platform
    const { id } = await aPatreonWebhook(platform, hook)
    const query = 'include=client,campaign&fields[campaign]=vanity&fields[client]=name,client_secret'

    const { body } = await ask(world, 'GET', `${path}/${id}?${query}`, { as: token })

    expect(body.data.relationships).toMatchObject({
      campaign: { data: { type: 'campaign', id: creator.campaign.id } },
      client: { data: { type: 'client', id: client.clientId } },
    })
    expect(body.included).toEqual([
      { type: 'client', id: client.clientId, attributes: { name: 'An app' } },
      { type: 'campaign', id: creator.campaign.id, attributes: { vanity: 'cleo' } },
    ])
  })

  test('is shown what is beside those, as deep as it asks, each with its fields', async () => {
    const platform = await aPlatform()
    const { world, token, creator, client } = platform
    const { id } = await aPatreonWebhook(platform, hook)
    const include = 'include=campaign.tiers,campaign.creator.campaign,client.user,client.campaign'
    const fields = 'fields[tier]=amount_cents&fields[user]=full_name,email&fields[client]=version'

    const { body } = await ask<Resource[]>(world, 'GET', `${path}?${include}&${fields}`, { as: token })

    const to = (type: string, to: string) => expect.objectContaining({ data: { type, id: to } }) as unknown
    expect(body.data).toMatchObject([
      { relationships: { campaign: to('campaign', creator.campaign.id), client: to('client', client.clientId) } },
    ])
    expect(body.data[0]?.id).toBe(id)
    expect(body.included?.map(({ type, attributes }) => [type, attributes])).toEqual([
      ['campaign', {}],
      ['tier', { amount_cents: 500 }],
      ['tier', { amount_cents: 1000 }],
      ['user', { full_name: 'cleo Example' }],
      ['client', { version: 1 }],
    ])
    expect(body.included?.at(-1)?.relationships).toMatchObject({
      campaign: to('campaign', creator.campaign.id),
      user: to('user', creator.id),
    })
  })

  test.each([
    ['include=tiers', 'include'],
    ['include=campaign.webhooks', 'include'],
    ['include=client.creator_token.user', 'include'],
    ['fields[webhook]=name', 'fields[webhook]'],
    ['fields[hook]=uri', 'fields[hook]'],
    ['page[cursor]=soon', 'page[cursor]'],
    ['page[count]=0', 'page[count]'],
    ['sort=uri', 'sort'],
  ])('is refused what there is not, as everywhere: %s', async (query, parameter) => {
    const { world, token } = await aPlatform()

    const { status, body } = await ask(world, 'GET', `${path}?${query}`, { as: token })

    expect([status, body.errors[0]?.code_name, body.errors[0]?.source]).toEqual([
      ...[400, 'ParameterInvalidOnType', { parameter }],
    ])
  })

  test('is given a long list in parts, also when one of it is deleted meanwhile', async () => {
    const platform = await aPlatform()
    const { world, token } = platform
    const [one, two, three] = [
      await aPatreonWebhook(platform, hook),
      await aPatreonWebhook(platform, hook),
      await aPatreonWebhook(platform, hook),
    ]

    const first = await ask<Resource[]>(world, 'GET', `${path}?page[count]=2`, { as: token })
    await ask(world, 'DELETE', `${path}/${two.id}`, { as: token })
    const { next = '' } = first.body.links
    const second = await ask<Resource[]>(world, 'GET', next.slice(world.server.url.length), { as: token })

    expect(first.body.data.map(({ id }) => id)).toEqual([one.id, two.id])
    expect(first.body.meta.pagination.total).toBe(3)
    expect(second.body.data.map(({ id }) => id)).toEqual([three.id])
    expect(second.body.links).toEqual({})
  })

  test('reaches them at both of Patreon’s addresses, with a slash at the end or without', async () => {
    const platform = await aPlatform()
    await aPatreonWebhook(platform, hook)

    for (const at of [path, `${path}/`, '/oauth2/v2/webhooks', '/oauth2/v2/webhooks/']) {
      const { status, body } = await ask<Resource[]>(platform.world, 'GET', at, { as: platform.token })
      expect([at, status, body.data.length]).toEqual([at, 200, 1])
    }
  })

  test('changes what it names, and nothing else; what means nothing is ignored', async () => {
    const platform = await aPlatform()
    const { world, token } = platform
    const { id, attributes } = await aPatreonWebhook(platform, hook)
    const body = change(id, { triggers: ['pledges:delete'], secret: 'mine', colour: 'red' })
    const headers = { 'content-type': 'application/vnd.api+json' }

    const changed = await ask(world, 'PATCH', `${path}/${id}`, { as: token, body, headers })

    expect(changed.status).toBe(200)
    expect(changed.body.data.attributes).toEqual({ ...attributes, triggers: ['pledges:delete'] })
    expect(changed.body.meta).toBeUndefined()
  })

  test('deletes one with a JSON content type and no body, as libraries do', async () => {
    const platform = await aPlatform()
    const { world, token } = platform
    const { id } = await aPatreonWebhook(platform, hook)
    const headers = { 'content-type': 'application/json' }

    const deleted = await ask(world, 'DELETE', `${path}/${id}`, { as: token, headers })

    expect([deleted.status, deleted.body]).toEqual([204, ''])
    expect((await ask<Resource[]>(world, 'GET', path, { as: token })).body.data).toEqual([])
    expect((await ask(world, 'DELETE', `${path}/${id}`, { as: token, headers })).status).toBe(404)
  })

  test('sees nothing that was made on a page, by another client, or for another creator’s campaign', async () => {
    const platform = await aPlatform()
    const { world, creator, client, token, othersToken } = platform
    const receiver = await world.aReceiver()
    const listening = { receiver, triggers: ['pledges:create'], tenant: creator.tenant }
    const onPage = await aWebhook(world, client, listening)
    const others = await aPatreonWebhook({ ...platform, token: othersToken }, hook)
    const mel = await aCreator(world, 'mel')
    const [melsToken = ''] = await tokensFor(world, [
      { clientId: client.id, accountId: mel.id, scopes: ['w:campaigns.webhook'] },
    ])
    const mels = await aPatreonWebhook({ world, creator: mel, token: melsToken }, hook)

    expect((await ask<Resource[]>(world, 'GET', path, { as: token })).body.data).toEqual([])
    for (const { id } of [onPage, others, mels]) {
      for (const [method, body] of [['GET'], ['PATCH', change(id, { uri: hook })], ['DELETE']] as const) {
        const refused = await ask(world, method, `${path}/${id}`, { as: token, body })
        expect([method, refused.status]).toEqual([method, 404])
        expect(refused.body.errors[0]).toMatchObject({ code_name: 'ResourceNotFound', status: '404' })
      }
    }
  })

  test.each<[string, Parameters<typeof aPlatform>[0], number]>([
    ['no scope for it', ['identity', 'campaigns'], 403],
    ['nobody’s token', undefined, 401],
  ])('is told in Patreon’s form of errors that it has %s', async (what, scopes, status) => {
    const { world, token } = await aPlatform(scopes)

    const refused = await ask(world, 'GET', path, { as: status === 401 ? 'Bearer nobodys' : token })

    expect([what, refused.status, refused.body.errors[0]?.status]).toEqual([what, status, String(status)])
    expect(refused.body.errors[0]?.code_name).toBe(status === 401 ? 'Unauthorized' : 'ViewForbidden')
  })

  test('can’t make one for somebody else’s campaign, nor for one that there is not', async () => {
    const { world, token } = await aPlatform()
    const mel = await aCreator(world, 'mel')

    for (const id of [mel.campaign.id, '999', 'x']) {
      const refused = await ask(world, 'POST', path, { as: token, body: wish(hook, id) })
      expect([id, refused.status, refused.body.errors[0]?.code_name]).toEqual([id, 403, 'ViewForbidden'])
    }
  })

  test.each<[string, (campaignId: string) => unknown, string]>([
    ['no document', () => ({}), 'data'],
    ['a document of something else', (id) => ({ data: { ...wish(hook, id).data, type: 'post' } }), 'data.type'],
    ['no campaign', (id) => ({ data: { ...wish(hook, id).data, relationships: {} } }), 'data.relationships.campaign'],
    ['no triggers', (id) => wish(hook, id, { triggers: [] }), 'data.attributes.triggers'],
    ['a trigger of the kittens', (id) => wish(hook, id, { triggers: ['kittens:create'] }), 'data.attributes.triggers'],
    ['a trigger of nobody', (id) => wish(hook, id, { triggers: ['pledges:smile'] }), 'data.attributes.triggers'],
    ['a URI that is none', (id) => wish('hooks', id), 'data.attributes.uri'],
    ['a receiver in a private network', (id) => wish('https://10.0.0.1/', id), 'data.attributes.uri'],
    ['a word for paused', (id) => wish(hook, id, { paused: 'perhaps' }), 'data.attributes.paused'],
  ])('is told which part can’t be used when it sends %s', async (_what, bodyFor, parameter) => {
    const { world, creator, token } = await aPlatform()

    const { status, body } = await ask(world, 'POST', path, { as: token, body: bodyFor(creator.campaign.id) })

    expect(status).toBe(400)
    expect(body.errors[0]).toMatchObject({ code_name: 'ParameterInvalidOnType', source: { parameter } })
  })

  test('must name an https URI where receivers can’t be on this machine', async () => {
    const { world, creator, token } = await aPlatform(undefined, { TIDINGS_ALLOW_PRIVATE: '' })

    const plain = await ask(world, 'POST', path, {
      as: token,
      body: wish('http://app.example.com/hooks', creator.campaign.id),
    })
    const secure = await ask(world, 'POST', path, { as: token, body: wish(hook, creator.campaign.id) })

    expect([plain.status, plain.body.errors[0]?.source]).toEqual([400, { parameter: 'data.attributes.uri' }])
    expect(secure.status).toBe(201)
  })

  test('can’t change one under the name of another', async () => {
    const platform = await aPlatform()
    const { id } = await aPatreonWebhook(platform, hook)

    const { status, body } = await ask(platform.world, 'PATCH', `${path}/${id}`, {
      as: platform.token,
      body: change('999', { uri: hook }),
    })

    expect([status, body.errors[0]?.source]).toEqual([400, { parameter: 'data.id' }])
  })

  test.each([
    [[], 0],
    [['campaigns.members[email]'], 1],
    [['campaigns.members.address'], 2],
    [['campaigns.members[email]', 'campaigns.members.address'], 3],
    [['pledges'], 3],
  ] as const)('is told of people what its token opens: %j', async (scopes, audience) => {
    const platform = await aPlatform(['w:campaigns.webhook', ...scopes])

    const { id } = await aPatreonWebhook(platform, hook)

    expect(await keptWebhook(platform.world, id)).toMatchObject({ audience, origin: 'api', schedule: 'patreon' })
  })
})

test('a webhook that a creator makes elsewhere than by this API may be told everything of the creator’s own patrons', async () => {
  const { world, client } = await aPlatform()
  const receiver = await world.aReceiver()

  const { id } = await aWebhook(world, client, { receiver, triggers: ['pledges:create'] })

  expect(await keptWebhook(world, id)).toMatchObject({ audience: 3, origin: 'page' })
})
