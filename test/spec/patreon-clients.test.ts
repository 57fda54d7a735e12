import { describe, expect, test } from 'vitest'
import { aClient, aCreator } from '../people.ts'
import { tokensFor } from '../tokens.ts'
import type { World } from '../world.ts'
import { aPlatform, ask, type Resource, path as webhooks } from './platform.ts'

const path = '/api/oauth2/v2/clients'

/** What the WordPress plugin sends, in its form. */
const site = {
  name: 'A site',
  description: 'Patreon app for A site',
  author_name: 'A site',
  domain: 'site.example',
  privacy_policy_url: '',
  tos_url: '',
  icon_url: 'https://site.example/icon.png',
  redirect_uris: 'https://site.example/patreon-authorization/',
  version: '2',
  parent_client_id: 'plugin',
}

const asking = (attributes: object = {}) => ({ data: { type: 'oauth-client', attributes: { ...site, ...attributes } } })

/** A creator who let somebody's client make clients, as that client. */
const aPlugin = () => aPlatform(['w:identity.clients'])

async function made(world: World, as: string, attributes: object = {}) {
  const body = asking(attributes)
  const answer = await ask(world, 'POST', `${path}?include=creator_token`, { as, body })
  const [token] = answer.body.included ?? []
  return { ...answer, client: answer.body.data, creators: `Bearer ${String(token?.attributes['access_token'])}` }
}

const idsAt = async (world: World, as: string) =>
  (await ask<Resource[]>(world, 'GET', path, { as })).body.data.map(({ id }) => id)

