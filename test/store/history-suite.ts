/**
 * Histories that nobody thought of: any order of attempts, leases, pauses and requests, beside a small model of what
 * must come of it. The promise under test is the first of all: no delivery is ever lost.
 */
import assert from 'node:assert/strict'
import fc from 'fast-check'
import { test } from 'vitest'
import type { DeliveryKey, DeliveryStatus, Leased } from '#src/domain/delivery.ts'
import { grantTenant, withdrawTenant } from '#src/registration/clients.ts'
import { deleteWebhook, pauseWebhook, resumeWebhook } from '#src/registration/webhooks.ts'
import { DeliveryModel } from './delivery-model.ts'
import {
  aStage,
  delivered,
  dueAt,
  exhausted,
  type Fate,
  leaseLength,
  now,
  type OpenPlace,
  type Stage,
  settlement,
  tenant,
} from './stage.ts'

type Step =
  | { does: 'settle-first'; event: number; webhook: number; fate: FateName }
  | { does: 'settle-leased'; lease: number; fate: FateName }
  | { does: 'lease'; webhook: number; limit: number }
  | { does: 'redeliver'; event: number; webhook: number }
  | { does: 'pause' | 'resume' | 'delete'; webhook: number }
  | { does: 'withdraw' | 'grant' }
  | { does: 'flush'; limit: number }
  | { does: 'pass'; milliseconds: number }

type FateName = 'delivered' | 'due' | 'exhausted'

const events = 3
const webhooks = 2

const event = fc.nat(events - 1)
const webhook = fc.nat(webhooks - 1)
const fate = fc.constantFrom<FateName>('delivered', 'due', 'exhausted')

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant('settle-first' as const), event, webhook, fate }) },
  { weight: 6, arbitrary: fc.record({ does: fc.constant('settle-leased' as const), lease: fc.nat(3), fate }) },
  {
    weight: 6,
    arbitrary: fc.record({ does: fc.constant('lease' as const), webhook, limit: fc.integer({ min: 1, max: 3 }) }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('redeliver' as const), event, webhook }) },
  {
    weight: 3,
    arbitrary: fc.record({ does: fc.constantFrom('pause' as const, 'resume' as const, 'resume' as const), webhook }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('delete' as const), webhook }) },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constantFrom('withdraw' as const, 'grant' as const, 'grant' as const) }),
  },
  { weight: 3, arbitrary: fc.record({ does: fc.constant('flush' as const), limit: fc.integer({ min: 1, max: 3 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      does: fc.constant('pass' as const),
      milliseconds: fc.constantFrom(1, 5_000, leaseLength, leaseLength),
    }),
  },
)

/** Whatever happens to deliveries, in whatever order. */
export function historySuite(open: OpenPlace): void {
  test('whatever happens, no delivery is lost: each is due, held or ended, and each that is open can still end', async () => {
    const history = fc.array(step, { minLength: 20, maxLength: 80 })
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const place = await open()
        const told = await aTold(await aStage(place))
        for (const one of steps) {
          await told.take(one)
          await told.agrees()
        }
        await told.ends()
        await place.close()
      }),
      { numRuns: 20, interruptAfterTimeLimit: 45_000 },
    )
  }, 120_000)
}

/** A store and its model, told the same story. */
async function aTold(stage: Stage) {
  const ids = [await stage.webhook(), await stage.webhook()]
  const sequences: number[] = []
  for (let count = 0; count < events; count += 1) sequences.push((await stage.event()).sequence)
  return new Told(stage, ids, sequences)
}

class Told {
  readonly #stage: Stage
  readonly #webhooks: readonly string[]
  readonly #sequences: readonly number[]
  readonly #model = new DeliveryModel()
  #leases: Leased[] = []
  #now = now

  constructor(stage: Stage, ids: readonly string[], sequences: readonly number[]) {
    this.#stage = stage
    this.#webhooks = ids
    this.#sequences = sequences
  }

