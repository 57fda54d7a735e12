import { describe, expect, test } from 'vitest'
import { aWorld } from '../world.ts'
import { anOAuthClient, authorizePath, aVisitor, callback, exchange, logIn, logOut, refresh } from './visitor.ts'

describe('a client that sends somebody to log in', () => {
  test('gets a code when they allow it, and for the code tokens, and for these new ones', async () => {
    const world = await aWorld()
    const client = await anOAuthClient(world)
    const pat = await aVisitor(world, 'pat')
    await logOut(pat)

    const logInPage = await pat.follow(await pat.open(authorizePath(client)))
    const consentPage = await logIn(pat, 'pat')
    const back = await pat.send('/oauth2/authorize', { decision: 'allow' })
    const code = new URL(back.location).searchParams.get('code')
    const first = await exchange(world, client, code)
    const second = await refresh(world, client, first.body.refresh_token)

    expect(logInPage.text).toContain('<h1>Log in</h1>')
    expect(consentPage.text).toContain('<h1>Let An &lt;app&gt; in?</h1>')
    expect(consentPage.text).toContain('see your name, your e-mail address and the rest of your profile')
    expect(consentPage.text).toContain('You are pat (pat@example.test).')
    expect([back.status, back.location]).toEqual([303, `${callback}&code=${code}&state=a+state`])
    expect(first.status).toBe(200)
    expect(first.headers.get('content-type')).toBe('application/json')
    expect(first.headers.get('cache-control')).toBe('no-store')
    expect(first.body).toEqual({
      access_token: expect.stringMatching(/^[\w-]{43}$/),
      expires_in: 2_678_400,
      refresh_token: expect.stringMatching(/^[\w-]{43}$/),
      scope: 'users pledges-to-me my-campaign',
      token_type: 'Bearer',
    })
    expect(second.status).toBe(200)
    expect(new Set([first, second].flatMap(({ body }) => [body.access_token, body.refresh_token])).size).toBe(4)
  })
})
