import { describe, expect, test } from 'vitest'
import { creatorScopes } from '#src/domain/oauth-scope.ts'
import { aPerson, make } from '../people.ts'
import { aWorld } from '../world.ts'
import { accessWith, aFlow, anOAuthClient, clientShown, consent, exchange, refresh } from './visitor.ts'

describe('a client’s creator', () => {
  test('is given tokens with the client, which open everything of v2 and are refreshed like any others', async () => {
    const world = await aWorld()
    const ada = await aPerson(world, 'ada')
    const client = await anOAuthClient(world, { as: ada.key })

    const access = await accessWith(world, client.creatorAccess)
    const next = await refresh(world, client, client.creatorRefresh)

    expect(access).toMatchObject({ accountId: ada.id, clientId: client.id, granted: creatorScopes })
    expect(next).toMatchObject({ status: 200, body: { scope: creatorScopes.join(' ') } })
  })

  test('makes new tokens, and those before are over, but nobody else’s', async () => {
    const world = await aWorld()
    const ada = await aPerson(world, 'ada')
    const client = await anOAuthClient(world, { as: ada.key })
    const { tokens } = await aFlow(world, client)

    const path = `/api/v1/clients/${client.id}/creator_tokens`
    const renewed = await make<Record<string, string>>(world, path, undefined, ada.key)

    expect(await accessWith(world, renewed['creator_access_token'] ?? '')).toMatchObject({ accountId: ada.id })
    expect(await accessWith(world, client.creatorAccess)).toBeNull()
    expect((await refresh(world, client, client.creatorRefresh)).status).toBe(401)
    expect(await accessWith(world, tokens.access_token)).not.toBeNull()
  })

  test('makes them for a client of their own alone', async () => {
    const world = await aWorld()
    const [ada, bob] = [await aPerson(world, 'ada'), await aPerson(world, 'bob')]
    const client = await anOAuthClient(world, { as: ada.key })

    const answer = await world.call('POST', `/api/v1/clients/${client.id}/creator_tokens`, { as: bob.key })

    expect(answer.status).toBe(404)
    expect(await accessWith(world, client.creatorAccess)).not.toBeNull()
  })
})

describe('every token of a client', () => {
  test('is over when its compromised pair is replaced, and codes that were on their way too', async () => {
    const world = await aWorld()
    const client = await anOAuthClient(world)
    const { visitor, tokens } = await aFlow(world, client)
    const code = (await consent(visitor, client)).get('code')

    const fresh = clientShown(await make(world, `/api/v1/clients/${client.id}/replacements`, {}))

    for (const token of [tokens.access_token, client.creatorAccess]) expect(await accessWith(world, token)).toBeNull()
    for (const token of [tokens.refresh_token, client.creatorRefresh]) {
      expect(await refresh(world, fresh, token)).toMatchObject({ status: 401, body: { error: 'invalid_grant' } })
    }
    expect(await exchange(world, fresh, code)).toMatchObject({ status: 401, body: { error: 'invalid_grant' } })
    expect(await refresh(world, client, tokens.refresh_token)).toMatchObject({ body: { error: 'invalid_client' } })
    expect(await accessWith(world, fresh.creatorAccess)).not.toBeNull()
    expect((await exchange(world, fresh, (await consent(visitor, fresh)).get('code'))).status).toBe(200)
  })

  test('is over when it is deleted', async () => {
    const world = await aWorld()
    const client = await anOAuthClient(world)
    const { tokens } = await aFlow(world, client)

    await world.call('DELETE', `/api/v1/clients/${client.id}`)

    for (const token of [tokens.access_token, client.creatorAccess]) expect(await accessWith(world, token)).toBeNull()
    expect(await refresh(world, client, tokens.refresh_token)).toMatchObject({ body: { error: 'invalid_client' } })
  })
})
