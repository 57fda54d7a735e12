/** How SQLite finds what is asked of the log, and what is changed in it: by an index, in that index's order. */
import { expect, test } from 'vitest'
import { vaultKeyBytes, vaultWith } from '#src/domain/vault.ts'
import { migrations } from '#src/store/migrations/migrations.ts'
import { Committer } from '#src/store/sqlite/committer.ts'
import { type Database, kyselyOn, openForWriting } from '#src/store/sqlite/database.ts'
import { deliveryReader } from '#src/store/sqlite/delivery-reader.ts'
import { eventReader } from '#src/store/sqlite/event-reader.ts'
import { listenersReader } from '#src/store/sqlite/listeners.ts'
import { Dice } from '../simulation/dice.ts'

const log = ['events', 'event_bodies', 'deliveries', 'attempts']

test('no statement scans the log, and none sorts what it found', async () => {
  const db = openForWriting(':memory:')
  const kysely = kyselyOn(db)
  for (const migration of Object.values(migrations)) await migration.up(kysely)
  const vault = vaultWith(new Uint8Array(vaultKeyBytes))

  const asked: string[] = []
  const listening = listeningTo(db, asked)

  eventReader(listening)
  deliveryReader(listening)
  listenersReader(listening, vault)
  new Committer({ db: listening, kysely, commands: [], vault, random: new Dice(1), lastSequence: 0 })

  const ofLog = asked.filter((sql) => log.some((table) => new RegExp(`\\b${table}\\b`).test(sql)))
  expect(ofLog.length).toBeGreaterThan(30)
  const bad = ofLog.filter((sql) =>
    planOf(sql, db).some((step) => scans(step) || sorts(step) || (goesThrough(step) && chooses.test(sql))),
  )
  expect(bad).toEqual([])
})

const scans = (step: string): boolean => log.some((table) => step.startsWith(`SCAN ${table}`))

const sorts = (step: string): boolean => step.includes('FOR ORDER BY')

/** Reads the log from some place on, whatever lies there: that is no way to find what a statement chooses. */
const goesThrough = (step: string): boolean =>
  log.some((table) => step.startsWith(`SEARCH ${table}`)) && !/=\?/.test(step)

const chooses = /\b(status|webhook_id|tenant|trigger|id) = /

const listeningTo = (db: Database, asked: string[]): Database =>
  ({
    prepare(sql: string) {
      asked.push(sql)
      return db.prepare(sql)
    },
  }) as unknown as Database

const planOf = (sql: string, db: Database): string[] =>
  (db.prepare(`explain query plan ${sql}`).all() as { detail: string }[]).map(({ detail }) => detail)
