/** Planted mistakes of whoever keeps the memory. */
import type { Result } from '#src/store/sqlite/protocol.ts'
import type { Settlement } from '#src/store/store.ts'
import type { Doing, Errand } from './errands.ts'
import { ModelMemory, type Unsound } from './memory.ts'
import type { RunOptions } from './run.ts'
import type { Tables } from './tables.ts'

const unsound = (how: Unsound): Pick<RunOptions, 'memory'> => ({ memory: (tools) => new ModelMemory(tools, how) })

type Kind = Errand['kind']
type Of<Name extends Kind> = Extract<Errand, { kind: Name }>

/** Does one kind of errand badly. */
const badly = <Name extends Kind>(
  kind: Name,
  how: (errand: Of<Name>, tables: Tables, well: (errand: Errand) => Promise<Result>) => Promise<Result>,
): Pick<RunOptions, 'memory'> => {
  const doing: Doing = (errand, tables, well) =>
    errand.kind === kind ? how(errand as Of<Name>, tables, well) : well(errand)
  return unsound({ doing })
}

/** Changes each settlement before it is written down. */
const settling = (change: (settlement: Settlement, tables: Tables) => Settlement): Pick<RunOptions, 'memory'> =>
  badly('settle', (errand, tables, well) =>
    well({ ...errand, settlements: errand.settlements.map((settlement) => change(settlement, tables)) }),
  )

const wakeOf = (tables: Tables, { delivery }: Settlement) => tables.dueOf(delivery.webhookId).get(delivery.sequence)

const settlings: Record<string, Pick<RunOptions, 'memory'>> = {
  'settling does not check the lease': settling((settlement, tables) => {
    const wake = wakeOf(tables, settlement)
    const { lease } = settlement
    return lease === null || wake === undefined
      ? settlement
      : { ...settlement, lease: { ...lease, leaseEndsAt: wake.at } }
  }),

  'a success without its lease is forgotten': settling((settlement, tables) => {
    const { delivery, lease } = settlement
    const wake = wakeOf(tables, settlement)
    const isHolder = lease === null ? tables.delivery(delivery) === undefined : wake?.at === lease.leaseEndsAt
    if (isHolder || delivery.status !== 'delivered') return settlement
    return { ...settlement, delivery: { ...delivery, status: 'due', dueAt: delivery.endedAt } }
  }),

  'settling from the journal writes over what is there': badly('settle', async (errand, tables, well) => {
    const result = await well(errand)
    for (const { delivery, lease } of errand.settlements) if (lease === null) tables.keepDelivery(delivery)
    return result
  }),

  'attempts are recorded and not counted': badly('settle', async (errand, tables, well) => {
    const before = errand.settlements.map(({ delivery }) => tables.delivery(delivery)?.attemptsMade)
    const result = await well(errand)
    for (const [index, { delivery }] of errand.settlements.entries()) {
      const attemptsMade = before[index]
      const now = tables.delivery(delivery)
      if (attemptsMade !== undefined && now !== undefined) tables.keepDelivery({ ...now, attemptsMade })
    }
    return result
  }),

  'what is settled is due although its webhook is paused': badly('settle', async (errand, tables, well) => {
    const result = await well(errand)
    for (const { delivery } of errand.settlements) {
      const held = tables.heldOf(delivery.webhookId)
      if (delivery.status !== 'due' || !held.delete(delivery.sequence)) continue
      tables.keepDelivery(delivery)
      tables.dueOf(delivery.webhookId).set(delivery.sequence, { at: delivery.dueAt, isLeased: false })
    }
    return result
  }),
}

const leasings: Record<string, Pick<RunOptions, 'memory'>> = {
  'what is leased is handed out again': badly('lease', async (errand, tables, well) => {
    const result = await well(errand)
    if (result.kind !== 'leased') return result
    for (const { webhookId, sequence } of result.leased) {
      tables.dueOf(webhookId).set(sequence, { at: errand.now, isLeased: false })
    }
    return result
  }),

  'a lease that ran out is never due again': badly('lease', (errand, tables, well) => {
    for (const { webhookId } of errand.wanted) {
      const due = tables.dueOf(webhookId)
      for (const [sequence, { at, isLeased }] of [...due.entries()])
        if (isLeased && at <= errand.now) due.delete(sequence)
    }
    return well(errand)
  }),

  'what waits for later is leased now': badly('lease', (errand, tables, well) => {
    for (const { webhookId } of errand.wanted) {
      const due = tables.dueOf(webhookId)
      for (const [sequence, wake] of [...due.entries()]) {
        if (!wake.isLeased) due.set(sequence, { at: errand.now, isLeased: false })
      }
    }
    return well(errand)
  }),
}

const waitings: Record<string, Pick<RunOptions, 'memory'>> = {
  'resuming forgets what was held': badly('command', async (errand, tables, well) => {
    const result = await well(errand)
    if (errand.name === 'webhooks.resume') tables.passes.delete((errand.input as { id: string }).id)
    return result
  }),

  'a delivery that is asked for again is no longer delivered': badly('redeliver', async (errand, tables, well) => {
    const result = await well(errand)
    const delivery = tables.delivery(errand.key)
    if (delivery?.status === 'delivered') {
      tables.keepDelivery({ ...errand.key, status: 'due', attemptsMade: delivery.attemptsMade, dueAt: errand.now })
    }
    return result
  }),

  'retries are kept in memory alone': unsound({
    opening(tables) {
      for (const webhookId of tables.webhooksWaitedFor()) {
        const due = tables.dueOf(webhookId)
        for (const [sequence] of [...due.entries()]) due.delete(sequence)
      }
    },
  }),

  'pruning drops what is open': badly('prune', async (errand, tables, well) => {
    const result = await well(errand)
    for (const event of [...tables.events.values()]) {
      if (event.acceptedAt < errand.before.endedBefore) tables.events.delete(event.sequence)
    }
    return result.kind === 'counted' ? { ...result, count: result.count + 1 } : result
  }),

  'what is held is given up after a day': badly('prune', (errand, _tables, well) =>
    well({ ...errand, before: { ...errand.before, heldBefore: errand.now - 24 * 3_600_000 } }),
  ),
}

const keepings: Record<string, Pick<RunOptions, 'memory'>> = {
  'commits are answered before the disk has them': unsound({
    // Every other commit gets there only with the next one.
    syncing: (() => {
      let commits = 0
      return (tables: Tables) => {
        commits += 1
        if (commits % 2 === 0) tables.disk.sync()
      }
    })(),
  }),

  'a batch with a repeated event fails whole': badly('append', async (errand, _tables, well) => {
    const result = await well(errand)
    if (result.kind === 'appended' && result.fates.some((fate) => fate !== 0))
      throw new Error('UNIQUE constraint failed')
    return result
  }),

  'any body will do under an id that is taken': badly('append', async (errand, _tables, well) => {
    const result = await well(errand)
    return result.kind === 'appended'
      ? { ...result, fates: result.fates.map((fate) => (fate === 2 ? 1 : fate)) }
      : result
  }),
}

/** Planted mistakes, by what the server would do wrong. */
export const plantedInMemory: Record<string, Pick<RunOptions, 'memory'>> = {
  ...keepings,
  ...settlings,
  ...leasings,
  ...waitings,
}
