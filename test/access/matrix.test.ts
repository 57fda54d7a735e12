import assert from 'node:assert/strict'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Asker, askersOf, type Door, doorOf } from './askers.ts'
import { aCast, type Cast } from './cast.ts'
import { wrongWith } from './judge.ts'
import { Kept } from './kept.ts'
import { lists, walk } from './lists.ts'
import { servedBy } from './served.ts'
import { routeIn, table } from './table.ts'

let cast: Cast
let served: ReadonlySet<string>
let askers: Record<Door, Asker[]>
let kept: Kept

beforeAll(async () => {
  ;[cast, served] = await servedBy(aCast)
  askers = await askersOf(cast)
  kept = new Kept(cast.world)
  for (const hash of kept.hashes()) cast.canaries.plant('a hash or a sealed secret', hash, [], 'secret')
})
afterAll(async () => {
  kept.close()
  await cast.world.close()
})

test('every route of the server is a row of the matrix, and no other is', () => {
  const rows = new Set(table.map(([route]) => routeIn(route)))
  // Where the framework answers HEAD, it does so by what answers GET.
  const isShadow = (route: string) => route.startsWith('HEAD ') && served.has(route.replace('HEAD', 'GET'))
  const routes = new Set([...served].filter((route) => !isShadow(route)).map(routeIn))

  expect({
    withoutRow: [...routes].filter((route) => !rows.has(route)),
    rowsOfNothing: [...rows].filter((route) => !routes.has(route)),
  }).toEqual({ withoutRow: [], rowsOfNothing: [] })
})

describe('nobody reads or changes what is another’s', () => {
  const rows = table.map((row) => [row[0].replace(/\s+/, ' '), row[1], row] as const)

  test.for(rows)('%s is for %s', async ([route, , row]) => {
    expect(await wrongWith(row, { askers: askers[doorOf(route)], cast, kept })).toEqual([])
  })
})

describe('a list', () => {
  beforeAll(async () => {
    for (const { things } of [cast.cleos, cast.robs]) {
      const vanity = `more-of-${things.creator.reader}`
      await things.make('/api/v1/campaigns', { vanity, creation_name: 'More', creator_id: things.creator.id })
      await things.make(`/api/v1/campaigns/${await things.id('campaign')}/posts`, { title: 'Another post' })
    }
  })

  test.for(lists)('%s shows one’s own alone, also from where another’s cursor says', async (list) => {
    const [cleo, rob] = ['cleo', 'rob'].map((name) => askers[list[2]].find((asker) => asker.name === name))
    assert(cleo !== undefined && rob !== undefined)
    const cleos = await walk(list, { side: cast.cleos, asker: cleo, world: cast.world })
    const robs = await walk(list, { side: cast.robs, asker: rob, world: cast.world })

    expect(robs.ids).not.toEqual([])
    expect(cleos.ids.filter((id) => robs.ids.includes(id))).toEqual([])
    expect(cleos.cursors).not.toEqual([])
    for (const cursor of [...cleos.cursors.slice(0, 1), ...cleos.cursors.slice(-1)]) {
      const { ids } = await walk(list, { side: cast.robs, asker: rob, world: cast.world }, cursor)
      expect(ids.filter((id) => !robs.ids.includes(id))).toEqual([])
    }
  })

  const tampered = ["' or 1=1 --", '-1', '1.5', '9'.repeat(40), '0-0-0', '%00', '../1', 'W10', '\u0661']

  test.for(lists)('T03 %s takes no cursor that was tampered with, and no size of anybody’s choice', async (list) => {
    const [path, parameter] = list
    const rob = askers[list[2]].find((asker) => asker.name === 'rob')
    const address = path.replace('{campaign}', await cast.robs.things.id('campaign'))
    const ask = async (query: string) =>
      (await cast.world.call('GET', query, { as: null, headers: rob?.headers ?? {} })).status
    const cursors = tampered.map((cursor) => `${address}&${parameter}=${encodeURIComponent(cursor)}`)

    const taken = await Promise.all(cursors.map(async (cursor) => [cursor, await ask(cursor)] as const))
    const tooMany = await ask(address.replace(/=1$/, '=100000000'))

    expect(taken.filter(([, status]) => status !== 400 && status !== 422)).toEqual([])
    // Patreon gives as many as it ever gives.
    expect(tooMany).toBe(list[2] === 'patreon' ? 200 : 422)
  })

  test('of the deliveries of an event shows nothing of another’s', async () => {
    const { world, cleos, robs } = cast
    const path = `/api/v1/deliveries/${await cleos.things.id('delivery')}`
    const { body } = await world.call<{ event_id: string }>('GET', path, { as: cleos.creator.key })
    const list = (as: string) =>
      world.call<{ data: unknown[] }>('GET', `/api/v1/deliveries?event_id=${body.event_id}`, { as })

    expect((await list(cleos.creator.key)).body.data).toHaveLength(1)
    expect((await list(robs.creator.key)).body.data).toEqual([])
  })
})

test('no secret is in the log', () => {
  const lines = cast.log.join('\n')

  expect(cast.log.length).toBeGreaterThan(0)
  expect(cast.canaries.in(lines, { reader: 'operator', isToldSecrets: false, sent: '' })).toEqual([])
})
