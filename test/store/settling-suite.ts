import { describe, expect, test } from 'vitest'
import { deleteClient, withdrawTenant } from '#src/registration/clients.ts'
import { deleteWebhook, pauseWebhook, resumeWebhook } from '#src/registration/webhooks.ts'
import {
  anAttempt,
  aStage,
  delivered,
  dueAt,
  exhausted,
  type Fate,
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

/** What writing down an attempt promises. */
export function settlingSuite(open: OpenPlace): void {
  describe('settling a delivery', () => {
    test.each<[string, Fate]>([
      ['delivered', delivered],
      ['exhausted', exhausted],
      ['due', dueAt(now + 5_000)],
    ])('writes down that it is %s, with its attempt', async (_status, fate) => {
      const { stage, key } = await aDelivery(open)

      await stage.store.deliveries.settle([settlement(key, fate)], now)

      expect((await stage.store.deliveries.find(key))?.delivery).toEqual({ ...key, attemptsMade: 1, ...fate })
      const answer = fate.status === 'delivered' ? 200 : 500
      expect(await stage.store.deliveries.listAttempts(key)).toEqual([{ ...anAttempt(answer), number: 1 }])
    })

    test('without an attempt writes none down', async () => {
      const { stage, key } = await aDelivery(open)

      await stage.store.deliveries.settle([settlement(key, dueAt(now), { attempt: null, attemptsMade: 0 })], now)

      expect(await stage.store.deliveries.listAttempts(key)).toEqual([])
      expect((await stage.store.deliveries.find(key))?.delivery.attemptsMade).toBe(0)
    })

    test('that is known already adds the attempt and leaves its state', async () => {
      const { stage, key } = await aDelivery(open)
      await stage.store.deliveries.settle([settlement(key, dueAt(now + 5_000))], now)

      await stage.store.deliveries.settle([settlement(key, exhausted)], now)

      const { delivery } = (await stage.store.deliveries.find(key)) ?? {}
      expect(delivery).toEqual({ ...key, status: 'due', dueAt: now + 5_000, attemptsMade: 2 })
      expect((await stage.store.deliveries.listAttempts(key)).map(({ number }) => number)).toEqual([1, 2])
    })

    test('that is known as delivered leaves it delivered', async () => {
      const { stage, key } = await aDelivery(open)
      await stage.store.deliveries.settle([settlement(key, delivered)], now)

      await stage.store.deliveries.settle([settlement(key, dueAt(now + 5_000))], now)

      expect(await statusOf(stage, key)).toBe('delivered')
      expect(await leaseAll(stage, [key.webhookId], now + 60_000)).toEqual([])
    })

    test('with success ends one that was due or held', async () => {
      const { stage, key } = await aDelivery(open)
      await stage.store.deliveries.settle([settlement(key, dueAt(now))], now)

      await stage.store.deliveries.settle([settlement(key, delivered)], now)

      expect(await statusOf(stage, key)).toBe('delivered')
      expect(await leaseAll(stage, [key.webhookId])).toEqual([])
      expect(await stage.store.deliveries.findHealth(key.webhookId)).toMatchObject({ due: 0, held: 0 })
    })

    test('twice in one call counts both attempts and waits once', async () => {
      const { stage, key } = await aDelivery(open)

      await stage.store.deliveries.settle([settlement(key, dueAt(now)), settlement(key, dueAt(now))], now)

      expect(await stage.store.deliveries.listAttempts(key)).toHaveLength(2)
      expect(await leaseAll(stage, [key.webhookId])).toHaveLength(1)
    })
  })

  describe('settling under a lease', () => {
    test('writes down what became of it and ends the lease', async () => {
      const { stage, key, lease } = await aLeased(open)

      await stage.store.deliveries.settle([settlement(key, dueAt(now + 300_000), { lease, attemptsMade: 2 })], now)

      expect(await statusOf(stage, key)).toBe('due')
      expect(await leaseAll(stage, [key.webhookId], now + 299_999)).toEqual([])
      expect(await leaseOne(stage, key.webhookId, now + 300_000)).toMatchObject({ attemptsMade: 2 })
    })

    test('counts an attempt that is the first of its delivery, which no lane had room for before', async () => {
      const { stage, key } = await aDelivery(open)
      await stage.store.deliveries.settle([settlement(key, dueAt(now), { attempt: null, attemptsMade: 0 })], now)
      const lease = await leaseOne(stage, key.webhookId)

      await stage.store.deliveries.settle([settlement(key, dueAt(now), { lease, attemptsMade: 1 })], now)

      expect((await stage.store.deliveries.find(key))?.delivery.attemptsMade).toBe(1)
      expect(await leaseOne(stage, key.webhookId)).toMatchObject({ attemptsMade: 1 })
    })

    test('that was lost to somebody else adds the attempt and leaves the delivery to its new holder', async () => {
      const { stage, key, lease } = await aLeased(open)
      const later = now + leaseLength
      const newer = await leaseOne(stage, key.webhookId, later)

      await stage.store.deliveries.settle([settlement(key, exhausted, { lease, attemptsMade: 2 })], later)
      expect(await statusOf(stage, key)).toBe('due')
      await stage.store.deliveries.settle([settlement(key, dueAt(later), { lease: newer, attemptsMade: 2 })], later)

      expect(await statusOf(stage, key)).toBe('due')
      expect((await stage.store.deliveries.listAttempts(key)).map(({ number }) => number)).toEqual([1, 2, 3])
    })

    test('that was lost still ends the delivery when the receiver accepted it', async () => {
      const { stage, key, lease } = await aLeased(open)
      const newer = await leaseOne(stage, key.webhookId, now + leaseLength)

      await stage.store.deliveries.settle([settlement(key, delivered, { lease, attemptsMade: 2 })], now)
      await stage.store.deliveries.settle([settlement(key, dueAt(now), { lease: newer, attemptsMade: 3 })], now)

      expect(await statusOf(stage, key)).toBe('delivered')
      expect(await leaseAll(stage, [key.webhookId], now + 2 * leaseLength)).toEqual([])
    })
  })

  describe('what stays open is judged by its webhook as it is then', () => {
    test('paused meanwhile: it is held', async () => {
      const { stage, key } = await aDelivery(open)
      await stage.store.execute(pauseWebhook, { id: key.webhookId }, now)

      await stage.store.deliveries.settle([settlement(key, dueAt(now + 5_000))], now)

      expect(await statusOf(stage, key)).toBe('held')
      expect(await stage.store.deliveries.findHealth(key.webhookId)).toMatchObject({ due: 0, held: 1 })
    })

    test('resumed meanwhile: it is due', async () => {
      const { stage, key } = await aDelivery(open)
      await stage.store.execute(pauseWebhook, { id: key.webhookId }, now)
      await stage.store.execute(resumeWebhook, { id: key.webhookId }, now)

      await stage.store.deliveries.settle([settlement(key, held)], now)

      expect(await statusOf(stage, key)).toBe('due')
      expect(await leaseAll(stage, [key.webhookId])).toHaveLength(1)
    })

    test.each<[string, (stage: Stage, webhookId: string) => Promise<unknown>]>([
      ['deleted', ({ store }, id) => store.execute(deleteWebhook, { id }, now)],
      ['without its client', ({ store, clientId }) => store.execute(deleteClient, { id: clientId }, now)],
      ['forbidden', ({ store, clientId }) => store.execute(withdrawTenant, { id: clientId, tenant }, now)],
    ])('%s meanwhile: it is cancelled', async (_what, change) => {
      const { stage, key } = await aDelivery(open)
      await change(stage, key.webhookId)

      await stage.store.deliveries.settle([settlement(key, dueAt(now))], now)

      expect(await statusOf(stage, key)).toBe('cancelled')
      expect(await stage.store.deliveries.webhooksDue(now)).toEqual([])
    })

    test('what pauses its webhook is held by it', async () => {
      const { stage, key } = await aDelivery(open)

      await stage.store.deliveries.settle([settlement(key, held, { pause: 'gone' })], now)

      expect(await statusOf(stage, key)).toBe('held')
      expect(await stage.store.read.webhooks.find(key.webhookId)).toMatchObject({ pauseReason: 'gone', pausedAt: now })
    })
  })
}

async function aDelivery(open: OpenPlace) {
  const stage = await aStage(await open())
  const webhookId = await stage.webhook()
  const { sequence } = await stage.event()
  return { stage, key: { sequence, webhookId } }
}

/** A delivery that failed once and is leased for its second attempt. */
async function aLeased(open: OpenPlace) {
  const { stage, key } = await aDelivery(open)
  await stage.store.deliveries.settle([settlement(key, dueAt(now))], now)
  return { stage, key, lease: await leaseOne(stage, key.webhookId) }
}

const statusOf = async ({ store }: Stage, key: { sequence: number; webhookId: string }) =>
  (await store.deliveries.find(key))?.delivery.status
