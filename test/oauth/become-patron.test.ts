import { beforeEach, describe, expect, test } from 'vitest'
import { aCreator } from '../people.ts'
import { aWorld, type World } from '../world.ts'
import {
  accessWith,
  anOAuthClient,
  authorizePath,
  aVisitor,
  exchange,
  logIn,
  logOut,
  type OAuthClient,
  type Visitor,
} from './visitor.ts'

let world: World
let ada: Awaited<ReturnType<typeof aCreator>>
let client: OAuthClient
let pat: Visitor & { id: string }

beforeEach(async () => {
  world = await aWorld()
  ada = await aCreator(world, 'ada')
  client = await anOAuthClient(world, { as: ada.key })
  pat = await aVisitor(world, 'pat')
})

const path = (minCents: string) => authorizePath(client, { min_cents: minCents }, '/oauth2/become-patron')

const pledges = async () =>
  (
    await world.call<{ data: { patron_id: string; amount_cents: number }[] }>(
      'GET',
      `/api/v1/campaigns/${ada.campaign.id}/pledges`,
    )
  ).body.data.map(({ patron_id, amount_cents }) => [patron_id, amount_cents])

describe('becoming a patron on the way into an application', () => {
  test('is logging in, pledging and consenting, one after another', async () => {
    await logOut(pat)
    await pat.follow(await pat.open(path('500')))
    const form = await logIn(pat, 'pat')
    const consentPage = await pat.follow(await pat.send('/oauth2/become-patron', { tier: ada.small.id, amount: '' }))
    const back = new URL((await pat.send('/oauth2/authorize', { decision: 'allow' })).location).searchParams
    const { body } = await exchange(world, client, back.get('code'))

    expect(form.text).toContain('Become a patron of ada Example')
    expect(form.text).toContain('at least $5.00')
    expect(consentPage.text).toContain('<h1>Let An &lt;app&gt; in?</h1>')
    expect(back.get('state')).toBe('a state')
    expect(await pledges()).toEqual([[pat.id, 500]])
    expect(await accessWith(world, body.access_token)).toMatchObject({ accountId: pat.id })
  })

  test('takes no less than what the application asks for, and offers no smaller tier', async () => {
    const form = await pat.open(path('700'))
    const refused = await pat.send('/oauth2/become-patron', { tier: '', amount: '6.99' })

    expect(form.text).toContain('Originals')
    expect(form.text).not.toContain('Sketches')
    expect(refused.status).toBe(422)
    expect(refused.text).toContain('The application asks for at least $7.00.')
    expect(await pledges()).toEqual([])
  })

  test('leads a patron who pledges enough straight to the consent, and one who doesn’t to their pledge', async () => {
    await pat.open(path('500'))
    await pat.send('/oauth2/become-patron', { tier: '', amount: '6' })

    expect((await pat.open(path('600'))).location).toMatch(/^\/oauth2\/authorize\?response_type=code&/)
    expect((await pat.open(path('700'))).text).toContain('Change your pledge')
    await pat.send('/oauth2/become-patron', { tier: '', amount: '7' })
    expect(await pledges()).toEqual([[pat.id, 700]])
  })

  test('is not possible with an amount that can’t be pledged', async () => {
    for (const amount of ['-5', 'five', '99999999']) {
      expect((await pat.open(path(amount))).location).toMatch(/^\/oauth2\/errors\?error=invalid_request&/)
    }
  })

  test('is not possible where there is nothing to pledge to', async () => {
    const other = await anOAuthClient(world)

    const page = await pat.open(authorizePath(other, {}, '/oauth2/become-patron'))

    expect(page.location).toMatch(/^\/oauth2\/errors\?error=invalid_request&/)
  })

  test('can’t be sent by another site', async () => {
    await pat.open('/')

    expect((await pat.send(path('500'), { tier: '', amount: '5' })).status).toBe(403)
    expect(await pledges()).toEqual([])
  })
})
