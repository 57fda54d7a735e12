// RFC 9700, "Best Current Practice for OAuth 2.0 Security", item by item: what browsers do.
import { beforeEach, describe, expect, test } from 'vitest'
import type { World } from '../world.ts'
import { authorizePath, aVisit, consent, exchange, logIn, logOut, type OAuthClient, Visitor } from './visitor.ts'

let world: World
let client: OAuthClient
let pat: Visitor

beforeEach(async () => {
  ;({ world, client, pat } = await aVisit())
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

  test('is a state that browsers leave as it is, though no path may have it', async () => {
    await logOut(pat)
    await pat.follow(await pat.open(authorizePath(client).replace('a+state', 'a\\state|"')))
    await logIn(pat, 'pat')
    const back = await pat.send('/oauth2/authorize', { decision: 'allow' })

    expect(new URL(back.location).searchParams.get('state')).toBe('a\\state|"')
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
      expect((await stranger.open(authorizePath(client, more))).location).toMatch(/^\/oauth2\/errors\?error=/)
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

  test('is given by whom it was shown to, and not by who logged in since', async () => {
    const { text } = await pat.open(authorizePath(client))
    await logOut(pat)
    await pat.open('/login')
    await logIn(pat, 'pat')

    const page = await pat.send('/oauth2/authorize', { decision: 'allow' }, text)

    expect([page.status, page.location]).toEqual([403, ''])
  })

  test('can’t be shown in somebody else’s frame', async () => {
    const { headers } = await pat.open(authorizePath(client))

    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN')
  })
})
