import { beforeAll, describe, expect, test } from 'vitest'
import { pageCountLimit } from '#src/http/patreon-v1/query.ts'
import { editPledge } from '#src/membership/pledges.ts'
import { as } from '../membership/theatre.ts'
import { linkBase } from '../membership/world.ts'
import { aPledge, aSite, type Failure, type Identifier, type ListDocument, type Resource, type Site } from './site.ts'

let site: Site
let token: string
let path: string

const shared = Date.UTC(2017, 7, 1, 12, 0, 0, 250)

/** 37 pledges, in the order of their making: 20 share a millisecond, 6 more the second around it. */
beforeAll(async () => {
  site = await aSite()
  token = await site.aToken(site.dora)
  path = `/campaigns/${site.doras.id}/pledges`
  await site.records.memberships.endPledge(site.pledges.toDora.id, 0)
  const moments = [
    ...Array.from({ length: 8 }, (_, index) => shared - (8 - index) * 86_400_000),
    ...[shared - 250, shared - 2, shared - 1],
    ...Array.from({ length: 20 }, () => shared),
    ...[shared + 1, shared + 2, shared + 749, shared + 750, shared + 3_600_000, shared + 7_200_000],
  ]
  for (const [index, at] of moments.entries()) await aPledge(site, site.doras, { name: `patron${index}`, at })
})

/** All pages from a query on, as ids; `onward` may change each link before it is followed. */
async function walk(query: string, onward = (link: string) => link): Promise<{ ids: string[]; pages: ListDocument[] }> {
  const pages: ListDocument[] = []
  let next: string | undefined = `https://tidings.test/api/oauth2/api${path}?${query}`
  while (next !== undefined && pages.length < 100) {
    const { body }: { body: ListDocument } = await site.get<ListDocument>(next.split('/oauth2/api')[1] ?? '', token)
    pages.push(body)
    next = body.links.next === undefined ? undefined : onward(body.links.next)
  }
  return { ids: idsIn(pages), pages }
}

const idsIn = (pages: ListDocument[]): string[] => pages.flatMap(({ data }) => data.map(({ id }: Resource) => id))

const cursorIn = (link: string | undefined): string => new URL(link ?? '').searchParams.get('page[cursor]') ?? ''

describe('following links.next tells of each of 37 pledges once, in order', () => {
  for (const count of [1, 3, 10, 36, 37]) {
    for (const sort of ['created', '-created', 'updated', '-updated']) {
      test(`${count} at a time, by ${sort}`, async () => {
        const { ids, pages } = await walk(`page[count]=${count}&sort=${sort}`)
        const all = await walk(`page[count]=500&sort=${sort}`)

        expect(new Set(ids).size).toBe(37)
        expect(ids).toEqual(all.ids)
        expect(pages.every(({ data }) => data.length <= count)).toBe(true)
        expect(new Set(pages.map(({ meta }) => meta.count))).toEqual(new Set([37]))
      })
    }
  }

  test('the newest first is the oldest first read backwards', async () => {
    const up = await walk('sort=created')
    const down = await walk('sort=-created')

    expect(down.ids).toEqual(up.ids.toReversed())
  })
})

/** What Python's fromisoformat took before 3.11, and Java, Ruby, PHP, Go and JavaScript take: RFC 3339 in six digits. */
const strict = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?\+00:00$/

describe('a cursor', () => {
  test('is a date to everybody who reads dates, and is the true moment of the pledge that comes next', async () => {
    const { pages } = await walk('page[count]=1')

    const cursors = pages.flatMap(({ links }) => (links.next === undefined ? [] : [cursorIn(links.next)]))
    const moments = pages.slice(1).map(({ data }) => String(data[0]?.attributes['created_at']))
    expect(cursors.map((cursor) => `${new Date(cursor).toISOString().slice(0, 19)}+00:00`)).toEqual(moments)
    const precise = cursors.filter((cursor) => cursor.includes('.')).map((cursor) => Date.parse(cursor) - shared)
    expect(precise).toEqual([-2, -1, ...Array.from({ length: 20 }, () => 0), 1, 2, 749])
    expect(cursors.filter((cursor) => !strict.test(cursor))).toEqual([])
  })

  test('is in whole seconds wherever these suffice, in microseconds between two of one second', async () => {
    const { pages } = await walk('page[count]=1')

    const cursors = pages.slice(0, 12).map(({ links }) => cursorIn(links.next))
    const patron = pages[9]?.data[0]?.relationships['patron']?.data as Identifier
    expect(cursors.slice(6, 9)).toEqual([
      '2017-07-31T12:00:00+00:00',
      '2017-08-01T12:00:00+00:00',
      `2017-08-01T12:00:00.248${patron.id.padStart(3, '0')}+00:00`,
    ])
  })

  test('that was cut to milliseconds on the way brings some twice, but loses none', async () => {
    for (const sort of ['created', '-created']) {
      const cutCursor = (link: string) => link.replace(/(\.\d{3})\d+/, '$1')
      const { ids } = await walk(`page[count]=21&sort=${sort}`, cutCursor)

      expect(new Set(ids).size).toBe(37)
    }
  })

  test('may be a date that somebody wrote: the list begins there, in either direction', async () => {
    const at = async (cursor: string, sort: string) =>
      (await walk(`page[count]=500&sort=${sort}&page[cursor]=${cursor}`)).ids.length

    expect(await at('2017-08-01T13:00:00%2B00:00', 'created')).toBe(2)
    expect(await at('2017-08-01T13:00:00+00:00', 'created')).toBe(2)
    expect(await at('2017-08-01T15:00:00+02:00', 'created')).toBe(2)
    expect(await at('2017-08-01', 'created')).toBe(29)
    expect(await at('2017-07-31', '-created')).toBe(8)
    expect(await at('2017-08-01T12:00:00Z', '-created')).toBe(34)
    expect(await at('', 'created')).toBe(37)
  })

  test('that is no date is refused, and so are a sort and a count that mean nothing', async () => {
    for (const query of [
      'page[cursor]=soon',
      'page[cursor]=2017-13-45',
      'sort=amount',
      'sort=',
      'page[count]=0',
      'page[count]=ten',
    ]) {
      const { status, body } = await site.get<Failure>(`${path}?${query}`, token)

      expect([query, status, body.errors[0]?.code_name]).toEqual([query, 400, 'ParameterInvalidOnType'])
    }
  })
})

