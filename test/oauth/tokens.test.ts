import { describe, expect, test } from 'vitest'
import { days, seconds } from '#src/domain/time.ts'
import { aWorld } from '../world.ts'
import {
  accessWith,
  aFlow,
  anOAuthClient,
  askTokens,
  authorizePath,
  aVisitor,
  callback,
  consent,
  exchange,
  refresh,
} from './visitor.ts'

describe('an access token', () => {
  test('speaks for whoever allowed it, with what was asked, for 31 days', async () => {
    const world = await aWorld()
    const client = await anOAuthClient(world, { version: 2 })
    const pat = await aVisitor(world, 'pat')
    const code = (await consent(pat, client, { scope: 'campaigns identity[email] campaigns' })).get('code')
    const { body } = await exchange(world, client, code)

    const access = await accessWith(world, body.access_token)
    expect(body.scope).toBe('campaigns identity[email]')
    expect(access).toMatchObject({ clientId: client.id, accountId: pat.id, granted: ['campaigns', 'identity[email]'] })
    await world.pass(days(31) - seconds(1))
    expect(await accessWith(world, body.access_token)).not.toBeNull()
    await world.pass(seconds(1))
    expect(await accessWith(world, body.access_token)).toBeNull()
    expect((await refresh(world, client, body.refresh_token)).status).toBe(200)
  })

  test('lasts until its end when it is refreshed, and not when its refresh token turns up twice', async () => {
    const world = await aWorld()
    const client = await anOAuthClient(world)
    const { tokens } = await aFlow(world, client)
    const { body } = await refresh(world, client, tokens.refresh_token)

    expect(await accessWith(world, tokens.access_token)).not.toBeNull()
    await refresh(world, client, tokens.refresh_token)
    expect(await accessWith(world, tokens.access_token)).toBeNull()
    expect(await accessWith(world, body.access_token)).toBeNull()
  })

  test('and its refresh token are no less alive for another consent of the same person', async () => {
    const world = await aWorld()
    const client = await anOAuthClient(world)
    const { visitor, tokens } = await aFlow(world, client)
    const again = await exchange(world, client, (await consent(visitor, client)).get('code'))

    await askTokens(world, client, { token: again.body.access_token }, '/oauth2/revoke')

    expect(await accessWith(world, again.body.access_token)).toBeNull()
    expect(await accessWith(world, tokens.access_token)).not.toBeNull()
  })
})

describe('what a client may ask for', () => {
  test('is every scope for a client of version 1, and only those of v2 for one of version 2', async () => {
    const world = await aWorld()
    const [old, young] = [await anOAuthClient(world), await anOAuthClient(world, { version: 2 })]
    const pat = await aVisitor(world, 'pat')
    const scopeOf = async (client: typeof old, scope: string) =>
      (await exchange(world, client, (await consent(pat, client, { scope })).get('code'))).body.scope

    expect(await scopeOf(old, '')).toBe('users pledges-to-me my-campaign')
    expect(await scopeOf(old, 'pledges campaigns.posts')).toBe('pledges campaigns.posts')
    expect(await scopeOf(young, '')).toBe('identity')
    for (const scope of ['users', 'identity pledges-to-me', 'everything']) {
      const { location } = await pat.open(authorizePath(young, { scope }))
      expect(location).toMatch(/^https:\/\/app\.example\/callback\?from=tidings&error=invalid_scope&.*state=a\+state$/)
    }
  })

  test('is granted by allowing it; to deny it leads back with an error', async () => {
    const world = await aWorld()
    const client = await anOAuthClient(world)
    const pat = await aVisitor(world, 'pat')

    await pat.open(authorizePath(client))
    const back = new URL((await pat.send('/oauth2/authorize', { decision: 'deny' })).location).searchParams

    expect([back.get('error'), back.get('state'), back.get('code')]).toEqual(['access_denied', 'a state', null])
  })

  test('can be answered by somebody else than who is logged in', async () => {
    const world = await aWorld()
    const client = await anOAuthClient(world)
    const pat = await aVisitor(world, 'pat')

    await pat.open(authorizePath(client))
    const page = await pat.follow(await pat.press('Log in as somebody else'))

    expect(page.text).toContain('<h1>Log in</h1>')
    expect(page.text).toContain('name="next" value="/oauth2/authorize?response_type=code&amp;client_id=')
  })
})

