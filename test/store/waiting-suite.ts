import { describe, expect, test } from 'vitest'
import { withdrawTenant } from '#src/registration/clients.ts'
import { deleteWebhook, pauseWebhook, resumeWebhook } from '#src/registration/webhooks.ts'
import {
  aStage,
  delivered,
  dueAt,
  exhausted,
  held,
  leaseAll,
  leaseLength,
  leaseOne,
  now,
  type OpenPlace,
  type Stage,
  settlement,
  tenant,
} from './stage.ts'

/** What becomes of deliveries that wait: for their time, for their webhook, or for somebody to ask. */
export function waitingSuite(open: OpenPlace): void {
  leasing(open)
  flushing(open)
  redelivering(open)
}

function leasing(open: OpenPlace): void {
  describe('leasing what is due', () => {
    test('two callers never hold the same delivery', async () => {
      const { stage, webhookId } = await waiting(open, 10)
      const wanted = [{ webhookId, limit: 6 }]
      const lease = () => stage.store.deliveries.leaseDue(wanted, now, now + leaseLength)

      const both = await Promise.all([lease(), lease()])

      expect(both.flat()).toHaveLength(10)
      expect(new Set(both.flat().map(({ sequence }) => sequence)).size).toBe(10)
    })

    test('a lease that ran out counts as due', async () => {
      const { stage, webhookId } = await waiting(open, 1)
      await leaseOne(stage, webhookId)

      expect(await leaseAll(stage, [webhookId], now + leaseLength - 1)).toEqual([])
      expect(await stage.store.deliveries.nextDueAt(now)).toBe(now + leaseLength)
      expect(await leaseAll(stage, [webhookId], now + leaseLength)).toHaveLength(1)
    })

    test('the longest waiting comes first, among webhooks and within one', async () => {
      const stage = await aStage(await open())
      const [early, late] = [await stage.webhook(), await stage.webhook()]
      const [one, two] = [await stage.event(), await stage.event()]
      const at = (event: { sequence: number }, webhookId: string, due: number) =>
        settlement({ sequence: event.sequence, webhookId }, dueAt(due))
      await stage.store.deliveries.settle([at(one, late, now - 1), at(one, early, now), at(two, early, now - 2)], now)

      expect(await stage.store.deliveries.webhooksDue(now)).toEqual([early, late])
      expect((await leaseAll(stage, [early])).map(({ sequence }) => sequence)).toEqual([two.sequence, one.sequence])
    })

    test('what is not due yet stays, and it is known when it will be', async () => {
      const { stage, webhookId } = await waiting(open, 1, now + 5_000)

      expect(await stage.store.deliveries.webhooksDue(now)).toEqual([])
      expect(await leaseAll(stage, [webhookId])).toEqual([])
      expect(await stage.store.deliveries.nextDueAt(now)).toBe(now + 5_000)
    })

    test('what belongs to a paused webhook becomes held instead', async () => {
      const { stage, webhookId } = await waiting(open, 2)
      await stage.store.execute(pauseWebhook, { id: webhookId }, now)

      expect(await leaseAll(stage, [webhookId])).toEqual([])
      expect(await statuses(stage)).toEqual(['held', 'held'])
      expect(await stage.store.deliveries.webhooksDue(now)).toEqual([])
    })

    test.each<[string, (stage: Stage, id: string) => Promise<unknown>]>([
      ['deleted', ({ store }, id) => store.execute(deleteWebhook, { id }, now)],
      ['forbidden', ({ store, clientId }) => store.execute(withdrawTenant, { id: clientId, tenant }, now)],
    ])('what belongs to a %s webhook is cancelled', async (_what, change) => {
      const { stage, webhookId } = await waiting(open, 2)
      await change(stage, webhookId)

      expect(await leaseAll(stage, [webhookId])).toEqual([])
      expect(await statuses(stage)).toEqual(['cancelled', 'cancelled'])
      expect(await stage.store.deliveries.webhooksDue(now)).toEqual([])
    })

    test('what a process held when it ended is due as soon as the store is opened again', async () => {
      const place = await open()
      const { stage, webhookId } = await waiting(() => Promise.resolve(place), 1)
      await leaseOne(stage, webhookId)

      const reopened = await place.reopen()

      expect(await reopened.store.deliveries.webhooksDue(now)).toEqual([webhookId])
      expect(await leaseAll(reopened, [webhookId])).toHaveLength(1)
    })
  })
}