describe('the links of a page', () => {
  test('are absolute, with brackets and cursor encoded; the last page has no next', async () => {
    const base = `https://tidings.test/api/oauth2/api${path}?page%5Bcount%5D=8&sort=created`
    const { pages } = await walk('page[count]=8')

    expect(pages[0]?.links).toEqual({ first: base, next: `${base}&page%5Bcursor%5D=2017-08-01T12%3A00%3A00%2B00%3A00` })
    expect(pages.at(-1)?.links).toEqual({ first: base })
  })

  test('say ten at a time by creation where the query says nothing', async () => {
    const { body } = await site.get<ListDocument>(path, token)

    expect(body.data).toHaveLength(10)
    expect(body.links.first).toBe(`https://tidings.test/api/oauth2/api${path}?page%5Bcount%5D=10&sort=created`)
  })

  test('say how many a page holds at most, where more were asked for', async () => {
    const { body } = await site.get<ListDocument>(`${path}?page[count]=100000`, token)

    expect(body.links.first).toContain(`?page%5Bcount%5D=${pageCountLimit}&`)
  })

  test('keep what else was asked for, so that every page tells the same', async () => {
    const { pages } = await walk('include=patron.null&fields[user]=full_name&page[count]=30')

    expect(pages[0]?.links.next).toContain('&include=patron.null&fields%5Buser%5D=full_name&page%5Bcursor%5D=')
    expect(pages[1]?.included.map(({ attributes }) => Object.keys(attributes))).toEqual(
      Array.from({ length: 7 }, () => ['full_name']),
    )
  })

  test('of a campaign without pledges are there, and count none', async () => {
    const fresh = await aSite()
    await fresh.records.memberships.endPledge(fresh.pledges.toDora.id, 0)

    const { body } = await fresh.get<ListDocument>(path, await fresh.aToken(fresh.dora))
    const first = `https://tidings.test/api/oauth2/api/campaigns/${fresh.doras.id}/pledges?page%5Bcount%5D=10&sort=created`
    expect(body).toMatchObject({ data: [], links: { first }, meta: { count: 0 } })
    expect(body.links).not.toHaveProperty('next')
  })
})

test('a pledge whose terms were changed is the latest by updated, and stays where it was by created', async () => {
  const fresh = await aSite()
  const terms = { amountCents: 700, tierId: null, capCents: null, patronPaysFees: false }
  const later = await aPledge(fresh, fresh.campaign, { name: 'later', at: fresh.pledges.toCleo.createdAt + 1000 })
  const edited = await fresh.run(editPledge, {
    actor: as(fresh.pat),
    pledgeId: fresh.pledges.toCleo.id,
    terms,
    linkBase,
  })
  const ofCleo = await fresh.aToken(fresh.creator)
  const listed = async (sort: string) =>
    (await fresh.get<ListDocument>(`/campaigns/${fresh.campaign.id}/pledges?sort=${sort}`, ofCleo)).body.data.map(
      ({ id }) => id,
    )

  expect(await listed('created')).toEqual([edited.id, later.id])
  expect(await listed('updated')).toEqual([later.id, edited.id])
  expect(await listed('-updated,created')).toEqual([edited.id, later.id])
})

test('who changes their pledge while somebody turns the pages is neither lost nor told twice', async () => {
  const fresh = await aSite()
  await fresh.records.memberships.endPledge(fresh.pledges.toCleo.id, 0)
  const made = []
  for (let number = 1; number <= 4; number += 1)
    made.push(await aPledge(fresh, fresh.campaign, { name: `p${number}`, at: shared }))
  const ofCleo = await fresh.aToken(fresh.creator)
  const read = async (url: string) => (await fresh.get<ListDocument>(url, ofCleo)).body
  const patrons = ({ data }: ListDocument) => data.map(({ relationships }) => relationships['patron']?.data)

  const first = await read(`/campaigns/${fresh.campaign.id}/pledges?page[count]=2&sort=-created`)
  const [unseen] = made
  if (unseen === undefined) throw new Error('four pledges were made')
  await fresh.records.memberships.endPledge(unseen.id, shared + 1)
  await fresh.records.memberships.insertPledge({ ...unseen, amountCents: 900 })
  const second = await read(first.links.next?.split('/oauth2/api')[1] ?? '')

  expect([...patrons(first), ...patrons(second)]).toEqual(
    made.toReversed().map(({ patronId }) => ({ type: 'user', id: patronId })),
  )
})
