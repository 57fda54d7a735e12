import { describe, expect, test } from 'vitest'
import type { PledgeOrder, PledgePlace } from '#src/domain/pledge-order.ts'
import { migrations } from '#src/store/migrations/migrations.ts'
import { recordsOn } from '#src/store/records.ts'
import { type Database, kyselyOn, openForWriting } from '#src/store/sqlite/database.ts'

/** Records on an empty database, and how it goes about what it was asked last. */
async function aDatabase() {
  const db = openForWriting(':memory:')
  let asked = ''
  const listening = {
    prepare(sql: string) {
      asked = sql
      return db.prepare(sql)
    },
  } as unknown as Database
  const kysely = kyselyOn(listening)
  for (const migration of Object.values(migrations)) await migration.up(kysely)
  const plan = () => {
    const steps = db.prepare(`explain query plan ${asked}`).all() as { detail: string }[]
    return steps.map(({ detail }) => detail).join('\n')
  }
  return { records: recordsOn(kysely), plan }
}

describe('pledges in order', () => {
  const indexOf = { created: 'pledges_in_order', updated: 'pledges_by_update' }
  const places: (PledgePlace | null)[] = [null, { at: 1, microsecond: null }, { at: 1, microsecond: 5 }]
  for (const by of ['created', 'updated'] as const) {
    for (const isDescending of [false, true]) {
      const order: PledgeOrder = { by, isDescending }
      const way = isDescending ? 'backwards' : 'forwards'

      test(`of ${by}, ${way}, are read from an index as they stand, and never sorted`, async () => {
        const { records, plan } = await aDatabase()

        for (const from of places) {
          await records.memberships.listPledgesInOrder('1', { order, from, limit: 10 })
          expect(plan()).toContain(indexOf[by])
          expect(plan()).not.toContain('TEMP B-TREE')
        }
      })
    }
  }
})