function flushing(open: OpenPlace): void {
  describe('a webhook that is resumed', () => {
    test('gets everything that was held or waits for a retry, a slice at a time', async () => {
      const { stage, webhookId } = await waiting(open, 3, now + 300_000)
      await stage.store.execute(pauseWebhook, { id: webhookId }, now)
      const event = await stage.event()
      await stage.store.deliveries.settle([settlement({ sequence: event.sequence, webhookId }, held)], now)
      await stage.store.execute(resumeWebhook, { id: webhookId }, now)

      const moved = []
      for (let count = 1; count > 0; ) moved.push((count = await stage.store.deliveries.flush(now, 2)))

      expect(moved).toEqual([2, 2, 0])
      expect(await leaseAll(stage, [webhookId])).toHaveLength(4)
    })

    test('and fails again does not use up its schedule: what fails meanwhile waits for its own retry', async () => {
      const { stage, webhookId } = await waiting(open, 3, now + 300_000)
      await stage.store.execute(resumeWebhook, { id: webhookId }, now)

      await stage.store.deliveries.flush(now, 2)
      const leased = await leaseAll(stage, [webhookId])
      await stage.store.deliveries.settle(
        leased.map((lease) => settlement(lease, dueAt(now + 300_000), { lease, attemptsMade: 2 })),
        now,
      )
      const moved = []
      for (let count = 1; count > 0; ) moved.push((count = await stage.store.deliveries.flush(now, 2)))

      expect(leased).toHaveLength(2)
      expect(moved).toEqual([1, 0])
    })

    test('is not kept waiting by another that has nothing', async () => {
      const stage = await aStage(await open())
      const [empty, full] = [await stage.webhook(), await stage.webhook()]
      await stage.store.execute(pauseWebhook, { id: full }, now)
      const { sequence } = await stage.event()
      await stage.store.deliveries.settle([settlement({ sequence, webhookId: full }, held)], now)
      await Promise.all([empty, full].map((id) => stage.store.execute(resumeWebhook, { id }, now)))

      expect(await stage.store.deliveries.flush(now, 10)).toBe(1)
    })

    test('and paused again keeps what it has', async () => {
      const { stage, webhookId } = await waiting(open, 1, now + 5_000)
      await stage.store.execute(resumeWebhook, { id: webhookId }, now)
      await stage.store.execute(pauseWebhook, { id: webhookId }, now)

      expect(await stage.store.deliveries.flush(now, 10)).toBe(0)
      expect(await stage.store.deliveries.nextDueAt(now)).toBe(now + 5_000)
    })

    test('after a process died in the middle gets the rest from the next', async () => {
      const place = await open()
      const { stage, webhookId } = await waiting(() => Promise.resolve(place), 3, now + 300_000)
      await stage.store.execute(resumeWebhook, { id: webhookId }, now)
      await stage.store.deliveries.flush(now, 1)

      const reopened = await place.reopen()
      await reopened.store.deliveries.flush(now, 10)

      expect(await leaseAll(reopened, [webhookId])).toHaveLength(3)
    })

    test('leaves what is being attempted this moment alone', async () => {
      const { stage, webhookId } = await waiting(open, 1)
      await leaseOne(stage, webhookId)
      await stage.store.execute(resumeWebhook, { id: webhookId }, now)

      expect(await stage.store.deliveries.flush(now, 10)).toBe(0)
      expect(await leaseAll(stage, [webhookId])).toEqual([])
    })
  })

  test('a Patreon-style webhook that answers again gets all that waits', async () => {
    const stage = await aStage(await open())
    const webhookId = await stage.webhook('patreon')
    const [one, two] = [await stage.event(), await stage.event()]
    const keys = [one, two].map(({ sequence }) => ({ sequence, webhookId }))
    await stage.store.deliveries.settle(
      keys.map((key) => settlement(key, dueAt(now + 3_600_000))),
      now,
    )

    const { sequence } = await stage.event()
    await stage.store.deliveries.settle([settlement({ sequence, webhookId }, delivered)], now)

    expect(await stage.store.deliveries.flush(now, 10)).toBe(2)
  })
}

function redelivering(open: OpenPlace): void {
  describe('asking for a delivery again', () => {
    test.each([
      ['exhausted', exhausted],
      ['due later', dueAt(now + 5_000)],
    ])('makes one that is %s due now', async (_status, fate) => {
      const { stage, key } = await settled(open, fate)

      expect(await stage.store.deliveries.redeliver(key, now)).toBe(true)
      expect(await statuses(stage)).toEqual(['due'])
      expect(await leaseAll(stage, [key.webhookId])).toHaveLength(1)
    })

    test('makes one more attempt at what was delivered, which stays delivered even if that fails', async () => {
      const { stage, key } = await settled(open, delivered)

      await stage.store.deliveries.redeliver(key, now)
      const lease = await leaseOne(stage, key.webhookId)
      await stage.store.deliveries.settle([settlement(key, dueAt(now), { lease, attemptsMade: 2 })], now)

      expect(await statuses(stage)).toEqual(['delivered'])
      expect(await stage.store.deliveries.listAttempts(key)).toHaveLength(2)
      expect(await leaseAll(stage, [key.webhookId])).toEqual([])
    })

    test('waits for the attempt that is being made this moment', async () => {
      const { stage, key } = await settled(open, dueAt(now))
      await leaseOne(stage, key.webhookId)

      await stage.store.deliveries.redeliver(key, now)

      expect(await leaseAll(stage, [key.webhookId])).toEqual([])
    })

    test('of a paused webhook holds it again', async () => {
      const { stage, key } = await settled(open, exhausted)
      await stage.store.execute(pauseWebhook, { id: key.webhookId }, now)

      await stage.store.deliveries.redeliver(key, now)
      await leaseAll(stage, [key.webhookId])

      expect(await statuses(stage)).toEqual(['held'])
    })

    test('that does not exist says so', async () => {
      const stage = await aStage(await open())

      expect(await stage.store.deliveries.redeliver({ sequence: 1, webhookId: '1' }, now)).toBe(false)
    })
  })
}

/** So many deliveries that failed once, due at the same time. */
async function waiting(open: OpenPlace, count: number, at = now) {
  const stage = await aStage(await open())
  const webhookId = await stage.webhook()
  for (let made = 0; made < count; made += 1) {
    const { sequence } = await stage.event()
    await stage.store.deliveries.settle([settlement({ sequence, webhookId }, dueAt(at))], now)
  }
  return { stage, webhookId }
}

async function settled(open: OpenPlace, fate: Parameters<typeof settlement>[1]) {
  const stage = await aStage(await open())
  const key = { webhookId: await stage.webhook(), sequence: (await stage.event()).sequence }
  await stage.store.deliveries.settle([settlement(key, fate)], now)
  return { stage, key }
}

async function statuses({ store }: Stage): Promise<string[]> {
  const filter = { webhookIds: null, eventId: null, status: null, before: null }
  return (await store.deliveries.list(filter, 100)).entries.map(({ delivery }) => delivery.status)
}
