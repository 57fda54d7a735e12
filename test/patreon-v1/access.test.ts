import { beforeAll, describe, expect, test } from 'vitest'
import type { Account } from '#src/domain/account.ts'
import type { OAuthScope } from '#src/domain/oauth-scope.ts'
import { days } from '#src/domain/time.ts'
import { createCampaign } from '#src/membership/campaigns.ts'
import { as } from '../membership/theatre.ts'
import { aPledge, aSite, type Document, everything, type Failure, type ListDocument, type Site } from './site.ts'

let site: Site

beforeAll(async () => {
  site = await aSite()
})

/** What a call is answered with: its status, and the name of the error if there is one. */
async function answered(path: string, token: string): Promise<string> {
  const { status, body } = await site.get<Partial<Failure>>(path, token)
  return [status, body.errors?.[0]?.code_name].filter((part) => part !== undefined).join(' ')
}

describe('who may ask what', () => {
  const people = {
    'the creator': 'creator',
    'another creator': 'dora',
    'a patron': 'pat',
    'a stranger': 'mel',
  } as const
  const routes = {
    '/current_user': ['200', '200', '200', '200'],
    '/current_user/campaigns': ['200', '200', '200', '200'],
    '/campaigns/CLEOS': ['200', '200', '200', '200'],
    '/campaigns/CLEOS/pledges': ['200', '403 ViewForbidden', '403 ViewForbidden', '403 ViewForbidden'],
    '/campaigns/999/pledges': Array.from({ length: 4 }, () => '404 ResourceNotFound'),
    '/campaigns/none': Array.from({ length: 4 }, () => '404 ResourceNotFound'),
  }
  for (const [route, answers] of Object.entries(routes)) {
    for (const [index, [who, name]] of Object.entries(people).entries()) {
      test(`${who} at ${route}: ${answers[index]}`, async () => {
        const token = await site.aToken(site[name])

        expect(await answered(route.replace('CLEOS', site.campaign.id), token)).toBe(answers[index])
      })
    }
  }

  const needs: [string, OAuthScope[]][] = [
    ['/current_user', ['users', 'identity']],
    ['/current_user/campaigns', ['my-campaign', 'campaigns']],
    ['/campaigns/CLEOS', ['my-campaign', 'campaigns']],
    ['/campaigns/CLEOS/pledges', ['pledges', 'campaigns.members']],
  ]
  test.each(needs)('%s is open to a token with %j and to no other', async (route, scopes) => {
    const path = route.replace('CLEOS', site.campaign.id)

    for (const scope of scopes) expect(await answered(path, await site.aToken(site.creator, [scope]))).toBe('200')
    const others = everything.filter((scope) => !scopes.includes(scope))
    expect(await answered(path, await site.aToken(site.creator, others))).toBe('403 ViewForbidden')
  })

  test('another creator’s campaign is closed to a token for one’s own', async () => {
    const token = await site.aToken(site.dora, ['my-campaign'])

    expect(await answered(`/campaigns/${site.campaign.id}`, token)).toBe('403 ViewForbidden')
    expect(await answered(`/campaigns/${site.doras.id}`, token)).toBe('200')
  })

  test('a wrong token, one that is over and none at all are unauthorized', async () => {
    const fresh = await aSite()
    const token = await fresh.aToken(fresh.pat)
    fresh.clock.pass(days(31))

    const over = await fresh.get<Failure>('/current_user', token)
    const none = await fresh.raw('/api/oauth2/api/current_user', {})
    expect([over.status, none.statusCode]).toEqual([401, 401])
    expect(over.body.errors).toMatchObject([{ code: 1, code_name: 'Unauthorized', status: '401' }])
    expect(over.headers).toMatchObject({ 'www-authenticate': 'Bearer realm="tidings"' })
    expect(await answered('/current_user', 'made-up')).toBe('401 Unauthorized')
  })
})

