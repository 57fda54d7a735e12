import { describe, expect, test } from 'vitest'
import { days } from '#src/domain/time.ts'
import { pauseWebhook } from '#src/registration/webhooks.ts'
import type { DeliveryFilter, EventFilter } from '#src/store/store.ts'
import {
  anEvent,
  aStage,
  delivered,
  dueAt,
  exhausted,
  held,
  now,
  type OpenPlace,
  type Stage,
  settlement,
} from './stage.ts'

/** What can be read, and how long. */
export function readingSuite(open: OpenPlace): void {
  events(open)
  deliveries(open)
  pruning(open)
}

const everything: EventFilter = { after: 0, tenants: null, trigger: null }
const all: DeliveryFilter = { webhookIds: null, eventId: null, status: null, before: null }

function events(open: OpenPlace): void {
  describe('events', () => {
    test('are found as they were accepted, byte by byte', async () => {
      const stage = await aStage(await open())
      const body = Buffer.from('{"amount": 1.0, "é": "\\u00e9"}')

      const { sequence } = await stage.event({ id: 'e1', body })

      const found = { sequence, id: 'e1', tenant: 'acme', trigger: 'invoice:paid', acceptedAt: now }
      const event = await stage.store.events.find(sequence)
      expect(event).toMatchObject(found)
      expect(Buffer.from(event?.body ?? [])).toEqual(body)
      expect(await stage.store.events.findById('e1', null)).toMatchObject(found)
      expect(await stage.store.events.find(sequence + 1)).toBeNull()
    })

    test('have the very id that they were given, be it a UUID or any other', async () => {
      const stage = await aStage(await open())
      const uuid = '019ac0a1-0b6f-7a53-9d63-3a1d7b2c9e10'
      const ids = [uuid, uuid.toUpperCase(), uuid.replaceAll('-', ''), `${uuid}0`, '1']

      for (const id of ids) {
        const { sequence } = await stage.event({ id })
        expect(await stage.store.events.findById(id, ['acme'])).toMatchObject({ sequence, id })
        expect(await stage.journal.append([anEvent(id, { body: Buffer.from('0') })])).toEqual([{ kind: 'taken', id }])
      }
    })

    test('are found by id among the tenants that somebody may see', async () => {
      const stage = await aStage(await open())
      const one = await stage.event({ id: 'same', tenant: 'acme' })
      const other = await stage.event({ id: 'same', tenant: 'globex' })

      const found = async (tenants: string[] | null) => (await stage.store.events.findById('same', tenants))?.sequence
      expect(await found(['acme'])).toBe(one.sequence)
      expect(await found(['globex', 'acme'])).toBe(other.sequence)
      expect(await found(null)).toBe(other.sequence)
      expect(await found([])).toBeUndefined()
    })

    test('are listed in sequence behind a cursor, by tenant and by trigger', async () => {
      const stage = await aStage(await open())
      const one = await stage.event({ tenant: 'acme' })
      const two = await stage.event({ tenant: 'globex' })
      const three = await stage.event({ tenant: 'acme', trigger: 'invoice:void' })

      const list = async (filter: Partial<EventFilter>, limit = 10) =>
        (await stage.store.events.list({ ...everything, ...filter }, limit)).entries.map(({ sequence }) => sequence)
      expect(await list({})).toEqual([one.sequence, two.sequence, three.sequence])
      expect(await list({ after: one.sequence }, 1)).toEqual([two.sequence])
      expect(await list({ tenants: ['acme'] })).toEqual([one.sequence, three.sequence])
      expect(await list({ tenants: [] })).toEqual([])
      expect(await list({ trigger: 'invoice:void' })).toEqual([three.sequence])
    })

    test('are never skipped by a reader who follows while others publish', async () => {
      const stage = await aStage(await open())
      const read: number[] = []
      const publish = async (writer: number) => {
        for (let count = 0; count < 20; count += 1) await stage.journal.append([anEvent(`w${writer}-${count}`)])
      }

      let isOver = false
      const published = Promise.all([1, 2, 3, 4, 5].map(publish)).then(() => (isOver = true))
      for (let isLast = false; !isLast; ) {
        isLast = isOver
        const { entries } = await stage.store.events.list({ ...everything, after: read.at(-1) ?? 0 }, 7)
        read.push(...entries.map(({ sequence }) => sequence))
        if (entries.length > 0) isLast = false
        await new Promise((resolve) => setImmediate(resolve))
      }
      await published

      expect(read).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
    })
  })
}

