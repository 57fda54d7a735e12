// RFC 9700, "Best Current Practice for OAuth 2.0 Security", item by item: what clients send. What browsers do is in rfc9700-browsers.test.ts.
import { createHash } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { seconds } from '#src/domain/time.ts'
import type { World } from '../world.ts'
import {
  anOAuthClient,
  askTokens,
  authorizePath,
  aVisit,
  callback,
  consent,
  exchange,
  type OAuthClient,
  refresh,
  type Visitor,
} from './visitor.ts'

let world: World
let client: OAuthClient
let pat: Visitor

beforeEach(async () => {
  ;({ world, client, pat } = await aVisit())
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

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(49)
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

test('§4.9 and §4.10: the secret of another client, or none, opens nothing', async () => {
  const other = await anOAuthClient(world)
  const code = (await consent(pat, client)).get('code')

  for (const secret of [other.secret, '', client.clientId]) {
    const answer = await exchange(world, client, code, { client_secret: secret })
    expect(answer).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
  }
})
