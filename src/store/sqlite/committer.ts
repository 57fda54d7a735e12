import type { Kysely } from 'kysely'
import type { Random } from '../../clock.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Instant } from '../../domain/time.ts'
import type { Vault } from '../../domain/vault.ts'
import type { AnyCommand, Command, Happening, Moment } from '../command.ts'
import { recordsOn } from '../records.ts'
import type { Tables } from '../tables.ts'
import { Appender } from './append.ts'
import { type Database, storageFault } from './database.ts'
import type { CommitReply, Committed, Errand, Result } from './protocol.ts'
import { Pruner } from './pruner.ts'
import { unpackSettlements } from './settlement-columns.ts'
import { Settler } from './settler.ts'
import { Standings } from './standings.ts'
import { Waiting } from './waiting.ts'

/** What a committer works with: one connection, the list of commands, and the dice. */
export type CommitterTools = {
  db: Database
  kysely: Kysely<Tables>
  commands: readonly AnyCommand[]
  vault: Vault
  random: Random
  lastSequence: number
}

/** Does errands, many in one commit, one after another. Nothing it says has happened before it is on disk. */
export class Committer {
  readonly #tools
  readonly #commands: ReadonlyMap<string, Command<unknown, unknown>>
  readonly #records
  readonly #appender: Appender
  readonly #waiting: Waiting
  readonly #settler: Settler
  readonly #pruner: Pruner
  readonly #q
  #happened: Committed['happened'] = []

  constructor(tools: CommitterTools) {
    const { db } = tools
    const standings = new Standings(db)
    this.#tools = tools
    this.#commands = new Map(tools.commands.map((command) => [command.name, command as Command<unknown, unknown>]))
    this.#records = recordsOn(tools.kysely)
    this.#appender = new Appender(db, tools.lastSequence)
    this.#waiting = new Waiting(db, standings)
    this.#settler = new Settler(db, standings, this.#waiting)
    this.#pruner = new Pruner(db)
    this.#q = {
      listenersVersion: db.prepare(`select value from numbers where name = 'listeners_version'`),
      moveMark: db.prepare(`update numbers set value = ?1 where name = 'journal_mark' and value < ?1`),
    }
  }

  /** Does all errands in one transaction. When it can't be committed, nothing of it has happened. */
  async commit(errands: readonly Errand[]): Promise<CommitReply> {
    const { db } = this.#tools
    const lastSequence = this.#appender.lastSequence
    this.#happened = []
    this.#waiting.touched.clear()
    try {
      db.exec('begin immediate')
      const results: Result[] = []
      for (const errand of errands) results.push(await this.#apart(errand))
      const report = this.#report(results)
      db.exec('commit')
      return report
    } catch (error) {
      this.#appender.lastSequence = lastSequence
      return this.#undone(error)
    }
  }

  async #do(errand: Errand): Promise<Result> {
    switch (errand.kind) {
      case 'append':
        return { kind: 'appended', ...this.#appender.appendAll(errand.events) }
      case 'command':
        return await this.#run(errand)
      case 'settle':
        this.#settler.settle(unpackSettlements(errand.settlements), errand.now)
        return { kind: 'settled', isDueChanged: this.#waiting.touched.size > 0 || this.#waiting.isFlushing() }
      case 'lease':
        return { kind: 'leased', leased: this.#lease(errand) }
      case 'flush':
        return { kind: 'counted', count: this.#waiting.flush(errand.now, errand.limit) }
      case 'prune':
        return { kind: 'counted', count: this.#pruner.prune(errand.before, errand.now, errand.limit) }
      case 'redeliver':
        return {
          kind: 'counted',
          count: this.#waiting.redeliver(errand.webhookId, errand.sequence, errand.now) ? 1 : 0,
        }
      case 'mark':
        this.#q.moveMark.run(errand.to)
        return { kind: 'done' }
    }
  }

  #lease({ wanted, now, leaseEndsAt }: Extract<Errand, { kind: 'lease' }>) {
    return wanted.flatMap(({ webhookId, limit }) => this.#waiting.lease(Number(webhookId), limit, now, leaseEndsAt))
  }

  /** A refusal, and a mistake of ours, undo this errand and nothing else; a storage fault ends the commit. */
  async #apart(errand: Errand): Promise<Result> {
    const { db } = this.#tools
    const happenedBefore = this.#happened.length
    const lastSequence = this.#appender.lastSequence
    db.exec('savepoint errand')
    try {
      const result = await this.#do(errand)
      db.exec('release errand')
      return result
    } catch (error) {
      if (storageFault(error) !== 'other') throw error
      db.exec('rollback to errand; release errand')
      this.#happened.length = happenedBefore
      this.#appender.lastSequence = lastSequence
      return error instanceof Refusal
        ? { kind: 'refused', code: error.code, detail: error.detail }
        : {
            kind: 'failed',
            message: `${errand.kind}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
          }
    }
  }

  async #run({ name, input, now }: Extract<Errand, { kind: 'command' }>): Promise<Result> {
    const output = await this.#command(name).run(this.#records, input, this.#moment(now))
    return { kind: 'output', output }
  }

  #command(name: string): Command<unknown, unknown> {
    const command = this.#commands.get(name)
    if (command === undefined) throw new Error(`${name} is not in the list of commands`)
    return command
  }

  #moment(now: Instant): Moment {
    const { random, vault } = this.#tools
    return { now, random, vault, happens: (happening) => this.#append(happening, now) }
  }

  #append(happening: Happening, now: Instant): void {
    const bodies = happening.bodies ?? null
    const event = { ...happening, bodies, id: this.#tools.random.id(now), acceptedAt: now }
    this.#happened.push({ ...event, sequence: this.#appender.append({ ...event, mayRepeat: false }).sequence })
  }

  #report(results: Result[]): Committed {
    const { value } = this.#q.listenersVersion.get() as { value: number }
    return {
      kind: 'committed',
      results,
      listenersVersion: value,
      happened: this.#happened,
      wakes: [...this.#waiting.touched].map((id) => [String(id), this.#waiting.nextWake(id)]),
      isFlushing: this.#waiting.isFlushing(),
    }
  }

  #undone(error: unknown): CommitReply {
    const { db } = this.#tools
    if (db.isTransaction) db.exec('rollback')
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { kind: 'not-committed', fault: storageFault(error), message }
  }
}