function deliveries(open: OpenPlace): void {
  describe('deliveries', () => {
    test('are listed newest first, by webhook, event and status, page by page', async () => {
      const stage = await aStage(await open())
      const [a, b] = [await stage.webhook(), await stage.webhook()]
      const [first, second] = [await stage.event(), await stage.event({ id: 'e2' })]
      const [one, two] = [first.sequence, second.sequence]
      const keys = [one, two].flatMap((sequence) => [a, b].map((webhookId) => ({ sequence, webhookId })))
      const fates = [delivered, exhausted, dueAt(now + 5_000), delivered]
      await stage.store.deliveries.settle(
        keys.map((key, index) => settlement(key, fates[index] ?? delivered)),
        now,
      )

      const list = async (filter: Partial<DeliveryFilter>, limit = 10) =>
        (await stage.store.deliveries.list({ ...all, ...filter }, limit)).entries.map(
          ({ delivery: { sequence, webhookId } }) => `${sequence}-${webhookId}`,
        )
      const names = [`${two}-${b}`, `${two}-${a}`, `${one}-${b}`, `${one}-${a}`]
      expect(await list({})).toEqual(names)
      expect(await list({}, 2)).toEqual(names.slice(0, 2))
      expect(await list({ before: { sequence: two, webhookId: a } })).toEqual(names.slice(2))
      expect(await list({ webhookIds: [a] })).toEqual([names[1], names[3]])
      expect(await list({ webhookIds: [] })).toEqual([])
      expect(await list({ eventId: 'e2' })).toEqual(names.slice(0, 2))
      expect(await list({ eventId: 'e2', before: { sequence: two, webhookId: b } })).toEqual([names[1]])
      expect(await list({ eventId: 'nobody’s' })).toEqual([])
      expect(await list({ status: 'delivered' })).toEqual([names[0], names[3]])
      expect(await list({ status: 'due', webhookIds: [a] })).toEqual([names[1]])
    })

    test('that are written already are known by sequence', async () => {
      const stage = await aStage(await open())
      const webhookId = await stage.webhook()
      const [one, two, three] = [await stage.event(), await stage.event(), await stage.event()]
      const keys = [one, two, three].map(({ sequence }) => ({ sequence, webhookId }))
      await stage.store.deliveries.settle(
        [keys[0], keys[2]].flatMap((key) => (key === undefined ? [] : [settlement(key, delivered)])),
        now,
      )

      expect(await stage.store.deliveries.listKnown(one.sequence, two.sequence)).toEqual([keys[0]])
      expect(await stage.store.deliveries.listKnown(two.sequence, three.sequence)).toEqual([keys[2]])
    })

    test('make up the health of their webhook', async () => {
      const stage = await aStage(await open())
      const webhookId = await stage.webhook()
      const key = async () => ({ sequence: (await stage.event()).sequence, webhookId })
      const fresh = { failingSince: null, consecutiveFailures: 0, lastAttemptedAt: null, due: 0, held: 0 }
      expect(await stage.store.deliveries.findHealth(webhookId)).toEqual(fresh)

      await stage.store.deliveries.settle(
        [settlement(await key(), dueAt(now + 1)), settlement(await key(), dueAt(now + 1))],
        now,
      )
      const failing = { ...fresh, failingSince: now, consecutiveFailures: 2, lastAttemptedAt: now, due: 2 }
      expect(await stage.store.deliveries.findHealth(webhookId)).toEqual(failing)

      await stage.store.deliveries.settle([settlement(await key(), delivered)], now)
      expect(await stage.store.deliveries.findHealth(webhookId)).toEqual({ ...fresh, lastAttemptedAt: now, due: 2 })
    })
  })
}

