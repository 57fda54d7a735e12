import { describe, expect, test } from 'vitest'
import { pledgeTriggers } from '#src/domain/trigger.ts'
import { wireBytes, wireJson } from '#src/domain/wire-json.ts'
import { pledgeDocument } from '#src/membership/documents/pledge.ts'
import { timestamp } from '#src/membership/documents/timestamp.ts'
import { userResource } from '#src/membership/documents/user.ts'
import { exampleBody } from '#src/membership/examples.ts'
import { attributeKinds, relationshipKinds } from '../wire/v1-pledge-keys.ts'
import { pledgeBody } from './pledge-body.ts'
import { creator, linkBase, pledge, scene, tier } from './world.ts'

type Resource = {
  id: string
  type: string
  attributes: Record<string, unknown>
  relationships: Record<string, unknown>
}
type Document = { data: Resource; included: Resource[]; links: { self: string } }

const read = (bytes: Uint8Array | string): Document => JSON.parse(bytes.toString()) as Document
const documentOf = (changed: object): Document => read(wireJson(pledgeDocument({ ...scene, ...changed }, linkBase)))

describe('the document of a pledge', () => {
  test('is the same to the byte as what receivers were written against', () => {
    const bytes = wireBytes(pledgeDocument(scene, linkBase))

    expect(Buffer.from(bytes).toString('latin1')).toBe(pledgeBody)
  })

  test('escapes what is not ASCII, as Patreon did', () => {
    const text = wireJson(pledgeDocument(scene, linkBase))

    expect(text).toContain('"full_name":"Zo\\u00eb \\u2615 Tern"')
    expect(read(text).included[0]?.attributes['full_name']).toBe('Zoë ☕ Tern')
  })

  test('has patron, creator, the chosen reward, campaign, pseudo rewards, then the other rewards', () => {
    const other = { ...tier, id: '500002' }
    const { included } = documentOf({ standing: { ...scene.standing, tiers: [other, tier] } })

    expect(included.map(({ type, id }) => `${type} ${id}`)).toEqual([
      'user 900002',
      'user 900001',
      'reward 500001',
      'campaign 400100',
      'reward -1',
      'reward 0',
      'reward 500002',
    ])
  })

  test('points to nothing that is not in it, but to the address and the card that nobody has', () => {
    const document = documentOf({})
    const present = new Set([document.data, ...document.included].map(({ type, id }) => `${type} ${id}`))

    const targets = [document.data, ...document.included]
      .flatMap(({ relationships }) => Object.values(relationships) as { data: Resource | Resource[] | null }[])
      .flatMap(({ data }) => data ?? [])
    expect(targets.filter(({ type, id }) => !present.has(`${type} ${id}`))).toEqual([])
  })

  test('has no reward when no tier was chosen, and tells since when a payment is declined', () => {
    const changed = { ...pledge, tierId: null, declinedSince: Date.UTC(2017, 8, 1) }
    const { data, included } = documentOf({ pledge: changed })

    expect(data.relationships['reward']).toEqual({ data: null })
    expect(data.attributes['declined_since']).toBe('2017-09-01T00:00:00+00:00')
    expect(included.map(({ type }) => type).slice(0, 3)).toEqual(['user', 'user', 'campaign'])
  })

  test('says one user once where somebody is both', () => {
    const { included } = documentOf({ patron: scene.creator })

    expect(included.filter(({ type }) => type === 'user').map(({ id }) => id)).toEqual([creator.id])
  })

  test.each(pledgeTriggers)('has every key of 2017 in the example of %s', (trigger) => {
    const { data, included } = read(exampleBody(trigger, linkBase))

    for (const resource of [data, ...included]) expectEveryKey(resource)
    expect(new Set(included.map(({ type }) => type))).toEqual(new Set(['user', 'reward', 'campaign']))
  })

  test('has a new id and the old date after an edit', () => {
    const [before, after] = [
      read(exampleBody('pledges:create', linkBase)),
      read(exampleBody('pledges:update', linkBase)),
    ]

    expect(after.data.id).not.toBe(before.data.id)
    expect(after.data.attributes['created_at']).toBe(before.data.attributes['created_at'])
  })
})

describe('a user', () => {
  test.each([
    ['own', 23],
    ['patron', 17],
    ['public', 14],
  ] as const)('has, in the %s view, %i attributes', (view, count) => {
    const { attributes } = userResource(scene.patron, view, linkBase)

    expect(Object.keys(attributes)).toHaveLength(count)
    expect('email' in attributes).toBe(view !== 'public')
  })
})

describe('a timestamp', () => {
  test('has whole seconds and a numeric offset', () => {
    expect(timestamp(Date.UTC(2017, 7, 1, 12, 0, 0, 999))).toBe('2017-08-01T12:00:00+00:00')
  })
})

function expectEveryKey({ type, id, attributes, relationships }: Resource): void {
  const row = Number(id) < 1 ? 'pseudo' : (type as keyof typeof relationshipKinds)
  expect(id).toMatch(/^-?\d+$/)

  for (const [key, kind] of Object.entries(attributeKinds[row])) {
    const name = `${row}.${key}`
    expect({ [name]: kindOf(attributes[key], kind) }).toEqual({ [name]: kind })
  }
  for (const [key, kind] of Object.entries(relationshipKinds[row])) {
    const { data, links } = relationships[key] as { data: unknown; links?: { related: string } }
    expect(Array.isArray(data), `${row}.${key}`).toBe(kind === 'many')
    expect(links !== undefined, `${row}.${key}`).toBe(data !== null && kind !== 'many')
    if (kind === 'one') expect(data, `${row}.${key}`).not.toBeNull()
  }
}

/** Says the expected kind back when the value is of it, and the kind that it has when it is not. */
function kindOf(value: unknown, expected: string): string {
  const [kind, orNull] = expected.endsWith('?') ? [expected.slice(0, -1), true] : [expected, expected === 'nothing']
  if (value === null) return orNull ? expected : 'nothing'
  if (Number.isSafeInteger(value)) return kind === 'count' ? expected : 'count'
  if (typeof value === 'boolean') return kind === 'flag' ? expected : 'flag'
  if (typeof value === 'object') return kind === 'object' ? expected : 'object'
  if (typeof value !== 'string') return typeof value
  if (kind === 'time') return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/.test(value) ? expected : value
  if (kind === 'url') return URL.canParse(value) ? expected : value
  return kind === 'text' ? expected : 'text'
}
