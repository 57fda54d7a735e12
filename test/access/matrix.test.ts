import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Asker, askersOf, type Door, doorOf } from './askers.ts'
import { aCast, type Cast } from './cast.ts'
import { wrongWith } from './judge.ts'
import { hashesIn } from './kept.ts'
import { servedBy } from './served.ts'
import { routeIn, table } from './table.ts'

let cast: Cast
let served: ReadonlySet<string>
let askers: Record<Door, Asker[]>

beforeAll(async () => {
  ;[cast, served] = await servedBy(aCast)
  askers = await askersOf(cast)
  for (const hash of hashesIn(cast.world)) cast.canaries.plant('a hash or a sealed secret', hash, [], 'secret')
})
afterAll(async () => await cast.world.close())

test('every route of the server is a row of the matrix, and no other is', () => {
  const rows = [...new Set(table.map(([route]) => routeIn(route)))]
  const routes = [...new Set([...served].filter((route) => !route.startsWith('HEAD ')).map(routeIn))]

  expect(rows.sort()).toEqual(routes.sort())
})

describe('nobody reads or changes what is another’s', () => {
  const rows = table.map((row) => [row[0].replace(/\s+/, ' '), row[1], row] as const)

  test.for(rows)('%s is for %s', async ([route, , row]) => {
    expect(await wrongWith(row, askers[doorOf(route)], cast)).toEqual([])
  })
})

test('no secret is in the log', () => {
  const lines = cast.log.join('\n')

  expect(cast.log.length).toBeGreaterThan(0)
  expect(cast.canaries.in(lines, { reader: 'operator', isToldSecrets: false, sent: '' })).toEqual([])
})
