/** Planted mistakes of the parts that are handed in beside the memory. */
import type { Event } from '#src/domain/event.ts'
import { schedules } from '#src/domain/retry-schedule.ts'
import { type Instant, seconds } from '#src/domain/time.ts'
import type { Journal } from '#src/journal/journal.ts'
import type { Listener } from '#src/store/listener.ts'
import type { Deliveries, Listeners, Settlement, Store } from '#src/store/store.ts'
import type { Life, Parts } from './process.ts'
import type { RunOptions } from './run.ts'

type Planted = Pick<RunOptions, 'parts'>

const inDeliveries = (change: (deliveries: Deliveries, life: Life) => Partial<Deliveries>): Planted => ({
  parts: {
    store: (store, life) => ({ ...store, deliveries: { ...store.deliveries, ...change(store.deliveries, life) } }),
  },
})

const inListeners = (change: (listeners: Listeners, life: Life) => Partial<Listeners>): Planted => ({
  parts: {
    store: (store, life) => ({ ...store, listeners: { ...store.listeners, ...change(store.listeners, life) } }),
  },
})

const inJournal = (change: (journal: Journal, life: Life) => Partial<Journal>): Planted => ({
  parts: { journal: (journal, life) => ({ ...journal, ...change(journal, life) }) },
})

/** Another moment at which a delivery that failed is due. */
const dueOtherwise = (when: (settlement: Settlement, now: Instant) => Instant | null): Planted =>
  inDeliveries((deliveries) => ({
    settle: (settlements, now) =>
      deliveries.settle(
        settlements.map((one) => changed(one, when(one, now))),
        now,
      ),
  }))

function changed(settlement: Settlement, dueAt: Instant | null): Settlement {
  const { delivery, attempt } = settlement
  if (dueAt === null || delivery.status !== 'due' || attempt === null) return settlement
  return { ...settlement, delivery: { ...delivery, dueAt } }
}

function retryAfterOf({ attempt }: Settlement): string | null {
  if (attempt?.outcome.kind !== 'answered') return null
  return attempt.outcome.answer.headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1] ?? null
}

const retries: Record<string, Planted> = {
  'a delivery that failed is tried again at once': dueOtherwise((_settlement, now) => now),

  'Retry-After is not heard': dueOtherwise((settlement, now) => {
    if (retryAfterOf(settlement) === null) return null
    return now + (schedules.standard.waits[settlement.delivery.attemptsMade - 1] ?? 0)
  }),

  'a Retry-After of years is believed': dueOtherwise((settlement, now) => {
    const asked = Number(retryAfterOf(settlement) ?? Number.NaN)
    return Number.isNaN(asked) || asked < 86_400 ? null : now + seconds(asked)
  }),

  'all retries come at the same moment': {
    parts: { dice: (dice) => Object.assign(dice.another(), { fraction: () => 0.5 }) },
  },

  'nobody is woken by what became due': inDeliveries((deliveries) => ({
    async settle(settlements, now) {
      await deliveries.settle(settlements, now)
      return false
    },
  })),

  'nobody knows when the next is due': inDeliveries(() => ({ nextDueAt: async () => null })),

  'a settlement is answered before it is written': inDeliveries((deliveries) => ({
    async settle(settlements, now) {
      deliveries.settle(settlements, now).catch(() => {})
      return true
    },
  })),

  'somebody who lost a connection sends once more': {
    parts: {
      transport: (transport) => ({
        ...transport,
        async post(request) {
          const outcome = await transport.post(request)
          return outcome.kind === 'reset' ? await transport.post(request) : outcome
        },
      }),
    },
  },

  'no answer counts as an answer': {
    parts: {
      transport: (transport) => ({
        ...transport,
        async post(request) {
          const outcome = await transport.post(request)
          if (outcome.kind !== 'timed-out') return outcome
          const answer = { status: 200, headers: [], body: new Uint8Array(), isCut: false }
          return { kind: 'answered', answer, timing: outcome.timing }
        },
      }),
    },
  },
}

const journals: Record<string, Planted> = {
  'the mark moves when events are read': inJournal((journal) => ({
    async read(after, limit, signal) {
      const batch = await journal.read(after, limit, signal)
      const last = batch?.events.at(-1)
      if (last !== undefined) journal.moveMark(last.sequence)
      return batch
    },
  })),

  'a start begins at the end of the journal': inJournal((_journal, life) => ({ mark: async () => life.foundSequence })),

  'nobody asks what is known already': inJournal((journal) => ({
    async read(after, limit, signal) {
      const batch = await journal.read(after, limit, signal)
      return batch === null ? null : { ...batch, mayBeKnown: false }
    },
  })),

  'bodies are read and printed again': inJournal((journal) => ({
    async read(after, limit, signal) {
      const batch = await journal.read(after, limit, signal)
      return batch === null ? null : { ...batch, events: batch.events.map(printed) }
    },
  })),

  'an id is looked for before it is written, not in the same commit': {
    parts: { store: remembering, journal: lookingFirst },
  },
}

function printed(event: Event): Event {
  try {
    return { ...event, body: Buffer.from(JSON.stringify(JSON.parse(Buffer.from(event.body).toString()))) }
  } catch {
    // What is no JSON is left as it is.
    return event
  }
}

const stores = new WeakMap<Life, Store>()

function remembering(store: Store, life: Life): Store {
  stores.set(life, store)
  return store
}

function lookingFirst(journal: Journal, life: Life): Journal {
  return {
    ...journal,
    async append(events) {
      const store = stores.get(life)
      if (store === undefined) return await journal.append(events)
      // What can't be read is taken for new.
      const found = await Promise.all(
        events.map(({ id, tenant }) => store.events.findById(id, [tenant]).catch(() => null)),
      )
      if (found.some((event) => event !== null)) return await journal.append(events)
      return await journal.append(events.map((event) => ({ ...event, mayRepeat: false })))
    },
  }
}

const indexes: Record<string, Planted> = {
  'the index believes to be newer than it is': inListeners((listeners) => ({
    async load() {
      const loaded = await listeners.load()
      return { ...loaded, version: loaded.version + 1 }
    },
  })),

  'requests go where a webhook was first': inListeners((listeners) => {
    const first = new Map<string, Listener>()
    return {
      async load() {
        const loaded = await listeners.load()
        for (const one of loaded.listeners) if (!first.has(one.webhookId)) first.set(one.webhookId, one)
        const uriOf = ({ webhookId, uri }: Listener) => first.get(webhookId)?.uri ?? uri
        return { ...loaded, listeners: loaded.listeners.map((one) => ({ ...one, uri: uriOf(one) })) }
      },
    }
  }),

  'one tenant is told of another': inListeners((listeners) => ({
    async load() {
      const loaded = await listeners.load()
      return {
        ...loaded,
        listeners: loaded.listeners.map((one) => ({ ...one, tenants: ['acme', 'globex', 'initech'] })),
      }
    },
  })),
}

const clocks: Record<string, Planted> = {
  'a long sleep is over at once': {
    parts: {
      clock: (clock): ReturnType<Parts['clock']> => ({
        ...clock,
        sleepUntil: (wakeAt, signal) =>
          clock.sleepUntil(wakeAt - clock.now() > 2 ** 31 ? clock.now() + 1 : wakeAt, signal),
      }),
    },
  },
}

/** Planted mistakes, by what the server would do wrong. */
export const plantedInParts: Record<string, Planted> = { ...retries, ...journals, ...indexes, ...clocks }
