import { beforeAll, describe, expect, test } from 'vitest'
import { aMember, aPost, aScene, linkBase, person, type Scene, type Thing } from './scene.ts'

let scene: Scene
beforeAll(async () => {
  scene = await aScene()
})

const list = async (path: string) => await scene.get<Thing[]>(path, scene.creators)

async function manyMembers(count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    await aMember(scene.records, await person(scene.records, `Patron ${scene.comics.id}x${number}`), scene.small)
  }
}

/** Follows the links to the end. */
async function readThrough(start: string, between: () => Promise<void> = async () => {}) {
  const [pages, next] = [[] as string[][], { link: start }]
  for (;;) {
    const { status, body } = await list(next.link)
    expect(status).toBe(200)
    pages.push(body.data.map(({ id }) => id))
    if (body.links.next === undefined) return pages
    expect(body.links.next.startsWith(linkBase)).toBe(true)
    next.link = body.links.next
    await between()
  }
}

describe('a long list of members', () => {
  beforeAll(() => manyMembers(2_343))
  const path = () => `/campaigns/${scene.comics.id}/members`

  test('is read through without loss and without doubling, while others join', async () => {
    const before = await scene.records.members.listMembers(scene.comics.id, { after: null, limit: 3_000 })
    let joined = 0
    const pages = await readThrough(`${path()}?page[count]=100`, async () => {
      joined += 1
      await aMember(scene.records, await person(scene.records, `Late ${joined}`), scene.large)
    })

    const ids = pages.flat()
    expect(before).toHaveLength(2_345)
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.slice(0, 2_345)).toEqual(before.map(({ member }) => member.id))
    expect(ids).toHaveLength(2_345 + joined)
  })

  test('comes a thousand at a time, or five hundred where histories are asked for, however many one wants', async () => {
    const plain = await list(`${path()}?page[count]=5000`)
    const histories = await list(`${path()}?page[count]=5000&include=pledge_history`)

    expect(plain.body.data).toHaveLength(1_000)
    expect(histories.body.data).toHaveLength(500)
  })

  test('says how many there are, and where the next page is with everything else that was asked', async () => {
    const { body } = await list(`${path()}?include=user&fields[user]=full_name&page[size]=2`)
    const cursor = body.meta?.pagination.cursors.next
    const next = body.links.next ?? ''

    expect(body.data).toHaveLength(2)
    expect(body.meta?.pagination.total).toBe(await scene.records.members.countMembers(scene.comics.id))
    expect(next).not.toMatch(/[[\]]/)
    expect(Object.fromEntries(new URL(next).searchParams)).toEqual({
      include: 'user',
      'fields[user]': 'full_name',
      'page[size]': '2',
      'page[cursor]': cursor,
    })
  })

  test('has a last page, which leads nowhere', async () => {
    const pages = await readThrough(`${path()}?page[count]=1000`)
    const { length } = pages.flat()
    const lonely = await list(`/campaigns/${scene.comics.id}/posts`)

    expect(length).toBe(await scene.records.members.countMembers(scene.comics.id))
    expect(lonely.body).toEqual({ data: [], links: {}, meta: { pagination: { total: 0, cursors: { next: null } } } })
  })

  test.for([
    ['page[count]=0', 'page[count]'],
    ['page[count]=many', 'page[count]'],
    ['page[count]=1&page[count]=2', 'page[count]'],
    ['page[size]=-1', 'page[size]'],
    ['page[cursor]=!', 'page[cursor]'],
    ['page[cursor]=bm9uc2Vuc2U', 'page[cursor]'],
    ['page[cursor]=MTA.', 'page[cursor]'],
    ['sort=shoe_size', 'sort'],
  ])('%s is refused', async ([query, parameter]) => {
    const { status, body } = await list(`${path()}?${query}`)

    expect(status).toBe(400)
    expect(body.errors).toMatchObject([{ status: '400', source: { parameter } }])
  })
})

describe('posts and campaigns', () => {
  test('posts come twenty at a time, the oldest or the newest first', async () => {
    const ids: string[] = []
    for (let number = 1; number <= 45; number += 1)
      ids.push((await aPost(scene.records, scene.comics, `Page ${number}`)).id)
    const path = `/campaigns/${scene.comics.id}/posts`

    const pages = await readThrough(path)
    const even = await readThrough(`${path}?page[count]=15`)
    const newest = await readThrough(`${path}?sort=-published_at`)

    expect(pages.map(({ length }) => length)).toEqual([20, 20, 5])
    expect(even.map(({ length }) => length)).toEqual([15, 15, 15])
    expect(pages.flat()).toEqual(ids)
    expect(newest.flat()).toEqual(ids.toReversed())
  })

  test('campaigns are those of whoever has the token, in pages as well', async () => {
    const { comics, records } = scene
    const second = await records.memberships.insertCampaign({
      ...comics,
      vanity: 'second',
      creationName: 'more comics',
    })

    expect((await readThrough('/campaigns?page[count]=1')).flat()).toEqual([comics.id, second.id])
    expect((await readThrough('/campaigns?page[count]=1&sort=-created_at')).flat()).toEqual([second.id, comics.id])
  })
})