describe('what is told of whom', () => {
  const user = async (account: Account, scopes: OAuthScope[]) =>
    (await site.get<Document>('/current_user', await site.aToken(account, scopes))).body

  test('one’s own e-mail address is told to a token for it only', async () => {
    expect((await user(site.pat, ['identity'])).data.attributes).not.toHaveProperty('email')
    expect((await user(site.pat, ['identity', 'identity[email]'])).data.attributes).toHaveProperty('email')
  })

  test('pledges are told to a token for memberships only', async () => {
    expect((await user(site.pat, ['identity'])).data.relationships).not.toHaveProperty('pledges')
    const { data } = await user(site.pat, ['identity', 'identity.memberships'])
    expect(data.relationships['pledges']?.data).toHaveLength(2)
  })

  test('pledges-to-me shows the pledge to the creator whose client asks, and no other', async () => {
    const pledged = async (clientOf: Account) => {
      const token = await site.aToken(site.pat, ['users', 'pledges-to-me'], clientOf)
      return (await site.get<Document>('/current_user', token)).body.data.relationships['pledges']?.data
    }

    expect(await pledged(site.creator)).toEqual([{ type: 'pledge', id: site.pledges.toCleo.id }])
    expect(await pledged(site.dora)).toEqual([{ type: 'pledge', id: site.pledges.toDora.id }])
    expect(await pledged(site.mel)).toEqual([])
  })

  test('a patron’s e-mail and postal addresses are told to their creator with a token for these only', async () => {
    const told = async (scopes: OAuthScope[]) => {
      const path = `/campaigns/${site.campaign.id}/pledges?include=patron.null,address`
      const { body } = await site.get<ListDocument>(path, await site.aToken(site.creator, scopes))
      const text = JSON.stringify(body)
      return [text.includes('pat@example.test'), text.includes('Main Street')]
    }

    expect(await told(['campaigns.members'])).toEqual([false, false])
    expect(await told(['campaigns.members', 'campaigns.members[email]'])).toEqual([true, false])
    expect(await told(['campaigns.members', 'campaigns.members.address'])).toEqual([false, true])
    expect(await told(['pledges'])).toEqual([true, true])
  })

  test('a creator is told of to a patron as to anybody, and so is the campaign', async () => {
    const { included } = await user(site.pat, everything)

    const text = JSON.stringify(included)
    expect(text).not.toContain('cleo@example.test')
    expect(text).not.toContain('thanks_msg')
    expect(text).toContain('"pledge_sum":500')
  })

  test('who is no patron of a creator is never told of another’s pledge, e-mail or address, wherever they look', async () => {
    const deep = 'pledges,campaign.pledges,campaign.creator.pledges,campaign.rewards.campaign.pledges'
    const paths = [
      `/current_user?include=${deep}`,
      '/current_user/campaigns?include=pledges,creator.pledges,creator.campaign.pledges',
      `/campaigns/${site.campaign.id}?include=pledges.patron,creator.pledges,rewards.campaign.pledges`,
      `/campaigns/${site.campaign.id}/pledges?include=patron,address`,
    ]

    for (const stranger of [site.mel, site.dora]) {
      const answers = await Promise.all(paths.map(async (path) => site.get(path, await site.aToken(stranger))))
      const text = JSON.stringify(answers.map(({ body }) => body))
      expect(text).not.toContain('cleo@example.test')
      expect(text).not.toContain(`"id":"${site.pledges.toCleo.id}","type":"pledge"`)
      if (stranger === site.mel) expect(text).not.toMatch(/pat@example\.test|Main Street/)
    }
  })

  test('a patron who is a creator too is told of as a patron, and their campaign as to anybody', async () => {
    const fresh = await aSite()
    const about = { vanity: 'pat', creationName: 'cakes', summary: '', isMonthly: true }
    const cakes = await fresh.run(createCampaign, { actor: as(fresh.pat), creatorId: fresh.pat.id, ...about })
    const path = `/campaigns/${fresh.campaign.id}/pledges?include=patron`

    const { body } = await fresh.get<ListDocument>(path, await fresh.aToken(fresh.creator))
    const campaign = body.included.find(({ type, id }) => type === 'campaign' && id === cakes.id)
    expect(campaign?.attributes).not.toHaveProperty('thanks_msg')
    expect(campaign?.attributes).toHaveProperty('creation_name', 'cakes')
  })
})

describe('what there is not', () => {
  test('is told in Patreon’s form: a path, a method, a campaign', async () => {
    const token = await site.aToken(site.creator)
    const missing = await site.get<Failure>('/kittens', token)
    const posted = await site.raw('/oauth2/api/current_user', { authorization: `Bearer ${token}` }, 'POST')

    expect(missing.status).toBe(404)
    expect(missing.headers['content-type']).toBe('application/vnd.api+json')
    expect(missing.body.errors).toMatchObject([{ code_name: 'ResourceNotFound', status: '404' }])
    expect(missing.body.errors[0]?.id).toMatch(/^[0-9a-f-]{36}$/)
    expect(posted.statusCode).toBe(405)
    expect(posted.headers).toMatchObject({ allow: 'GET, HEAD' })
    expect(posted.json<Failure>().errors[0]?.code_name).toBe('MethodNotAllowed')
  })
})

test('a page of many pledges takes as many looks into the store as a page of one', async () => {
  const fresh = await aSite()
  for (let number = 0; number < 30; number += 1) {
    const { patronId } = await aPledge(fresh, fresh.campaign, { name: `patron${number}`, at: number })
    const about = { vanity: `patron${number}`, creationName: 'x', summary: '', isMonthly: true }
    const actor = { accountId: patronId, isOperator: false }
    await fresh.run(createCampaign, { actor, creatorId: patronId, ...about })
  }
  const token = await fresh.aToken(fresh.creator)
  const looks = async (count: number) => {
    fresh.looks.count = 0
    const { body } = await fresh.get<ListDocument>(
      `/campaigns/${fresh.campaign.id}/pledges?page[count]=${count}`,
      token,
    )
    expect(body.data).toHaveLength(count)
    return fresh.looks.count
  }

  expect(await looks(30)).toBe(await looks(1))
})
