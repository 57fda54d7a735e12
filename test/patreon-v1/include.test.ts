import { beforeAll, describe, expect, test } from 'vitest'
import { createCampaign } from '#src/membership/campaigns.ts'
import { as } from '../membership/theatre.ts'
import { aPledge, aSite, type Document, type Failure, type ListDocument, type Site } from './site.ts'

let site: Site
let ofPat: string
let ofCleo: string

beforeAll(async () => {
  site = await aSite()
  ofPat = await site.aToken(site.pat)
  ofCleo = await site.aToken(site.creator)
})

const included = async (path: string, token: string): Promise<string[]> => {
  const { body } = await site.get<Document>(path, token)
  return body.included.map(({ type, id }) => (type === 'reward' ? `reward ${id}` : type)).sort()
}

const refusal = async (path: string): Promise<string> => {
  const { status, body } = await site.get<Failure>(path, ofPat)
  return `${status} ${body.errors[0]?.code_name}`
}

describe('include', () => {
  test('names what comes along instead of the defaults; below a name the defaults hold again', async () => {
    expect(await included('/current_user?include=pledges', ofPat)).toEqual([
      'address',
      'campaign',
      'pledge',
      'reward -1',
      'reward 0',
      `reward ${site.tier.id}`,
      'user',
    ])
    expect(await included('/current_user/campaigns?include=creator', ofCleo)).toEqual([
      'reward -1',
      'reward 0',
      `reward ${site.tier.id}`,
      'user',
    ])
  })

  test('is none with null, and stops with null below a name', async () => {
    expect(await included('/current_user?include=null', ofPat)).toEqual([])
    expect(await included('/current_user?include=', ofPat)).toEqual([])
    expect(await included('/current_user?include=pledges.null', ofPat)).toEqual(['pledge'])
    expect(await included('/current_user/campaigns?include=creator.null', ofCleo)).toEqual(['user'])
  })

  test('goes as deep as it is written, and is also called includes', async () => {
    const path = 'pledges.creator.null,pledges.reward'
    const expected = ['pledge', `reward ${site.tier.id}`, 'user']

    expect(await included(`/current_user?include=${path}`, ofPat)).toEqual(expected)
    expect(await included(`/current_user?includes=${path}`, ofPat)).toEqual(expected)
  })

  test('has no defaults at any depth when they are switched off', async () => {
    const off = 'json-api-use-default-includes=false'

    expect(await included(`/current_user?${off}`, ofPat)).toEqual([])
    expect(await included(`/current_user?${off}&include=pledges`, ofPat)).toEqual(['pledge'])
  })

  test('of what is not there brings nothing, and is an empty list', async () => {
    expect(await included('/current_user?include=pledges.card,pledges.pledge_vat_location', ofPat)).toEqual(['pledge'])
    expect(await included('/current_user/campaigns?include=goals', ofCleo)).toEqual([])
  })

  test('of a relationship that there is not is refused by name', async () => {
    const { status, body } = await site.get<Failure>('/current_user?include=pledges.kittens', ofPat)

    expect(status).toBe(400)
    expect(body.errors).toMatchObject([
      { code_name: 'ParameterInvalidOnType', status: '400', source: { parameter: 'include' } },
    ])
    expect(body.errors[0]?.detail).toContain('A pledge has no relationship "kittens".')
  })

  test('may be long, but not without end', async () => {
    const circle = 'campaign.creator.'.repeat(30)

    expect(await included(`/current_user?include=${circle}campaign.null`, ofCleo)).toEqual(['campaign'])
    expect(await refusal(`/current_user?include=${circle.repeat(4)}campaign`)).toBe('400 ParameterInvalidOnType')
  })
})

