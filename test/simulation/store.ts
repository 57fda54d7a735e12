/** The store's and the journal's contracts over a simulated disk. The journal itself is the real one for SQLite. */
import type { Event, NewEvent, Sequence } from '#src/domain/event.ts'
import type { Instant } from '#src/domain/time.ts'
import type { Journal } from '#src/journal/journal.ts'
import { sqliteJournal } from '#src/journal/sqlite.ts'
import type { Command } from '#src/store/command.ts'
import type { Result } from '#src/store/sqlite/protocol.ts'
import type { Deliveries, Store } from '#src/store/store.ts'
import type { Reads } from './memory.ts'
import type { Writer } from './writer.ts'

/** How a read reaches what it asks for: at once, later, or not at all. */
export type Reach = <Found>(label: string, read: () => Promise<Found>) => Promise<Found>

/** What a process has of its store. */
export type Opened = { lastSequence: Sequence; mark: Sequence }

/** A store over one process's way to the disk. */
export function storeOver(writer: Writer, reads: Reads, reach: Reach): Store {
  return {
    read: reads.records,
    events: {
      find: (sequence) => reach('event read', () => reads.events.find(sequence)),
      findById: (id, tenants) => reach('event read', () => reads.events.findById(id, tenants)),
      list: (filter, limit) => reach('events read', () => reads.events.list(filter, limit)),
    },
    deliveries: { ...readingDeliveries(reads, reach), ...writingDeliveries(writer, reads) },
    listeners: {
      version: () => reads.listenersVersion(),
      load: () => reach('listeners read', async () => reads.listeners()),
    },
    async execute<Input, Output>({ name }: Command<Input, Output>, input: Input, now: Instant) {
      const result = await writer.send({ kind: 'command', name, input, now })
      if (result.kind !== 'output') throw new Error(`the command ${name} was answered with ${result.kind}`)
      // The clerk ran the command of this name, so what came back is its output.
      return result.output as Output
    },
    close: async () => {},
  }
}

type Reading = Pick<
  Deliveries,
  'webhooksDue' | 'nextDueAt' | 'listKnown' | 'find' | 'list' | 'listAttempts' | 'findHealth'
>

function readingDeliveries({ deliveries }: Reads, reach: Reach): Reading {
  return {
    webhooksDue: (now) => reach('what is due read', () => deliveries.webhooksDue(now)),
    nextDueAt: (now) => reach('the next due time read', () => deliveries.nextDueAt(now)),
    listKnown: (from, to) => reach('known deliveries read', () => deliveries.listKnown(from, to)),
    find: (key) => reach('delivery read', () => deliveries.find(key)),
    list: (filter, limit) => reach('deliveries read', () => deliveries.list(filter, limit)),
    listAttempts: (key) => reach('attempts read', () => deliveries.listAttempts(key)),
    findHealth: (webhookId) => reach('health read', () => deliveries.findHealth(webhookId)),
  }
}

type Writing = Pick<Deliveries, 'settle' | 'leaseDue' | 'flush' | 'redeliver' | 'prune'>

function writingDeliveries(writer: Writer, reads: Reads): Writing {
  return {
    async settle(settlements, now) {
      const result = await writer.send({ kind: 'settle', settlements, now })
      return result.kind === 'settled' && result.isDueChanged
    },
    async leaseDue(wanted, now, leaseEndsAt) {
      const result = await writer.send({ kind: 'lease', wanted, now, leaseEndsAt })
      if (result.kind !== 'leased') throw new Error(`a lease was answered with ${result.kind}`)
      return result.leased
    },
    async flush(now, limit) {
      return reads.isFlushing() ? counted(await writer.send({ kind: 'flush', now, limit })) : 0
    },
    redeliver: async (key, now) => counted(await writer.send({ kind: 'redeliver', key, now })) === 1,
    prune: async (before, now, limit) => counted(await writer.send({ kind: 'prune', before, now, limit })),
  }
}

function counted(result: Result): number {
  if (result.kind !== 'counted') throw new Error(`a count was answered with ${result.kind}`)
  return result.count
}

/** The journal over the same disk; `hear` is given whoever wants to hear what each commit appended. */
export function journalOver(
  { writer, reads, opened }: { writer: Writer; reads: Reads; opened: Opened },
  hear: (listen: (appended: Event[]) => void) => void,
): Journal & { lastSequence(): Sequence } {
  return sqliteJournal({
    mailbox: {
      opened,
      async append(events: readonly NewEvent[]) {
        const result = await writer.send({ kind: 'append', events })
        if (result.kind !== 'appended') throw new Error(`an append was answered with ${result.kind}`)
        return result
      },
      moveMark: (to: Sequence) => writer.moveMark(to),
    },
    reader: reads.events,
    listeners: { version: () => reads.listenersVersion() },
    onCommit: (listen) => hear((appended) => listen({ appended })),
  })
}
