import { expect, test } from 'vitest'
import { migrations } from '#src/store/migrations/migrations.ts'
import { recordsOn } from '#src/store/records.ts'
import { type Database, kyselyOn, openForWriting } from '#src/store/sqlite/database.ts'

test('pledges are read in their order from an index, however many there are', async () => {
  const db = openForWriting(':memory:')
  const asked: string[] = []
  const listening = {
    prepare(sql: string) {
      asked.push(sql)
      return db.prepare(sql)
    },
  } as unknown as Database
  const kysely = kyselyOn(listening)
  for (const migration of Object.values(migrations)) await migration.up(kysely)
  const { memberships } = recordsOn(kysely)
  asked.splice(0)

  const from = { at: 5, microsecond: 7 }
  for (const isDescending of [false, true]) {
    await memberships.listPledgesInOrder('1', { order: { by: 'created', isDescending }, from, limit: 11 })
  }
  await memberships.listFirstPledges(['1'], 21)

  const plans = asked.map((sql) => planOf(sql, db))
  expect(plans).toHaveLength(3)
  for (const plan of plans) expect(plan).toContain('pledges_in_order')
  for (const plan of plans.slice(0, 2)) expect(plan).not.toContain('TEMP B-TREE')
})

const planOf = (sql: string, db: Database): string =>
  (db.prepare(`explain query plan ${sql}`).all() as { detail: string }[]).map(({ detail }) => detail).join('\n')