describe('the pledges of a campaign', () => {
  test('come along with it when they are asked for: the first twenty, and where the rest is', async () => {
    const fresh = await aSite()
    const made: string[] = []
    for (let number = 1; number <= 22; number += 1) {
      made.push((await aPledge(fresh, fresh.campaign, { name: `patron${number}`, at: number * 1000 })).id)
    }
    const token = await fresh.aToken(fresh.creator)

    const { body } = await fresh.get<ListDocument>(
      '/current_user/campaigns?include=rewards,creator,goals,pledges',
      token,
    )
    const pledges = body.data[0]?.relationships['pledges']
    expect(pledges?.data).toHaveLength(20)
    expect(body.included.filter(({ type }) => type === 'pledge')).toHaveLength(20)
    const first = `https://tidings.test/api/oauth2/api/campaigns/${fresh.campaign.id}/pledges?page%5Bcount%5D=20&sort=created`
    expect(pledges?.links).toEqual({ first, next: `${first}&page%5Bcursor%5D=1970-01-01T00%3A00%3A21%2B00%3A00` })

    const rest = await fresh.get<ListDocument>(pledges?.links?.next?.split('/oauth2/api')[1] ?? '', token)
    expect(rest.body.data.map(({ id }) => id)).toEqual([...made.slice(20), fresh.pledges.toCleo.id])
  })

  test('are told of each campaign by itself, where a creator has several', async () => {
    const fresh = await aSite()
    const about = { vanity: 'cleo-too', creationName: 'songs', summary: '', isMonthly: true }
    const second = await fresh.run(createCampaign, { actor: as(fresh.creator), creatorId: fresh.creator.id, ...about })
    const later = await aPledge(fresh, second, { name: 'later', at: 2000 })
    const earlier = await aPledge(fresh, second, { name: 'earlier', at: 1000 })

    const path = '/current_user/campaigns?include=pledges.null'
    const { body } = await fresh.get<ListDocument>(path, await fresh.aToken(fresh.creator))
    const told = body.data.map(({ relationships }) => [relationships['pledges']?.data].flat().map((one) => one?.id))
    expect(told).toEqual([[fresh.pledges.toCleo.id], [earlier.id, later.id]])
    expect(body.included.map(({ id }) => id)).toEqual([fresh.pledges.toCleo.id, earlier.id, later.id])
  })

  test('are told to no token that may not see patrons', async () => {
    const token = await site.aToken(site.creator, ['my-campaign'])
    const { body } = await site.get<ListDocument>('/current_user/campaigns?include=pledges', token)

    expect(body.data[0]?.relationships).not.toHaveProperty('pledges')
    expect(body.included).toEqual([])
  })
})

describe('fields', () => {
  test('restrict what is told of a kind of thing, and leave other kinds as they are', async () => {
    const { body } = await site.get<Document>('/current_user?fields[user]=full_name,email', ofPat)

    expect(body.data.attributes).toEqual({ full_name: 'pat', email: 'pat@example.test' })
    expect(body.included.find(({ type }) => type === 'pledge')?.attributes).toHaveProperty('amount_cents', 500)
  })

  test('add what is told only when asked for, also with encoded brackets', async () => {
    const { body } = await site.get<Document>(
      '/current_user?fields%5Buser%5D=like_count,comment_count&fields%5Bpledge%5D=status,currency,is_paused,has_shipping_address,total_historical_amount_cents',
      ofPat,
    )

    expect(body.data.attributes).toEqual({ like_count: 0, comment_count: 0 })
    expect(body.included.find(({ type }) => type === 'pledge')?.attributes).toEqual({
      currency: 'USD',
      has_shipping_address: true,
      is_paused: false,
      status: 'valid',
      // The first charge is taken at once.
      total_historical_amount_cents: site.pledges.toCleo.amountCents,
    })
  })

  test('that are none leave a thing with its type, id and relationships', async () => {
    const { body } = await site.get<Document>('/current_user?fields[user]=&include=null', ofPat)

    expect(body.data).toMatchObject({ type: 'user', id: site.pat.id, attributes: {} })
    expect(body.data.relationships).toHaveProperty('campaign')
  })

  test('of an unknown type, or with an unknown name, are refused', async () => {
    expect(await refusal('/current_user?fields[kitten]=name')).toBe('400 ParameterInvalidOnType')
    expect(await refusal('/current_user?fields[user]=full_name,nickname')).toBe('400 ParameterInvalidOnType')
  })

  test('say what a declined pledge is, and what a patron has paid so far', async () => {
    const fresh = await aSite()
    await fresh.records.memberships.setDeclined(fresh.pledges.toCleo.id, Date.UTC(2017, 8, 1))
    const found = await fresh.records.members.findMemberOf({ campaignId: fresh.campaign.id, accountId: fresh.pat.id })
    if (found === null) throw new Error('who pledges is a member')
    await fresh.records.members.keepMember({ ...found.member, lifetimeCents: 1500 })
    const path = `/campaigns/${fresh.campaign.id}/pledges?fields[pledge]=status,declined_since,total_historical_amount_cents`

    const { body } = await fresh.get<ListDocument>(path, await fresh.aToken(fresh.creator))
    expect(body.data[0]?.attributes).toEqual({
      status: 'declined',
      declined_since: '2017-09-01T00:00:00+00:00',
      total_historical_amount_cents: 1500,
    })
  })
})
