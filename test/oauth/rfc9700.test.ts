// RFC 9700, "Best Current Practice for OAuth 2.0 Security", item by item.
import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { seconds } from '#src/domain/time.ts'
import { aWorld, type World } from '../world.ts'
import {
  anOAuthClient,
  askTokens,
  authorizePath,
  aVisitor,
  callback,
  consent,
  exchange,
  logIn,
  logOut,
  type OAuthClient,
  refresh,
  Visitor,
} from './visitor.ts'

let world: World
let client: OAuthClient
let pat: Visitor

beforeEach(async () => {
  world = await aWorld()
  client = await anOAuthClient(world)
  pat = await aVisitor(world, 'pat')
})

const verifier = 'a-verifier-of-forty-three-characters-or-more'
const challenge = createHash('sha256').update(verifier).digest('base64url')
const s256 = { code_challenge: challenge, code_challenge_method: 'S256' }
const invalidGrant = { status: 401, body: { error: 'invalid_grant' } }

/** The error with which somebody who is logged in comes back to the client. */
const errorOf = async (more: Record<string, string>): Promise<string | null> =>
  new URL((await pat.open(authorizePath(client, more))).location).searchParams.get('error')

const strangeUris = {
  'another path': 'https://app.example/callback/more?from=tidings',
  'another query': 'https://app.example/callback',
  'more query': `${callback}&more=1`,
  'another host': 'https://app.example.evil.test/callback?from=tidings',
  'somebody before the host': 'https://evil.test@app.example/callback?from=tidings',
  'a port': 'https://app.example:444/callback?from=tidings',
  'another scheme': 'http://app.example/callback?from=tidings',
  'other letters': 'https://APP.example/callback?from=tidings',
  'a way up': 'https://app.example/x/../callback?from=tidings',
  'a fragment': `${callback}#more`,
  'a script': 'javascript:alert(1)',
  nothing: '',
}

describe('§2.1 and §4.1.3: a redirect URI', () => {
  test('that is not exactly a registered one leads nobody there', async () => {
    for (const [what, uri] of Object.entries(strangeUris)) {
      const page = await pat.open(authorizePath(client, { redirect_uri: uri }))

      expect([page.status, page.location], what).toEqual([
        303,
        '/oauth2/errors?error=invalid_request&error_description=Mismatching+redirect+URI.&state=a+state',
      ])
    }
  })

  test('must be the same again when the code is exchanged', async () => {
    const code = (await consent(pat, client)).get('code')

    const other = await exchange(world, client, code, { redirect_uri: 'https://app.example/callback' })
    const same = await exchange(world, client, code)

    expect(other).toMatchObject({ status: 401, body: { error: 'access_denied' } })
    expect(same.status).toBe(200)
  })
})

describe('§2.1.1 and §4.8: PKCE', () => {
  test('holds once a challenge was sent', async () => {
    const code = (await consent(pat, client, s256)).get('code')

    expect(await exchange(world, client, code)).toMatchObject(invalidGrant)
    expect(await exchange(world, client, code, { code_verifier: `${verifier}x` })).toMatchObject(invalidGrant)
    expect(await exchange(world, client, code, { code_verifier: challenge })).toMatchObject(invalidGrant)
    expect((await exchange(world, client, code, { code_verifier: verifier })).status).toBe(200)
  })

  test('can’t be taken out of a request: a verifier without a challenge is refused', async () => {
    const code = (await consent(pat, client)).get('code')

    expect(await exchange(world, client, code, { code_verifier: verifier })).toMatchObject(invalidGrant)
  })

  test('knows no plain challenge, and none that can’t be one', async () => {
    expect(await errorOf({ code_challenge: verifier, code_challenge_method: 'plain' })).toBe('invalid_request')
    expect(await errorOf({ code_challenge: challenge })).toBe('invalid_request')
    expect(await errorOf({ code_challenge: 'short', code_challenge_method: 'S256' })).toBe('invalid_request')
    expect(await errorOf({ code_challenge_method: 'S256' })).toBe('invalid_request')
  })
})

describe('§2.1.2 and §2.4: what there is not', () => {
  test('are other response types than code', async () => {
    for (const type of ['token', 'id_token', 'code token', 'code id_token', 'none']) {
      expect(await errorOf({ response_type: type }), type).toBe('unsupported_response_type')
    }
  })

  test('are other grants than code and refresh token', async () => {
    for (const grant of ['password', 'client_credentials', 'implicit', 'constructor']) {
      const answer = await askTokens(world, client, { grant_type: grant, username: 'pat@example.test', password: 'x' })

      expect(answer, grant).toMatchObject({ status: 400, body: { error: 'unsupported_grant_type' } })
    }
  })
})

describe('§4.5 and RFC 6749 §4.1.2: a code', () => {
  test('that is shown twice gives nothing the second time, and what it gave is over', async () => {
    const code = (await consent(pat, client)).get('code')
    const { body } = await exchange(world, client, code)

    expect(await exchange(world, client, code)).toMatchObject(invalidGrant)
    expect(await refresh(world, client, body.refresh_token)).toMatchObject(invalidGrant)
  })

  test('gives one pair of tokens when it is shown fifty times at once', async () => {
    const code = (await consent(pat, client)).get('code')

    const answers = await Promise.all(Array.from({ length: 50 }, () => exchange(world, client, code)))

    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([200, ...Array(49).fill(401)])
  })

  test('of another client is worth nothing, and still good for its own', async () => {
    const other = await anOAuthClient(world)
    const code = (await consent(pat, client)).get('code')

    expect(await exchange(world, other, code)).toMatchObject(invalidGrant)
    expect((await exchange(world, client, code)).status).toBe(200)
  })

  test('is too old after a minute', async () => {
    const [early, late] = [(await consent(pat, client)).get('code'), (await consent(pat, client)).get('code')]

    await world.pass(seconds(59))
    expect((await exchange(world, client, early)).status).toBe(200)
    await world.pass(seconds(1))
    expect(await exchange(world, client, late)).toMatchObject(invalidGrant)
  })
})