function pruning(open: OpenPlace): void {
  const monthLater = now + days(31)
  const prune = ({ store }: Stage, at: number, limit = 100) =>
    store.deliveries.prune({ endedBefore: at - days(30), heldBefore: at - days(90) }, at, limit)

  describe('pruning', () => {
    test('drops events whose deliveries ended long ago, and what nobody heard', async () => {
      const { stage, sequence, key } = await old(open)
      await stage.store.deliveries.settle([settlement(key, delivered)], now)
      await passMark(stage, sequence + 1)

      await prune(stage, monthLater)

      expect(await kept(stage)).toEqual([])
      expect(await stage.store.deliveries.find(key)).toBeNull()
      expect(await stage.store.deliveries.listAttempts(key)).toEqual([])
    })

    test('never drops what is still open', async () => {
      const { stage, sequence, key } = await old(open)
      await stage.store.deliveries.settle([settlement(key, dueAt(now + days(60)))], now)
      await passMark(stage, sequence + 1)

      await prune(stage, monthLater)
      await prune(stage, monthLater)

      expect(await kept(stage)).toEqual([sequence])
      expect(await stage.store.deliveries.nextDueAt(now)).toBe(now + days(60))
    })

    test('never drops what the journal has not passed, nor what ended lately', async () => {
      const { stage, sequence, key } = await old(open)
      await prune(stage, monthLater)
      expect(await kept(stage)).toHaveLength(2)

      await stage.store.deliveries.settle([settlement(key, { status: 'exhausted', endedAt: now + days(2) })], now)
      await passMark(stage, sequence + 1)
      await prune(stage, monthLater)

      expect(await kept(stage)).toEqual([sequence])
    })

    test('goes on behind what it could not drop, and comes back to it', async () => {
      const stage = await aStage(await open())
      const webhookId = await stage.webhook()
      const sequences = []
      for (let count = 0; count < 4; count += 1) sequences.push((await stage.event()).sequence)
      const first = { sequence: sequences[0] ?? 0, webhookId }
      const others = sequences.slice(1).map((sequence) => ({ sequence, webhookId }))
      await stage.store.deliveries.settle(
        [settlement(first, dueAt(now)), ...others.map((key) => settlement(key, delivered))],
        now,
      )
      await passMark(stage, others.at(-1)?.sequence ?? 0)

      while ((await prune(stage, monthLater, 1)) > 0);
      expect(await kept(stage)).toEqual([first.sequence])
      await stage.store.deliveries.settle([settlement(first, delivered)], now)
      while ((await prune(stage, monthLater, 1)) > 0);

      expect(await kept(stage)).toEqual([])
    })

    test('looks no further where all is young, however much lies behind', async () => {
      const stage = await aStage(await open())
      const { sequence: young } = await stage.event()
      const { sequence: old } = await stage.event({ acceptedAt: now - days(60) })
      const { sequence: last } = await stage.event()
      await passMark(stage, last)

      expect(await prune(stage, now, 1)).toBe(0)
      expect(await kept(stage)).toEqual([young, old, last])
      expect(await prune(stage, now, 2)).toBe(2)
      expect(await kept(stage)).toEqual([young, last])
    })

    test('comes back to what had to stay although there is always something new to look at', async () => {
      const { stage, sequence, key } = await old(open)
      await stage.store.deliveries.settle([settlement(key, dueAt(now))], now)
      await passMark(stage, sequence + 1)
      await prune(stage, monthLater)

      await stage.store.deliveries.settle([settlement(key, delivered)], now)
      const next = await stage.event()
      await passMark(stage, next.sequence)
      await prune(stage, monthLater)

      expect(await kept(stage)).toEqual([])
    })

    test('ends what was held for 90 days, and keeps it for another 30', async () => {
      const { stage, sequence, key } = await old(open)
      await stage.store.execute(pauseWebhook, { id: key.webhookId }, now)
      await stage.store.deliveries.settle([settlement(key, held)], now)
      await passMark(stage, sequence)
      const status = async () => (await stage.store.deliveries.find(key))?.delivery.status

      await prune(stage, now + days(90))
      expect(await status()).toBe('held')
      await prune(stage, now + days(91))
      expect(await status()).toBe('exhausted')
      expect(await stage.store.deliveries.findHealth(key.webhookId)).toMatchObject({ held: 0 })
      await prune(stage, now + days(120))
      expect(await status()).toBe('exhausted')
      await prune(stage, now + days(130))
      await prune(stage, now + days(130))

      expect(await status()).toBeUndefined()
    })
  })
}

async function kept({ store }: Stage): Promise<number[]> {
  return (await store.events.list(everything, 10)).entries.map(({ sequence }) => sequence)
}

/** Two events; the first is for one webhook, nobody hears the second. */
async function old(open: OpenPlace) {
  const stage = await aStage(await open())
  const webhookId = await stage.webhook()
  const { sequence } = await stage.event()
  await stage.event()
  return { stage, sequence, key: { sequence, webhookId } }
}

/** The mark rides along with the next commit. */
async function passMark(stage: Stage, to: number): Promise<void> {
  stage.journal.moveMark(to)
  await stage.store.deliveries.redeliver({ sequence: 0, webhookId: '0' }, now)
}
