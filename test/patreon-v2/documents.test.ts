import { beforeAll, describe, expect, test } from 'vitest'
import { attributeTypes, isOf } from './attribute-types.ts'
import { aPost, aScene, began, type Document, linkBase, type Named, type Scene, type Thing } from './scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await aScene()
  await aPost(scene.records, scene.comics, 'Page one')
})

/** Asks for every attribute of every type. */
const everything = Object.entries(attributeTypes)
  .map(([type, attributes]) => `fields%5B${type}%5D=${Object.keys(attributes).join(',')}`)
  .join('&')

const members = () => `/campaigns/${scene.comics.id}/members`

async function list(path: string): Promise<Document<Thing[]>> {
  const { status, body } = await scene.get<Thing[]>(path, scene.creators)
  if (status !== 200) throw new Error(JSON.stringify(body))
  return body
}

const named = (things: Thing[] | undefined): string[] => (things ?? []).map(({ type, id }) => `${type} ${id}`)

describe('every attribute that Patreon documents', () => {
  test('is there when it is asked for, in the documented JSON type', async () => {
    const all = [
      await list(
        `${members()}?include=user,address,currently_entitled_tiers.benefits,currently_entitled_tiers.tier_image,campaign,pledge_history&${everything}`,
      ),
      await list(`/campaigns/${scene.comics.id}/posts?${everything}`),
    ].flatMap(({ data, included }) => [...data, ...(included ?? [])])
    const tellEmail = all.filter(({ type, id }) => type !== 'user' || id !== scene.cleo.id)

    const wrong = tellEmail.flatMap(({ type, attributes }) =>
      Object.entries(attributeTypes[type] ?? {})
        .filter(([name, kind]) => !isOf(kind, attributes[name]))
        .map(([name, kind]) => `${type}.${name} is ${JSON.stringify(attributes[name])} and no ${kind}`),
    )
    expect(new Set(all.map(({ type }) => type))).toEqual(new Set(Object.keys(attributeTypes)))
    expect(wrong).toEqual([])
  })

  test('is not there when it is not asked for', async () => {
    const { data } = await list(`${members()}?include=user`)

    expect(data[0]).toMatchObject({ type: 'member', attributes: {} })
    expect(Object.keys(data[0]?.attributes ?? {})).toEqual([])
  })

  test('is written with milliseconds and an offset where it is a moment', async () => {
    const { data } = await list(`${members()}?fields[member]=pledge_relationship_start`)

    expect(data[0]?.attributes).toEqual({ pledge_relationship_start: '2024-01-02T03:04:05.678+00:00' })
    expect(new Date(began).toISOString()).toBe('2024-01-02T03:04:05.678Z')
  })
})

describe('asking for less', () => {
  test('a user without fields is its type and its id', async () => {
    const { body } = await scene.get('/identity', scene.creators)

    expect(body).toEqual({
      data: { attributes: {}, id: scene.cleo.id, type: 'user' },
      links: { self: `${linkBase}/api/oauth2/v2/user/${scene.cleo.id}` },
    })
  })

  test('brackets may be written as they are or percent-encoded, and names apart', async () => {
    const raw = await scene.get('/identity?fields[user]=full_name,vanity', scene.creators)
    const encoded = await scene.get('/identity?fields%5Buser%5D=full_name&fields%5Buser%5D=vanity', scene.creators)

    expect(raw.body.data.attributes).toEqual({ full_name: 'Cleo', vanity: null })
    expect(encoded.body).toEqual(raw.body)
  })

  test.for([
    ['fields[user]=shoe_size', 'fields[user]'],
    ['fields[spaceship]=name', 'fields[spaceship]'],
    ['fields[constructor]=name', 'fields[constructor]'],
    ['include=shoes', 'include'],
    ['include=memberships.shoes', 'include'],
    ['include=toString', 'include'],
    ['include=memberships.user.memberships.user.memberships.user', 'include'],
  ])('%s is refused, and the answer says which parameter it was', async ([query, parameter]) => {
    const { status, body } = await scene.get(`/identity?${query}`, scene.creators)

    expect(status).toBe(400)
    expect(body.errors).toMatchObject([{ code_name: 'ParameterInvalidOnType', status: '400', source: { parameter } }])
  })
})

