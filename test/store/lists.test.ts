/** Every list with every filter, page by page, beside the plainest way to make it. */
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import type { DeliveryStatus } from '#src/domain/delivery.ts'
import { deliveryStatuses } from '#src/domain/delivery.ts'
import { migrations } from '#src/store/migrations/migrations.ts'
import { type Database, kyselyOn, openForWriting } from '#src/store/sqlite/database.ts'
import { statusCodes } from '#src/store/sqlite/delivery-columns.ts'
import { deliveryReader } from '#src/store/sqlite/delivery-reader.ts'
import { idCell } from '#src/store/sqlite/event-ids.ts'
import { eventReader } from '#src/store/sqlite/event-reader.ts'
import { Dice } from '../simulation/dice.ts'

const tenants = ['acme', 'globex', 'initech', 'hooli']
const triggers = ['invoice:paid', 'invoice:void']
const ids = Array.from({ length: 40 }, (_, place) =>
  place < 20 ? `e${place}` : `019ac0a1-0b6f-7a53-9d63-0000000000${place}`,
)
const webhooks = Array.from({ length: 12 }, (_, index) => String(index + 1))

type EventAt = { sequence: number; id: string; tenant: string; trigger: string }
type DeliveryAt = { sequence: number; webhookId: string; status: DeliveryStatus; eventId: string }

const events: EventAt[] = []
const deliveries: DeliveryAt[] = []
let db: Database

beforeAll(async () => {
  db = openForWriting(':memory:')
  for (const migration of Object.values(migrations)) await migration.up(kyselyOn(db))
  const dice = new Dice(7)
  const oneOf = <Item>(items: readonly Item[]): Item => items[Math.floor(dice.fraction() * items.length)] as Item
  for (let sequence = 1; sequence <= 300; sequence += 1) {
    // Some go by the same id, and some were dropped meanwhile.
    const event = { sequence, id: ids[sequence % 40] ?? '', tenant: oneOf(tenants), trigger: oneOf(triggers) }
    if (dice.fraction() > 0.1) keep(event, oneOf([0, 0.1, 0.9]), dice)
  }
})

/** Recent webhooks fail more, so that what was delivered to them lies behind much that was not. */
function keep(event: EventAt, heard: number, dice: Dice): void {
  const { sequence, id, tenant, trigger } = event
  const insert = `insert into events (sequence, id, tenant, trigger, accepted_at, body) values (?, ?, ?, ?, 0, x'31')`
  db.prepare(insert).run(sequence, idCell(id), tenant, trigger)
  events.push(event)
  for (const webhookId of webhooks.filter(() => dice.fraction() < heard)) {
    const luck = dice.fraction() * 12 - Number(webhookId)
    const status = luck > 0 ? 'delivered' : (deliveryStatuses[Math.floor(dice.fraction() * 5)] ?? 'due')
    const code = statusCodes[status]
    db.prepare('insert into deliveries values (?, ?, ?, 1, 0)').run(sequence, Number(webhookId), code)
    deliveries.push({ sequence, webhookId, status, eventId: id })
  }
}

const someOf = <Item>(items: readonly Item[]) => fc.option(fc.subarray([...items]), { nil: null })
const oneOrNone = <Item>(items: readonly Item[]) => fc.option(fc.constantFrom(...items), { nil: null })
const someId = fc.constantFrom(...ids.slice(15, 25), 'nobody’s')
const place = fc.record({ sequence: fc.integer({ min: 1, max: 310 }), webhookId: fc.constantFrom(...webhooks, '99') })

test('deliveries by webhooks, event and status, the newest first, behind any cursor', async () => {
  const { list } = deliveryReader(db)
  const filters = fc.record({
    webhookIds: someOf([...webhooks, '99']),
    eventId: fc.option(someId, { nil: null, freq: 1 }),
    status: oneOrNone(deliveryStatuses),
    before: fc.option(place, { nil: null }),
  })

  await fc.assert(
    fc.asyncProperty(filters, fc.constantFrom(1, 7, 50, 200), async (filter, limit) => {
      const found: string[] = []
      for (let before = filter.before, isMore = true; isMore; ) {
        const page = await list({ ...filter, before }, limit)
        expect(page.entries.length).toBeLessThanOrEqual(limit)
        found.push(...page.entries.map(({ delivery }) => nameOf(delivery)))
        isMore = page.next !== null
        before = page.next
      }
      expect(found).toEqual(deliveries.filter(isAskedFor(filter)).sort(newestFirst).map(nameOf))
    }),
    { numRuns: 200 },
  )
})

test('events by tenants and trigger, in their order, behind any cursor', async () => {
  const { list } = eventReader(db)
  const filters = fc.record({
    tenants: someOf([...tenants, 'nobody']),
    trigger: oneOrNone([...triggers, 'invoice:none']),
    after: fc.integer({ min: 0, max: 310 }),
  })

  await fc.assert(
    fc.asyncProperty(filters, fc.constantFrom(1, 7, 50, 200), async (filter, limit) => {
      const found: number[] = []
      for (let after: number | null = filter.after; after !== null; ) {
        const page = await list({ ...filter, after }, limit)
        expect(page.entries.length).toBeLessThanOrEqual(limit)
        found.push(...page.entries.map(({ sequence }) => sequence))
        after = page.next
      }
      const isOf = ({ tenant }: EventAt) => filter.tenants === null || filter.tenants.includes(tenant)
      const has = ({ trigger }: EventAt) => filter.trigger === null || trigger === filter.trigger
      const expected = events.filter((event) => event.sequence > filter.after && isOf(event) && has(event))
      expect(found).toEqual(expected.map(({ sequence }) => sequence))
    }),
    { numRuns: 200 },
  )
})

test('an event by its id is the newest of the tenants that somebody may see', async () => {
  const { findById } = eventReader(db)
  await fc.assert(
    fc.asyncProperty(someId, someOf(tenants), async (id, visible) => {
      const all = events.filter((event) => event.id === id && (visible === null || visible.includes(event.tenant)))
      expect((await findById(id, visible))?.sequence).toBe(all.at(-1)?.sequence)
    }),
  )
})

type Filter = {
  webhookIds: string[] | null
  eventId: string | null
  status: DeliveryStatus | null
  before: Pick<DeliveryAt, 'sequence' | 'webhookId'> | null
}

const isAskedFor =
  ({ webhookIds, eventId, status, before }: Filter) =>
  (delivery: DeliveryAt): boolean =>
    (webhookIds === null || webhookIds.includes(delivery.webhookId)) &&
    (eventId === null || delivery.eventId === eventId) &&
    (status === null || delivery.status === status) &&
    (before === null || newestFirst(before, delivery) < 0)

const newestFirst = (one: Pick<DeliveryAt, 'sequence' | 'webhookId'>, other: typeof one): number =>
  other.sequence - one.sequence || Number(other.webhookId) - Number(one.webhookId)

const nameOf = ({ sequence, webhookId }: Pick<DeliveryAt, 'sequence' | 'webhookId'>) => `${sequence}-${webhookId}`