  async take(one: Step): Promise<void> {
    const { store, clientId } = this.#stage
    switch (one.does) {
      case 'settle-first':
        return await this.#settle(this.#key(one.event, one.webhook), one.fate, null)
      case 'settle-leased': {
        const [lease] = this.#leases.splice(one.lease, 1)
        return lease === undefined ? undefined : await this.#settle(lease, one.fate, lease)
      }
      case 'lease':
        return await this.#lease(this.#webhook(one.webhook), one.limit)
      case 'redeliver': {
        const key = this.#key(one.event, one.webhook)
        assert.equal(await store.deliveries.redeliver(key, this.#now), this.#model.redeliver(key, this.#now))
        return
      }
      case 'pause':
      case 'resume':
      case 'delete': {
        const id = this.#webhook(one.webhook)
        const change = { pause: pauseWebhook, resume: resumeWebhook, delete: deleteWebhook }[one.does]
        // Nobody finds a deleted webhook any more, to pause or resume it.
        if (this.#model.isDeleted(id)) return
        await store.execute<{ id: string }, unknown>(change, { id }, this.#now)
        return this.#model.change(id, one.does)
      }
      case 'withdraw':
      case 'grant':
        await store.execute(one.does === 'grant' ? grantTenant : withdrawTenant, { id: clientId, tenant }, this.#now)
        return this.#model.permit(one.does === 'grant')
      case 'flush':
        assert.equal(await store.deliveries.flush(this.#now, one.limit), this.#model.flush(this.#now, one.limit))
        return
      case 'pass':
        this.#now += one.milliseconds
    }
  }

  /** The store shows what the model says, and what waits is as much as is shown to wait. */
  async agrees(): Promise<void> {
    const { deliveries } = this.#stage.store
    for (const webhookId of this.#webhooks) {
      const filter = { webhookIds: [webhookId], eventId: null, status: null, before: null }
      const { entries } = await deliveries.list(filter, 100)
      const shown = Object.fromEntries(entries.map(({ delivery }) => [delivery.sequence, delivery.status]))
      assert.deepEqual(shown, this.#model.statusesOf(webhookId))
      const { due, held } = await deliveries.findHealth(webhookId)
      assert.deepEqual({ due, held }, this.#model.countsOf(webhookId))
      const isDue = (await deliveries.webhooksDue(this.#now)).includes(webhookId)
      assert.equal(isDue, this.#model.isDue(webhookId, this.#now))
    }
  }

  /** Everything is made well again: all that was open ends. */
  async ends(): Promise<void> {
    await this.take({ does: 'grant' })
    for (const [webhook] of this.#webhooks.entries()) await this.take({ does: 'resume', webhook })
    const { deliveries } = this.#stage.store
    for (let count = 1; count > 0; ) count = await deliveries.flush(this.#now, 2)
    this.#now += leaseLength
    for (const webhookId of this.#webhooks) {
      const wanted = [{ webhookId, limit: 100 }]
      const leased = await deliveries.leaseDue(wanted, this.#now, this.#now + leaseLength)
      const settlements = leased.map((lease) => settlement(lease, delivered, { lease }))
      await deliveries.settle(settlements, this.#now)
    }
    const open = async (status: DeliveryStatus) =>
      (await deliveries.list({ webhookIds: this.#openWebhooks(), eventId: null, status, before: null }, 100)).entries
    assert.deepEqual([...(await open('due')), ...(await open('held'))], [])
  }

  #openWebhooks(): string[] {
    return this.#webhooks.filter((id) => !this.#model.isDeleted(id))
  }

  async #settle(key: DeliveryKey, name: FateName, lease: Leased | null): Promise<void> {
    const fates: Record<FateName, Fate> = { delivered, exhausted, due: dueAt(this.#now + 5_000) }
    const { sequence, webhookId } = key
    await this.#stage.store.deliveries.settle([settlement({ sequence, webhookId }, fates[name], { lease })], this.#now)
    this.#model.settle(key, fates[name], lease)
  }

  async #lease(webhookId: string, limit: number): Promise<void> {
    const leaseEndsAt = this.#now + leaseLength
    const leased = await this.#stage.store.deliveries.leaseDue([{ webhookId, limit }], this.#now, leaseEndsAt)
    const expected = this.#model.lease(
      webhookId,
      leased.map(({ sequence }) => sequence),
      { now: this.#now, limit },
    )
    assert.equal(leased.length, expected)
    this.#leases.push(...leased)
  }

  #key(index: number, webhookIndex: number): DeliveryKey {
    return { sequence: this.#sequences[index] ?? 0, webhookId: this.#webhook(webhookIndex) }
  }

  #webhook = (index: number): string => this.#webhooks[index] ?? ''
}
