import { join } from 'node:path'
import { expect, test } from 'vitest'
import { days } from '#src/domain/time.ts'
import { openForReading } from '#src/store/sqlite/database.ts'
import { aWorld, type World } from '../world.ts'
import { anOAuthClient, refresh } from './visitor.ts'

function tokensKept(world: World): number {
  const db = openForReading(join(world.folder, 'tidings.db'))
  try {
    return (db.prepare('select count(*) as count from tokens').get() as { count: number }).count
  } finally {
    db.close()
  }
}

test('what was over for 31 days is dropped, some whenever tokens are issued', async () => {
  const world = await aWorld()
  const client = await anOAuthClient(world)
  let token = client.creatorRefresh
  const again = async () => {
    token = (await refresh(world, client, token)).body.refresh_token
    return tokensKept(world)
  }

  for (let times = 0; times < 20; times += 1) await again()
  const afterMonths: number[] = []
  await world.pass(days(31))
  afterMonths.push(await again())
  await world.pass(days(32))
  afterMonths.push(await again(), await again(), await again())

  // 21 pairs, and another; then each refresh brings a pair and drops twenty, until only what is younger is left.
  expect(afterMonths).toEqual([44, 26, 8, 8])
})