describe('a client that makes clients by Patreon’s API', () => {
  test('is told all of it, with its secret, and beside it the creator’s tokens', async () => {
    const { world, creator, token } = await aPlugin()

    const { status, headers, body, client } = await made(world, token)

    expect([status, headers.get('location')]).toEqual([201, body.links.self])
    expect(client).toEqual({
      type: 'oauth-client',
      id: expect.stringMatching(/^[\w-]{64}$/) as string,
      attributes: {
        ...{ author_name: 'A site', category: '', client_secret: expect.stringMatching(/^[\w-]{64}$/) as string },
        ...{ default_scopes: 'identity', description: 'Patreon app for A site', domain: 'site.example' },
        ...{ icon_url: 'https://site.example/icon.png', name: 'A site', privacy_policy_url: null },
        ...{ redirect_uris: 'https://site.example/patreon-authorization/', tos_url: null, version: 2 },
      },
      relationships: expect.anything() as object,
    })
    const { scope, ...tokens } = body.included?.[0]?.attributes ?? {}
    expect(body.included).toHaveLength(1)
    expect(scope).toContain('w:campaigns.webhook')
    expect(tokens).toEqual({
      ...{ access_token: expect.stringMatching(/^[\w-]{43}$/) as string, expires_in: 2_678_400, token_type: 'Bearer' },
      refresh_token: expect.stringMatching(/^[\w-]{43}$/) as string,
    })
    const identity = await ask(world, 'GET', '/api/oauth2/v2/identity', {
      as: `Bearer ${String(tokens['access_token'])}`,
    })
    expect(identity.body.data.id).toBe(creator.id)
  })

  test('has made one that is the creator’s like any other, and can log people in', async () => {
    const { world, creator, token } = await aPlugin()
    const { client, body } = await made(world, token)

    const listed = await world.call<{ data: { client_id: string; redirect_uris: string[] }[] }>(
      'GET',
      '/api/v1/clients',
      {
        as: creator.key,
      },
    )
    const tokens = await world.call('POST', '/api/oauth2/token', {
      as: null,
      body: {
        ...{ grant_type: 'refresh_token', refresh_token: body.included?.[0]?.attributes['refresh_token'] },
        ...{ client_id: client.id, client_secret: client.attributes['client_secret'] },
      },
    })

    expect(listed.body.data.at(-1)).toMatchObject({
      client_id: client.id,
      redirect_uris: ['https://site.example/patreon-authorization/'],
    })
    expect(tokens.status).toBe(200)
  })

  test('sees the creator’s clients and nobody else’s, without what was told once', async () => {
    const { world, token, client, creator } = await aPlugin()
    const mel = await aCreator(world, 'mel')
    const mels = await aClient(world, mel.key)
    const { client: own } = await made(world, token)
    const query = 'fields[oauth-client]=name,client_secret&include=creator_token,user,campaign&fields[user]=full_name'

    const one = await ask(world, 'GET', `${path}/${own.id}?${query}`, { as: token })

    expect(await idsAt(world, token)).toEqual([client.clientId, expect.any(String), own.id])
    expect(one.body.data).toMatchObject({
      attributes: { name: 'A site' },
      relationships: { creator_token: { data: null } },
    })
    expect(one.body.data.attributes).not.toHaveProperty('client_secret')
    expect(one.body.included?.map(({ type, id }) => [type, id])).toEqual([
      ['user', creator.id],
      ['campaign', creator.campaign.id],
    ])
    for (const method of ['GET', 'DELETE']) {
      const refused = await ask(world, method, `${path}/${mels.clientId}`, { as: token })
      expect([method, refused.status, refused.body.errors[0]?.code_name]).toEqual([method, 404, 'ResourceNotFound'])
    }
    expect((await world.call('GET', `/api/v1/clients/${mels.id}`, { as: mel.key })).status).toBe(200)
  })

  test('deletes one by the creator’s own token of it, as WordPress does: with a body, and all its tokens end', async () => {
    const { world, token } = await aPlugin()
    const { client, creators } = await made(world, token)
    const before = await idsAt(world, token)

    expect(await idsAt(world, creators)).toEqual([client.id])
    const body = { data: { type: 'oauth-client', parent_client_id: 'plugin' } }
    const others = await ask(world, 'DELETE', `${path}/${before[0]}`, { as: creators, body })
    const deleted = await ask(world, 'DELETE', `${path}/${client.id}`, { as: creators, body })

    expect([others.status, deleted.status, deleted.body]).toEqual([404, 204, ''])
    expect((await ask(world, 'GET', path, { as: creators })).status).toBe(401)
    expect(await idsAt(world, token)).toEqual(before.filter((id) => id !== client.id))
  })

  test('needs the scope for it, which a creator’s own token has not', async () => {
    const { world, creator, client, token } = await aPlugin()
    const { creators } = await made(world, token)
    const [without = ''] = await tokensFor(world, [
      { clientId: client.id, accountId: creator.id, scopes: ['identity', 'w:campaigns.webhook'] },
    ])

    for (const [as, method] of [
      [creators, 'POST'],
      [without, 'POST'],
      [without, 'GET'],
    ] as const) {
      const body = method === 'POST' ? asking() : undefined
      const refused = await ask(world, method, path, { as, body })
      expect([method, refused.status, refused.body.errors[0]?.code_name]).toEqual([method, 403, 'ViewForbidden'])
    }
    expect((await ask(world, 'GET', webhooks, { as: token })).status).toBe(403)
  })

  test.each([
    [{ name: '' }, 'data.attributes.name'],
    [{ name: undefined }, 'data.attributes.name'],
    [{ redirect_uris: 'javascript:alert(1)' }, 'data.attributes.redirect_uris'],
    [{ redirect_uris: 'https://a.example http://b.example' }, 'data.attributes.redirect_uris'],
    [{ redirect_uris: undefined }, 'data.attributes.redirect_uris'],
    [{ icon_url: 'data:image/png,' }, 'data.attributes.icon_url'],
    [{ version: 3 }, 'data.attributes.version'],
  ])('is told which part can’t be used: %j', async (attributes, parameter) => {
    const { world, token } = await aPlugin()
    const before = await idsAt(world, token)

    const { status, body } = await ask(world, 'POST', path, { as: token, body: asking(attributes) })

    expect([status, body.errors[0]?.code_name, body.errors[0]?.source]).toEqual([
      ...[400, 'ParameterInvalidOnType', { parameter }],
    ])
    expect(await idsAt(world, token)).toEqual(before)
  })
})
