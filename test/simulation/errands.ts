import type { Random } from '#src/clock.ts'
import type { DeliveryKey } from '#src/domain/delivery.ts'
import type { Event, NewEvent, Sequence } from '#src/domain/event.ts'
import { Refusal } from '#src/domain/refusal.ts'
import type { Instant } from '#src/domain/time.ts'
import type { Vault } from '#src/domain/vault.ts'
import type { Command, Happening } from '#src/store/command.ts'
import type { Records } from '#src/store/records.ts'
import type { Result } from '#src/store/sqlite/protocol.ts'
import type { Settlement } from '#src/store/store.ts'
import { idOf, prune } from './pruning.ts'
import { recordsIn } from './records.ts'
import { settleAll } from './settling.ts'
import type { Tables } from './tables.ts'
import { flush, lease, redeliver } from './waiting.ts'

/** One thing to be done within a commit. */
export type Errand =
  | { kind: 'append'; events: readonly NewEvent[] }
  | { kind: 'command'; name: string; input: unknown; now: Instant }
  | { kind: 'settle'; settlements: readonly Settlement[]; now: Instant }
  | { kind: 'lease'; wanted: readonly { webhookId: string; limit: number }[]; now: Instant; leaseEndsAt: Instant }
  | { kind: 'flush'; now: Instant; limit: number }
  | { kind: 'prune'; before: { endedBefore: Instant; heldBefore: Instant }; now: Instant; limit: number }
  | { kind: 'redeliver'; key: DeliveryKey; now: Instant }
  | { kind: 'mark'; to: Sequence }

/** Does an errand in a way of its own, perhaps with the help of who does it well. */
export type Doing = (errand: Errand, tables: Tables, well: (errand: Errand) => Promise<Result>) => Promise<Result>

type Tools = { commands: readonly Command<never, unknown>[]; vault: Vault; random: Random }

/** Does errands one after another on tables in memory. */
export class Clerk {
  readonly #tables: Tables
  readonly #tools: Tools
  readonly #commands: ReadonlyMap<string, Command<unknown, unknown>>
  readonly #records: Records
  readonly #doing: Doing
  #turn = 0
  /** Events that were put into the journal since they were last taken. */
  #appended: Event[] = []

  constructor(tables: Tables, tools: Tools, doing?: Doing) {
    this.#tables = tables
    this.#doing = doing ?? ((errand, _tables, well) => well(errand))
    this.#tools = tools
    this.#commands = new Map(tools.commands.map((one) => [one.name, one as Command<unknown, unknown>]))
    this.#records = recordsIn(tables)
  }

  takeAppended(): Event[] {
    return this.#appended.splice(0)
  }

  /** A refusal, or a mistake of ours, undoes this errand and nothing else. */
  async apart(errand: Errand): Promise<Result> {
    const { disk } = this.#tables
    const place = disk.place
    const appended = this.#appended.length
    try {
      return await this.#doing(errand, this.#tables, (one) => this.#do(one))
    } catch (error) {
      disk.backTo(place)
      this.#appended.length = appended
      if (error instanceof Refusal) return { kind: 'refused', code: error.code, detail: error.detail }
      return { kind: 'failed', message: `${errand.kind}: ${String(error)}` }
    }
  }

  async #do(errand: Errand): Promise<Result> {
    const tables = this.#tables
    switch (errand.kind) {
      case 'append':
        return this.#appendAll(errand.events)
      case 'command':
        return { kind: 'output', output: await this.#run(errand) }
      case 'settle':
        return this.#settle(errand)
      case 'lease':
        return { kind: 'leased', leased: errand.wanted.flatMap((one) => lease(tables, one, errand)) }
      case 'flush': {
        const { count, turn } = flush(tables, { after: this.#turn, limit: errand.limit, now: errand.now })
        this.#turn = turn
        return { kind: 'counted', count }
      }
      case 'prune':
        return { kind: 'counted', count: prune(tables, errand.before, errand.now, errand.limit) }
      case 'redeliver':
        return { kind: 'counted', count: redeliver(tables, errand.key, errand.now) ? 1 : 0 }
      case 'mark':
        tables.setNumber('mark', Math.max(errand.to, tables.number('mark')))
        return { kind: 'done' }
    }
  }

  #settle({ settlements, now }: Extract<Errand, { kind: 'settle' }>): Result {
    settleAll(this.#tables, settlements, now)
    const opened = settlements.some(({ delivery }) => this.#tables.delivery(delivery)?.status === 'due')
    return { kind: 'settled', isDueChanged: opened || this.#tables.passes.size > 0 }
  }

  async #run({ name, input, now }: Extract<Errand, { kind: 'command' }>): Promise<unknown> {
    const command = this.#commands.get(name)
    if (command === undefined) throw new Error(`${name} is not in the list of commands`)
    const { random, vault } = this.#tools
    const happens = (happening: Happening) => {
      const event = { bodies: null, ...happening, id: random.id(now), acceptedAt: now, mayRepeat: false }
      this.#append(event, happening.bodies ?? null)
    }
    return await command.run(this.#records, input, { now, random, vault, happens })
  }

  #appendAll(events: readonly NewEvent[]): Result {
    const done = events.map((event) => this.#append(event, null))
    return { kind: 'appended', sequences: done.map(({ sequence }) => sequence), fates: done.map(({ fate }) => fate) }
  }

  #append(event: NewEvent, bodies: Event['bodies']): { sequence: Sequence; fate: 0 | 1 | 2 } {
    const tables = this.#tables
    const { id, tenant, trigger, body, acceptedAt, mayRepeat } = event
    const earlier = mayRepeat ? tables.events.get(tables.eventsById.get(idOf(event)) ?? 0) : undefined
    if (earlier !== undefined) {
      const isSame = earlier.trigger === trigger && Buffer.compare(earlier.body, body) === 0
      return { sequence: earlier.sequence, fate: isSame ? 1 : 2 }
    }
    const sequence = tables.number('lastSequence') + 1
    tables.setNumber('lastSequence', sequence)
    const kept = { sequence, id, tenant, trigger, body, bodies, acceptedAt }
    tables.events.set(sequence, kept)
    tables.eventsById.set(idOf(event), sequence)
    this.#appended.push(kept)
    return { sequence, fate: 0 }
  }
}