describe('the token endpoint', () => {
  test('takes parameters from a form, from JSON and from the address, on both hosts’ paths, and by GET', async () => {
    const world = await aWorld()
    const client = await anOAuthClient(world)
    const { visitor } = await aFlow(world, client)
    const ask = async (path: string, init: (query: Record<string, string>) => [string, RequestInit]) => {
      const code = (await consent(visitor, client)).get('code') ?? ''
      const grant = { grant_type: 'authorization_code', code, redirect_uri: callback }
      const [more, sent] = init({ ...grant, client_id: client.clientId, client_secret: client.secret })
      return (await fetch(`${world.server.url}${path}${more}`, sent)).status
    }
    const json = { 'content-type': 'application/json' }

    for (const path of ['/api/oauth2/token', '/oauth2/token']) {
      expect(await ask(path, (all) => ['', { method: 'POST', body: new URLSearchParams(all) }])).toBe(200)
      expect(await ask(path, (all) => ['', { method: 'POST', body: JSON.stringify(all), headers: json }])).toBe(200)
      expect(await ask(path, (all) => [`?${new URLSearchParams(all)}`, { method: 'POST' }])).toBe(200)
      expect(await ask(path, (all) => [`?${new URLSearchParams(all)}`, {}])).toBe(200)
    }
  })

  test('does not spend a code for a HEAD, whose answer nobody gets', async () => {
    const world = await aWorld()
    const client = await anOAuthClient(world)
    const code = (await consent(await aVisitor(world, 'pat'), client)).get('code') ?? ''
    const grant = { grant_type: 'authorization_code', code, redirect_uri: callback }
    const query = new URLSearchParams({ ...grant, client_id: client.clientId, client_secret: client.secret })

    await fetch(`${world.server.url}/api/oauth2/token?${query}`, { method: 'HEAD' })

    expect((await exchange(world, client, code)).status).toBe(200)
  })

  test('takes id and secret from the header too, form-encoded or not', async () => {
    const world = await aWorld()
    const client = await anOAuthClient(world)
    const { visitor } = await aFlow(world, client)
    const ask = async (credentials: string, more: Record<string, string> = {}) => {
      const code = (await consent(visitor, client)).get('code') ?? ''
      const body = new URLSearchParams({ grant_type: 'authorization_code', code, redirect_uri: callback, ...more })
      const authorization = `basic ${Buffer.from(credentials).toString('base64')}`
      return await fetch(`${world.server.url}/api/oauth2/token`, { method: 'POST', body, headers: { authorization } })
    }
    const encoded = (text: string) => Buffer.from(text).toString('hex').replace(/../g, '%$&')

    expect((await ask(`${client.clientId}:${client.secret}`)).status).toBe(200)
    expect((await ask(`${encoded(client.clientId)}:${encoded(client.secret)}`)).status).toBe(200)
    expect((await ask(`${client.clientId}:${client.secret}`, { client_id: client.clientId })).status).toBe(200)
    for (const wrong of [`${client.clientId}:wrong`, client.clientId, `${client.clientId}:%zz`, '']) {
      const answer = await ask(wrong)
      expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Basic realm="tidings"'])
      expect(await answer.json()).toMatchObject({ error: 'invalid_client' })
    }
    expect((await ask(`${client.clientId}:${client.secret}`, { client_id: 'another' })).status).toBe(401)
  })

  test('says in OAuth’s form what it does not understand', async () => {
    const world = await aWorld()
    const client = await anOAuthClient(world)
    const post = async (body: string, type: string) => {
      const headers = { 'content-type': type }
      const answer = await fetch(`${world.server.url}/api/oauth2/token`, { method: 'POST', body, headers })
      return [answer.status, answer.headers.get('content-type'), ((await answer.json()) as { error: string }).error]
    }
    const invalid = { status: 400, body: { error: 'invalid_request' } }

    expect(await askTokens(world, client, {})).toMatchObject(invalid)
    expect(await askTokens(world, client, { grant_type: 'authorization_code', redirect_uri: 'x' })).toMatchObject(
      invalid,
    )
    expect(await askTokens(world, client, { grant_type: 'authorization_code', code: 'x' })).toMatchObject(invalid)
    expect(await askTokens(world, client, { grant_type: 'refresh_token' })).toMatchObject(invalid)
    expect(await askTokens(world, client, { token_type_hint: 'x' }, '/oauth2/revoke')).toMatchObject(invalid)
    expect(await exchange(world, client, 'no code of ours')).toMatchObject({ status: 401 })
    expect(await post('{', 'application/json')).toEqual([400, 'application/json', 'invalid_request'])
    expect(await post('<x/>', 'text/xml')).toEqual([415, 'application/json', 'invalid_request'])
    expect(await post('[1]', 'application/json')).toEqual([400, 'application/json', 'invalid_request'])
    const twice = 'grant_type=authorization_code&grant_type=refresh_token'
    expect(await post(twice, 'application/x-www-form-urlencoded')).toEqual([400, 'application/json', 'invalid_request'])
  })

  test('keeps those busy who guess', async () => {
    const world = await aWorld()
    const client = await anOAuthClient(world)
    for (let asked = 0; asked < 1000; asked += 100) {
      await Promise.all(Array.from({ length: 100 }, () => askTokens(world, client, {})))
    }
    const last = await askTokens(world, client, {})

    expect(last).toMatchObject({ status: 429, body: { error: 'temporarily_unavailable' } })
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('giving a token back', () => {
  test.each(['access_token', 'refresh_token'] as const)('ends both, also by the %s', async (which) => {
    const world = await aWorld()
    const client = await anOAuthClient(world)
    const { tokens } = await aFlow(world, client)

    const answer = await askTokens(world, client, { token: tokens[which] }, '/api/oauth2/token/revoke')

    expect(answer.status).toBe(200)
    expect(await accessWith(world, tokens.access_token)).toBeNull()
    expect(await refresh(world, client, tokens.refresh_token)).toMatchObject({ status: 401 })
  })

  test('is answered alike for a token that never was, and refused for another client’s', async () => {
    const world = await aWorld()
    const [client, other] = [await anOAuthClient(world), await anOAuthClient(world)]
    const { tokens } = await aFlow(world, client)

    expect((await askTokens(world, client, { token: 'nothing' }, '/oauth2/revoke')).status).toBe(200)
    expect(await askTokens(world, other, { token: tokens.access_token }, '/oauth2/revoke')).toMatchObject({
      status: 401,
      body: { error: 'invalid_grant' },
    })
    expect(await accessWith(world, tokens.access_token)).not.toBeNull()
  })
})
