import type { Random } from '#src/clock.ts'
import type { Delivery, DeliveryKey } from '#src/domain/delivery.ts'
import type { Event, Sequence } from '#src/domain/event.ts'
import type { Instant } from '#src/domain/time.ts'
import type { Vault } from '#src/domain/vault.ts'
import type { Command } from '#src/store/command.ts'
import type { Listener } from '#src/store/listener.ts'
import type { Readings, Records } from '#src/store/records.ts'
import type { Result } from '#src/store/sqlite/protocol.ts'
import type { Deliveries, Events } from '#src/store/store.ts'
import { Clerk, type Doing, type Errand } from './errands.ts'
import { deliveriesIn, eventsIn, listenersIn } from './reading.ts'
import { recordsIn } from './records.ts'
import { nameOf, Tables } from './tables.ts'
import { endAllLeases, nextDueAt, webhooksDue } from './waiting.ts'

/** What outlives a process: a file, or what stands for one. */
export interface Memory {
  /** What a start finds; leases of whoever had it open before are over. */
  open(now: Instant): { lastSequence: Sequence; mark: Sequence }
  /** Does errands in one transaction, and says so after each. Until `sync` all of it may be lost. */
  commit(errands: readonly Errand[], did: Did): Promise<Written>
  /** What was committed survives from now on. */
  sync(): void
  /** What was not synced is gone. */
  losePower(): void
  readonly reads: Reads
}

/** What a commit did. */
export type Written = { results: Result[]; appended: Event[] }

/** Told of each errand as soon as it is done, with the events that it put into the journal. */
export type Did = (errand: Errand, result: Result, appended: readonly Event[]) => void

/** What can be asked without writing. */
export type Reads = {
  records: Readings
  events: Events & { listBetween(after: Sequence, below: Sequence, limit: number): Event[] }
  deliveries: Pick<
    Deliveries,
    'webhooksDue' | 'nextDueAt' | 'listKnown' | 'find' | 'list' | 'listAttempts' | 'findHealth'
  >
  /** Counts up with every change to who listens for what. */
  listenersVersion(): number
  listeners(): { version: number; listeners: Listener[] }
  /** Whether some webhook's waiting deliveries are being made due. */
  isFlushing(): boolean
  /** What lies there this moment, for whoever watches. */
  now: {
    event(sequence: Sequence): Event | null
    delivery(key: DeliveryKey): Delivery | null
    attemptsRecorded(key: DeliveryKey): number
    /** How many events there are, and how many deliveries are held. */
    counts(): { events: number; held: number }
    /** A webhook that is there and not paused. */
    isSending(webhookId: string): boolean
    pauseReason(webhookId: string): string | null
  }
}

/** How a memory is made. */
export type MemoryTools = { commands: readonly Command<never, unknown>[]; vault: Vault; random: Random }

/** How a memory is made that is not sound; each that is given takes the place of the sound one. */
export type Unsound = {
  doing?: Doing
  opening?: (tables: Tables) => void
  syncing?: (tables: Tables) => void
}

/** A memory made of tables that tell what was written from what is safe. */
export class ModelMemory implements Memory {
  readonly tables = new Tables()
  readonly reads: Reads
  readonly #tools: MemoryTools
  readonly #unsound: Unsound
  #clerk: Clerk

  constructor(tools: MemoryTools, unsound: Unsound = {}) {
    this.#tools = tools
    this.#unsound = unsound
    this.#clerk = new Clerk(this.tables, tools, unsound.doing)
    this.reads = readsOf(this.tables, tools.vault)
  }

  open(now: Instant): { lastSequence: Sequence; mark: Sequence } {
    this.#clerk = new Clerk(this.tables, this.#tools, this.#unsound.doing)
    endAllLeases(this.tables, now)
    this.#unsound.opening?.(this.tables)
    this.tables.disk.sync()
    return { lastSequence: this.tables.number('lastSequence'), mark: this.tables.number('mark') }
  }

  async commit(errands: readonly Errand[], did: Did): Promise<Written> {
    const written: Written = { results: [], appended: [] }
    for (const errand of errands) {
      const result = await this.#clerk.apart(errand)
      const appended = this.#clerk.takeAppended()
      written.results.push(result)
      written.appended.push(...appended)
      did(errand, result, appended)
    }
    return written
  }

  sync(): void {
    if (this.#unsound.syncing === undefined) this.tables.disk.sync()
    else this.#unsound.syncing(this.tables)
  }

  losePower(): void {
    this.tables.disk.backTo(0)
    this.#clerk.takeAppended()
  }
}

function readsOf(tables: Tables, vault: Vault): Reads {
  const records: Records = recordsIn(tables)
  return {
    records,
    events: eventsIn(tables),
    deliveries: {
      ...deliveriesIn(tables),
      webhooksDue: async (now) => webhooksDue(tables, now),
      nextDueAt: async (now) => nextDueAt(tables, now),
    },
    listenersVersion: () => tables.number('listenersVersion'),
    listeners: () => listenersIn(tables, vault),
    isFlushing: () => tables.passes.size > 0,
    now: {
      event: (sequence) => tables.events.get(sequence) ?? null,
      delivery: (key) => tables.delivery(key) ?? null,
      attemptsRecorded: (key) => tables.attempts.get(nameOf(key))?.length ?? 0,
      counts() {
        let held = 0
        for (const webhookId of tables.webhooksHeld()) held += tables.heldOf(webhookId).size
        return { events: tables.events.size, held }
      },
      isSending(webhookId) {
        const row = tables.webhooks.get(webhookId)
        const isThere = row?.isDeleted === false && tables.clients.get(row.webhook.clientId)?.isDeleted === false
        return isThere && row.webhook.pausedAt === null
      },
      pauseReason: (webhookId) => tables.webhooks.get(webhookId)?.webhook.pauseReason ?? null,
    },
  }
}