describe('§4.14: a refresh token', () => {
  test('works once; shown again, everything that came of it is over', async () => {
    const first = await exchange(world, client, (await consent(pat, client)).get('code'))
    const second = await refresh(world, client, first.body.refresh_token)
    const third = await refresh(world, client, second.body.refresh_token)

    expect(third.status).toBe(200)
    expect(await refresh(world, client, first.body.refresh_token)).toMatchObject(invalidGrant)
    expect(await refresh(world, client, third.body.refresh_token)).toMatchObject(invalidGrant)
  })

  test('gives one pair of tokens when it is shown fifty times at once', async () => {
    const { body } = await exchange(world, client, (await consent(pat, client)).get('code'))

    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(world, client, body.refresh_token)))

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('is bound to its client and to its scopes', async () => {
    const other = await anOAuthClient(world)
    const { body } = await exchange(world, client, (await consent(pat, client, { scope: 'users' })).get('code'))

    expect(await refresh(world, other, body.refresh_token)).toMatchObject(invalidGrant)
    expect(await refresh(world, client, body.refresh_token, { scope: 'users pledges' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_scope' },
    })
    expect((await refresh(world, client, body.refresh_token, { scope: 'users' })).body.scope).toBe('users')
  })

  test('is no access token, and an access token refreshes nothing', async () => {
    const { body } = await exchange(world, client, (await consent(pat, client)).get('code'))

    expect(await refresh(world, client, body.access_token)).toMatchObject(invalidGrant)
  })
})

describe('§4.2, §4.3 and §4.7: what stands in addresses', () => {
  test('is a state that comes back as it was sent, however odd', async () => {
    const state = `${'long '.repeat(300)}\\ "'<b>&%00\n\r\té☃💥?#=+`

    expect((await consent(pat, client, { state })).get('state')).toBe(state)
    await logOut(pat)
    await pat.follow(await pat.open(authorizePath(client, { state })))
    await logIn(pat, 'pat')
    const back = await pat.send('/oauth2/authorize', { decision: 'allow' })
    expect(new URL(back.location).searchParams.get('state')).toBe(state)
  })

  test('is never too long to be understood by halves', async () => {
    const page = await pat.open(authorizePath(client, { state: 'x'.repeat(4000) }))

    expect(page.location).toBe('/oauth2/errors?error=invalid_request&error_description=Request+too+long.')
  })

  test('is no token and no secret, and no page tells another site where it was called from', async () => {
    const pages = [await pat.open(authorizePath(client)), await pat.send('/oauth2/authorize', { decision: 'allow' })]
    const { body } = await exchange(world, client, new URL(pages[1]?.location ?? '').searchParams.get('code'))

    for (const { location } of pages) {
      expect(location).not.toContain(client.secret)
      expect(location).not.toContain(body.access_token)
    }
    for (const { headers } of pages) {
      expect(headers.get('referrer-policy')).toBe('no-referrer')
      expect(headers.get('cache-control')).toBe('no-store')
    }
  })
})

describe('§4.11: the server', () => {
  test('leads no stranger to another site, whatever is wrong with the request', async () => {
    const stranger = new Visitor(world)

    for (const more of [{ scope: 'everything' }, { response_type: 'token' }, { redirect_uri: 'https://evil.test' }]) {
      expect((await stranger.open(authorizePath(client, more))).location).toMatch(/^\/(login|oauth2\/errors)\?/)
    }
  })

  test('shows what an error’s address says as text', async () => {
    const page = await pat.open('/oauth2/errors?error=%3Cb%3E&error_description=%3Cscript%3Ealert(1)%3C/script%3E')

    expect(page.status).toBe(400)
    expect(page.text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;')
    expect(page.text).not.toMatch(/<script|<b>/)
  })
})

describe('§4.12 and §4.16, RFC 6749 §10.12: the consent', () => {
  test('is answered with 303, so that the form is not sent on', async () => {
    await pat.open(authorizePath(client))

    expect((await pat.send('/oauth2/authorize', { decision: 'deny' })).status).toBe(303)
  })

  test('can’t be sent by another site', async () => {
    await pat.open('/')

    const page = await pat.send(authorizePath(client), { decision: 'allow' })

    expect([page.status, page.location]).toEqual([403, ''])
  })

  test('is checked again when it is sent', async () => {
    await pat.open(authorizePath(client))
    await world.call('PATCH', `/api/v1/clients/${client.id}`, { body: { redirect_uris: ['https://new.example/'] } })

    expect((await pat.send('/oauth2/authorize', { decision: 'allow' })).location).toMatch(/^\/oauth2\/errors\?/)
  })

  test('is given by nobody who logged out meanwhile', async () => {
    await logOut(pat)
    await pat.open('/login')

    expect((await pat.send(authorizePath(client), { decision: 'allow' })).location).not.toMatch(/code=/)
  })

  test('can’t be shown in somebody else’s frame', async () => {
    const { headers } = await pat.open(authorizePath(client))

    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
  })
})

test('§4.9 and §4.10: the secret of another client, or none, opens nothing', async () => {
  const other = await anOAuthClient(world)
  const code = (await consent(pat, client)).get('code')

  for (const secret of [other.secret, '', client.clientId]) {
    const answer = await exchange(world, client, code, { client_secret: secret })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  }
})
