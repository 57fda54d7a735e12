/** A log that an older version wrote, as this one reads it and goes on with it. */
import { beforeEach, describe, expect, test } from 'vitest'
import { migrations } from '#src/store/migrations/migrations.ts'
import { Appender } from '#src/store/sqlite/append.ts'
import { type Database, kyselyOn, openForWriting } from '#src/store/sqlite/database.ts'
import { deliveryReader } from '#src/store/sqlite/delivery-reader.ts'
import { eventReader } from '#src/store/sqlite/event-reader.ts'
import { Pruner } from '#src/store/sqlite/pruner.ts'

const uuid = '019ac0a1-0b6f-7a53-9d63-3a1d7b2c9e10'
const headers = [['Content-Type', 'text/plain']]
const key = { sequence: 1, webhookId: '5' }

let db: Database

beforeEach(async () => {
  db = openForWriting(':memory:')
  const kysely = kyselyOn(db)
  const { '0007-log': log, ...older } = migrations
  for (const migration of Object.values(older)) await migration.up(kysely)
  const event = db.prepare(`insert into events values (?, ?, ?, 'invoice:paid', 7, x'31')`)
  event.run(1, uuid, 'acme')
  event.run(2, 'order-1', 'acme')
  event.run(3, 'order-1', 'globex')
  db.exec(`insert into event_bodies values (1, 1, x'32'), (1, 3, x'33'), (3, 2, x'34')`)
  db.exec(`insert into deliveries values (1, 5, 2, 1, 8), (2, 5, 0, 1, 8), (3, 5, 1, 0, 8)`)
  db.exec(`insert into due values (5, 2, 9, 0)`)
  db.exec(`insert into held values (5, 3, 8)`)
  db.prepare(`insert into attempts values (1, 5, 1, 7, 0, 200, null, null, 1, 1, ?, null, 0)`).run(
    JSON.stringify(headers),
  )
  await log?.up(kysely)
})

describe('a log of an older version', () => {
  test('has its events under their ids, and its deliveries', async () => {
    const { findById } = eventReader(db)
    expect(await findById(uuid, null)).toMatchObject({ sequence: 1, id: uuid })
    expect(await findById('order-1', ['acme'])).toMatchObject({ sequence: 2, id: 'order-1' })

    const { entries } = await deliveryReader(db).list(
      { webhookIds: ['5'], eventId: uuid, status: 'delivered', before: null },
      10,
    )
    expect(entries).toMatchObject([{ delivery: key, event: { id: uuid } }])
  })

  test('tells each audience in its own words', async () => {
    const { find } = eventReader(db)
    const toldOf = async (sequence: number) =>
      (await find(sequence))?.bodies?.map(({ audience, body }) => `${audience}: ${Buffer.from(body).toString()}`)
    expect(await toldOf(1)).toEqual(['1: 2', '3: 3'])
    expect(await toldOf(2)).toBeUndefined()
    expect(await toldOf(3)).toEqual(['2: 4'])
  })

  test('has the answers to its attempts', async () => {
    expect(await deliveryReader(db).listAttempts(key)).toMatchObject([
      { outcome: { answer: { status: 200, headers } } },
    ])
  })

  test('knows how much waits', async () => {
    expect(await deliveryReader(db).findHealth('5')).toMatchObject({ due: 1, held: 1 })
    db.exec('delete from due')
    db.exec('delete from held')
    expect(await deliveryReader(db).findHealth('5')).toMatchObject({ due: 0, held: 0 })
  })

  test('loses the bodies of an event with the event', () => {
    db.exec(`update numbers set value = 3 where name = 'journal_mark'`)
    expect(new Pruner(db).prune({ endedBefore: 100, heldBefore: 0 }, 200, 10)).toBe(3)
    // The other two are still open.
    expect(db.prepare('select sequence from events').all()).toEqual([{ sequence: 2 }, { sequence: 3 }])
    expect(db.prepare('select place / 4 as sequence from event_bodies').all()).toEqual([{ sequence: 3 }])
  })

  test('gets no event twice', async () => {
    const appender = new Appender(db, 3)
    const again = { tenant: 'acme', trigger: 'invoice:paid', acceptedAt: 9, mayRepeat: true, bodies: null }
    const append = (id: string, text: string) => appender.append({ ...again, id, body: Buffer.from(text) })

    expect(append(uuid, '1')).toEqual({ sequence: 1, fate: 1 })
    expect(append(uuid, '2')).toEqual({ sequence: 1, fate: 2 })
    expect(append('order-1', '1')).toEqual({ sequence: 2, fate: 1 })
    expect(append(uuid.toUpperCase(), '1')).toEqual({ sequence: 4, fate: 0 })
    expect((await eventReader(db).findById(uuid.toUpperCase(), null))?.id).toBe(uuid.toUpperCase())
  })
})
