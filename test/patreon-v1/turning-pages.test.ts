// Clients follow links.next, or take only the cursor out of it and send it with parameters of their own. Either way
// everybody who stays is told once and in order, whoever joins, leaves and edits meanwhile, and however many share a moment.
import fc from 'fast-check'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { aSite, type ListDocument, type Resource, type Site } from './site.ts'

const moment = Date.UTC(2017, 7, 1, 12, 0, 0, 250)

let site: Site
let token: string
/** Some share the last three digits of their numbers, and with them the place in a millisecond. */
let patronIds: string[]
const open = new Map<string, string>()

beforeAll(async () => {
  site = await aSite()
  token = await site.aToken(site.dora)
  await site.records.memberships.endPledge(site.pledges.toDora.id, 0)
  const accounts = Array.from({ length: 1_100 }, (_, number) => `p${number}`)
  patronIds = []
  for (const name of accounts) {
    const account = { email: `${name}@example.test`, fullName: name, vanity: null }
    patronIds.push((await site.records.accounts.insert({ ...account, role: 'member', passwordHash: null }, 0)).id)
  }
})

afterEach(async () => {
  for (const patronId of [...open.keys()]) await leave(patronId)
})

async function join(patronId: string, createdAt: number): Promise<void> {
  const terms = { amountCents: 300, tierId: null, capCents: null, patronPaysFees: false, declinedSince: null }
  const made = {
    campaignId: site.doras.id,
    patronId,
    createdAt,
    cadenceMonths: 1,
    kind: 'paid',
    freeUntil: null,
  } as const
  open.set(patronId, (await site.records.memberships.insertPledge({ ...terms, ...made })).id)
}

async function leave(patronId: string): Promise<void> {
  await site.records.memberships.endPledge(open.get(patronId) ?? '', moment)
  open.delete(patronId)
}

type Client = (next: URL, query: string) => string

/** As most do. */
const followsTheLink: Client = (next) => next.search.slice(1)

/** As patreon-python does. */
const takesTheCursor: Client = (next, query) =>
  `${query}&page[cursor]=${encodeURIComponent(next.searchParams.get('page[cursor]') ?? '')}`

/** Takes it for a date, and writes it anew. */
const readsTheDate: Client = (next, query) => {
  const [, whole = '', fraction = ''] =
    /^(.{19})(\.\d{6})?\+00:00$/.exec(next.searchParams.get('page[cursor]') ?? '') ?? []
  return `${query}&page[cursor]=${whole.replace('T', ' ')}${fraction}Z`
}

/** Turns all the pages, and says whose pledges were on them; `between` happens between one and the next. */
async function turn(query: string, client: Client, between: (page: number) => Promise<void> = async () => {}) {
  const [told, next] = [[] as string[][], { query }]
  for (;;) {
    const { body } = await site.get<ListDocument>(`/campaigns/${site.doras.id}/pledges?${next.query}`, token)
    told.push(body.data.map(patronOf))
    if (body.links.next === undefined) return told
    next.query = client(new URL(body.links.next), query)
    await between(told.length)
    expect(told.length).toBeLessThan(1_500)
  }
}

const patronOf = ({ relationships }: Resource): string => [relationships['patron']?.data ?? []].flat()[0]?.id ?? ''

const anyClient = fc.constantFrom(followsTheLink, takesTheCursor, readsTheDate)
const changes = fc.array(fc.tuple(fc.constantFrom('leave', 'join', 'edit'), fc.nat(29), fc.constantFrom(0, 1, 999)))

test('everybody who stays is told once, in order, while others come and go', { timeout: 120_000 }, async () => {
  const few = [...patronIds.slice(0, 15), ...patronIds.slice(1_000, 1_015)]
  const pledgers = fc.array(fc.constantFrom(0, 0, 0, 1, 2, 749, 86_400_000), { minLength: 30, maxLength: 30 })

  await fc.assert(
    fc.asyncProperty(
      ...[pledgers, fc.integer({ min: 1, max: 7 }), fc.constantFrom('created', '-created'), anyClient, changes],
      async (later: number[], count: number, sort: string, client: Client, happening) => {
        for (const patronId of [...open.keys()]) await leave(patronId)
        for (const [index, patronId] of few.entries())
          if (index % 4 > 0) await join(patronId, moment + (later[index] ?? 0))
        const before = (await turn(`page[count]=500&sort=${sort}`, followsTheLink)).flat()
        const touched = new Set<string>()

        const pages = await turn(`page[count]=${count}&sort=${sort}`, client, async () => {
          const [what, index, at] = happening.pop() ?? ['', 0, 0]
          const patronId = few[index] ?? ''
          if (what === '') return
          if (what !== 'edit') touched.add(patronId)
          const makesNew = what === 'edit' ? open.has(patronId) : what === 'join' && !open.has(patronId)
          const since = moment + (what === 'edit' ? (later[index] ?? 0) : at)
          if (open.has(patronId) && what !== 'join') await leave(patronId)
          if (makesNew) await join(patronId, since)
        })

        const told = pages.flat()
        const stayed = (ids: string[]) => ids.filter((id) => !touched.has(id))
        expect(stayed(told)).toEqual(stayed(before))
      },
    ),
    { numRuns: 40 },
  )
})

test.each([
  ['created', 7, takesTheCursor],
  ['-created', 2, takesTheCursor],
  ['created', 500, readsTheDate],
  ['updated', 90, followsTheLink],
])('1,100 pledges of one millisecond are told once each, by %s, %i at a time', async (sort, count, client) => {
  for (const patronId of patronIds) await join(patronId, moment)

  const pages = await turn(`page[count]=${count}&sort=${sort}`, client)

  const told = pages.flat()
  expect(told).toHaveLength(1_100)
  expect(new Set(told).size).toBe(1_100)
  expect(pages.filter(({ length }) => length > count)).toEqual([])
})
