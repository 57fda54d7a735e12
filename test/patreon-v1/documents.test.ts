import { beforeAll, describe, expect, test } from 'vitest'
import { attributesOf } from '#src/http/patreon-v1/names.ts'
import type { ResourceType } from '#src/membership/documents/json-api.ts'
import { attributeKinds, relationshipKinds } from './shapes.ts'
import { aSite, type Document, type ListDocument, type Relationship, type Resource, type Site } from './site.ts'

let site: Site
let ofPat: string
let ofCleo: string

beforeAll(async () => {
  site = await aSite()
  ofPat = await site.aToken(site.pat)
  ofCleo = await site.aToken(site.creator)
})

describe('what a document says of each thing has at least the keys and the kinds of value that clients know', () => {
  test('current_user of a patron', async () => {
    const { body } = await site.get<Document>('/current_user', ofPat)

    expect(faultsIn([body.data], 'own')).toEqual([])
    expect(faultsIn(body.included)).toEqual([])
    expect(body.data.relationships['pledges']).toEqual({ data: [{ type: 'pledge', id: site.pledges.toCleo.id }] })
    expect(typesIn(body.included)).toEqual(['address', 'campaign', 'pledge', 'reward', 'user'])
    expect(body.links).toEqual({ self: `https://tidings.test/api/user/${site.pat.id}` })
  })

  test('current_user of a creator', async () => {
    const { body } = await site.get<Document>('/current_user', ofCleo)

    expect(faultsIn([body.data, ...body.included], 'own')).toEqual([])
    expect(typesIn(body.included)).toEqual(['campaign', 'reward'])
  })

  test('current_user/campaigns', async () => {
    const { body } = await site.get<ListDocument>('/current_user/campaigns', ofCleo)

    expect(Object.keys(body).sort()).toEqual(['data', 'included'])
    expect(faultsIn([...body.data, ...body.included], 'own')).toEqual([])
    expect(typesIn(body.included)).toEqual(['reward', 'user'])
  })

  test('campaigns/:id', async () => {
    const { body } = await site.get<Document>(`/campaigns/${site.campaign.id}`, ofCleo)

    expect(faultsIn([body.data, ...body.included], 'own')).toEqual([])
    expect(body.links.self).toBe(`https://tidings.test/api/campaigns/${site.campaign.id}`)
  })

  test('campaigns/:id/pledges', async () => {
    const { body } = await site.get<ListDocument>(`/campaigns/${site.campaign.id}/pledges`, ofCleo)

    const patron = body.included.find(({ type, id }) => type === 'user' && id === site.pat.id)
    const others = body.included.filter((resource) => resource !== patron)
    expect(faultsIn([...body.data, ...others], 'own')).toEqual([])
    expect(faultsIn(patron === undefined ? [] : [patron])).toEqual([])
    expect(typesIn(body.included)).toEqual(['address', 'campaign', 'reward', 'user'])
    expect(body.meta).toEqual({ count: 1 })
  })
})

test('a campaign brings the two rewards that everybody has, also where its creator offers none', async () => {
  const { body } = await site.get<ListDocument>('/current_user/campaigns', await site.aToken(site.dora))

  expect(body.included.filter(({ type }) => type === 'reward').map(({ id }) => id)).toEqual(['-1', '0'])
})

test('a user has 23 attributes for themselves, 17 for their creator, 14 for everybody else', async () => {
  const own = await site.get<Document>('/current_user', ofPat)
  const pledges = await site.get<ListDocument>(`/campaigns/${site.campaign.id}/pledges`, ofCleo)

  const creator = own.body.included.find(({ id, type }) => type === 'user' && id === site.creator.id)
  const patron = pledges.body.included.find(({ id, type }) => type === 'user' && id === site.pat.id)
  const counts = [own.body.data, patron, creator].map((user) => Object.keys(user?.attributes ?? {}).length)
  expect(counts).toEqual([23, 17, 14])
})

test('nothing is told that could not be asked for by name', async () => {
  const paths = ['/current_user', '/current_user/campaigns', `/campaigns/${site.campaign.id}/pledges`]
  const documents = await Promise.all(paths.map((path) => site.get<ListDocument>(path, ofCleo)))

  const strange = documents
    .flatMap(({ body }) => [body.data, body.included].flat())
    .flatMap(({ type, attributes }) => {
      const known = attributesOf(type as ResourceType)
      return Object.keys(attributes).filter((name) => !known.includes(name))
    })
  expect(strange).toEqual([])
})

test('the same paths answer as on the older host, without /api; the answer is JSON:API in ASCII with its keys in order', async () => {
  const here = await site.raw('/api/oauth2/api/current_user', { authorization: `Bearer ${ofPat}` })
  const there = await site.raw('/oauth2/api/current_user', { authorization: `bearer ${ofPat}` })

  expect(there.body).toBe(here.body)
  expect(here.headers['content-type']).toBe('application/vnd.api+json')
  expect(here.headers['cache-control']).toBe('no-store')
  expect(here.body.startsWith('{"data":{"attributes":{"about":"","created":"1970-01-01T00:00:00+00:00",')).toBe(true)
})

test('a client of version 2 may ask here with the scopes that it has', async () => {
  const token = await site.aToken(site.pat, ['identity', 'identity[email]', 'identity.memberships'])
  const { body } = await site.get<Document>('/current_user', token)

  expect(body.data.attributes['email']).toBe('pat@example.test')
  expect(body.data.relationships['pledges']?.data).toHaveLength(2)
})

/** What is missing in these things or of another kind than clients know. Only the own view has everything. */
function faultsIn(resources: Resource[], view: 'own' | 'less' = 'less'): string[] {
  return resources.flatMap((resource) => {
    const shape = resource.type === 'reward' && Number(resource.id) <= 0 ? 'pseudo' : resource.type
    const attributes = Object.entries(attributeKinds[shape] ?? {})
      .filter(([key]) => view === 'own' || key in resource.attributes)
      .filter(([key, kinds]) => !kinds.split('|').some((kind) => isOfKind(resource.attributes[key], kind)))
    const relationships = Object.entries(relationshipKinds[shape] ?? {}).filter(
      ([name, kind]) => !pointsTo(resource.relationships[name], kind),
    )
    const known = shape in attributeKinds ? [] : [`unknown type ${shape}`]
    return [...known, ...[...attributes, ...relationships].map(([name]) => `${shape} ${resource.id}: ${name}`)]
  })
}

function isOfKind(value: unknown, kind: string): boolean {
  switch (kind) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'integer':
      return Number.isSafeInteger(value)
    case 'datetime':
      return typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/.test(value)
    case 'url':
      return typeof value === 'string' && URL.canParse(value)
    default:
      return typeof value === kind && value !== null
  }
}

function pointsTo(relationship: Relationship | undefined, kind: string): boolean {
  const type = kind.split(' ').at(-1)
  const { data, links } = relationship ?? {}
  if (Array.isArray(data))
    return kind.startsWith('many') && data.every((one) => one.type === type) && links === undefined
  if (data === null) return kind.startsWith('null or')
  return data?.type === type && URL.canParse(links?.related ?? '')
}

const typesIn = (resources: Resource[]): string[] => [...new Set(resources.map(({ type }) => type))].sort()