test.for([
  ['fields[campaign]=patron_count', 'campaign', { patron_count: 2 }],
  ['fields[tier]=patron_count', 'tier', { patron_count: 1 }],
  ['fields[tier]=remaining', 'tier', { remaining: 19 }],
] as const)('%s is counted', async ([fields, type, attributes]) => {
  const { included } = await list(`${members()}?include=campaign.tiers&${fields}`)

  expect(included?.find((thing) => thing.type === type)?.attributes).toEqual(attributes)
})

describe('including', () => {
  test('shows the relationships that were asked for, with links where Patreon has them', async () => {
    const { data, included } = await list(`${members()}?include=currently_entitled_tiers,user&fields[tier]=title`)
    const [pat] = data

    expect(pat?.relationships).toEqual({
      currently_entitled_tiers: { data: [{ id: scene.small.id, type: 'tier' }] },
      user: {
        data: { id: scene.pat.id, type: 'user' },
        links: { related: `${linkBase}/api/oauth2/v2/user/${scene.pat.id}` },
      },
    })
    expect(included).toContainEqual({ attributes: { title: 'For 500' }, id: scene.small.id, type: 'tier' })
    expect(included).toContainEqual({ attributes: {}, id: scene.pat.id, type: 'user' })
  })

  test('answers with a list of what was included even when there is nothing, and without one when nobody asked', async () => {
    const goals = await scene.get<Thing[]>('/campaigns?include=goals', scene.creators)
    const nothing = await scene.get<Thing[]>('/campaigns', scene.creators)

    expect(goals.body.included).toEqual([])
    expect(goals.body.data[0]?.relationships).toEqual({ goals: { data: [] } })
    expect(nothing.body).not.toHaveProperty('included')
  })

  test('brings each thing once, however many ways lead to it, and nothing that no way leads to', async () => {
    const ways =
      'user,campaign.tiers.benefits.tiers,campaign.creator,currently_entitled_tiers.campaign,pledge_history.tier'
    const { data, included } = await list(`${members()}?include=${ways}`)
    const names = named([...data, ...(included ?? [])])
    const linked = [...data, ...(included ?? [])]
      .flatMap(({ relationships }) => Object.values(relationships ?? {}))
      .flatMap(({ data: ends }) => [ends ?? []].flat())
      .map(({ type, id }: Named) => `${type} ${id}`)

    expect(names).toEqual([...new Set(names)])
    expect(new Set(names)).toEqual(new Set([...named(data), ...linked]))
  })

  test('a thing that two ways lead to shows what either of them asked for', async () => {
    const { included } = await list(`${members()}?include=campaign.creator,currently_entitled_tiers.campaign.tiers`)
    const campaign = included?.find(({ type }) => type === 'campaign')

    expect(Object.keys(campaign?.relationships ?? {}).sort()).toEqual(['creator', 'tiers'])
  })

  test('tells a pledge’s history by events whose ids begin with what happened', async () => {
    const { included } = await list(`${members()}?include=pledge_history&fields[pledge-event]=type,payment_status`)

    expect(included?.[0]?.id).toMatch(/^pledge_start:\d+$/)
    expect(included?.[1]?.id).toMatch(/^subscription:\d+$/)
    expect(included?.[1]?.attributes).toEqual({ type: 'subscription', payment_status: 'Paid' })
  })
})

test('both of Patreon’s hosts’ paths lead to the same calls', async () => {
  const legacy = await scene.get(`${linkBase}/oauth2/v2/identity`, scene.creators)

  expect(legacy.status).toBe(200)
  expect(legacy.body).toEqual((await scene.get('/identity', scene.creators)).body)
  expect(legacy.headers['content-type']).toBe('application/vnd.api+json')
})

test('how often the database is asked depends on what is included, and not on how many members there are', async () => {
  const asks = async (count: number) => {
    scene.asked()
    await list(
      `${members()}?page[count]=${count}&include=user.campaign,address,campaign.creator,pledge_history.tier.benefits`,
    )
    return scene.asked()
  }

  expect(await asks(2)).toBe(await asks(1))
})
