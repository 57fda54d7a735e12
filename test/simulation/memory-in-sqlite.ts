/**
 * The real writer's own code over a database in memory: every statement that the server runs, without its threads and
 * its file. A commit of SQLite is there or it is not, so there is nothing that was written and is not safe; each errand is
 * a commit of its own here, because it is judged by what lies there right after it.
 */
import type { DeliveryKey } from '#src/domain/delivery.ts'
import type { Event, Sequence } from '#src/domain/event.ts'
import type { Instant } from '#src/domain/time.ts'
import type { AnyCommand } from '#src/store/command.ts'
import { migrations } from '#src/store/migrations/migrations.ts'
import { recordsOn } from '#src/store/records.ts'
import { Committer } from '#src/store/sqlite/committer.ts'
import { type Database, kyselyOn, openForWriting } from '#src/store/sqlite/database.ts'
import { deliveryIn } from '#src/store/sqlite/delivery-columns.ts'
import { deliveryReader } from '#src/store/sqlite/delivery-reader.ts'
import { type IdCell, idIn } from '#src/store/sqlite/event-ids.ts'
import { eventReader } from '#src/store/sqlite/event-reader.ts'
import { listenersReader } from '#src/store/sqlite/listeners.ts'
import { type Committed, eventColumns, type Errand as Packed, type Result } from '#src/store/sqlite/protocol.ts'
import { packSettlements } from '#src/store/sqlite/settlement-columns.ts'
import { Standings } from '#src/store/sqlite/standings.ts'
import { Waiting } from '#src/store/sqlite/waiting.ts'
import { Wakes } from '#src/store/sqlite/wakes.ts'
import type { Errand } from './errands.ts'
import type { Did, Memory, MemoryTools, Reads, Written } from './memory.ts'

/** Makes memories over one database, which is emptied for each. */
export async function sqliteMemories(): Promise<(tools: MemoryTools) => Memory> {
  const db = openForWriting(':memory:')
  const kysely = kyselyOn(db)
  for (const name of Object.keys(migrations).sort()) await migrations[name]?.up(kysely)
  const beginning = new Map(
    namesOf(db).map((name) => [name, db.prepare(`select * from "${name}"`).all() as Record<string, never>[]]),
  )
  return (tools) => {
    empty(db, beginning)
    return new SqliteMemory(db, tools)
  }
}

const namesOf = (db: Database): string[] =>
  (db.prepare(`select name from sqlite_master where type = 'table'`).all() as { name: string }[]).map(
    ({ name }) => name,
  )

/** As the migrations left it. */
function empty(db: Database, beginning: ReadonlyMap<string, readonly Record<string, never>[]>): void {
  db.exec('PRAGMA foreign_keys = OFF')
  for (const [name, rows] of beginning) {
    db.exec(`delete from "${name}"`)
    for (const row of rows) {
      const places = Object.keys(row).map(() => '?')
      db.prepare(`insert into "${name}" values (${places.join(', ')})`).run(...Object.values(row))
    }
  }
  db.exec('PRAGMA foreign_keys = ON')
}

class SqliteMemory implements Memory {
  readonly reads: Reads
  readonly #db: Database
  readonly #tools: MemoryTools
  readonly #known = { wakes: new Wakes(), listenersVersion: 0, isFlushing: false }
  #committer: Committer

  constructor(db: Database, tools: MemoryTools) {
    this.#db = db
    this.#tools = tools
    this.#committer = this.#begin(0)
    this.reads = readsOn(db, tools, this.#known)
  }

  #begin(lastSequence: Sequence): Committer {
    const { commands, vault, random } = this.#tools
    const tools = { db: this.#db, kysely: kyselyOn(this.#db), vault, random, lastSequence }
    return new Committer({ ...tools, commands: commands as readonly AnyCommand[] })
  }

  open(now: Instant): { lastSequence: Sequence; mark: Sequence } {
    const db = this.#db
    new Waiting(db, new Standings(db)).endAllLeases(now)
    const number = (sql: string) => (db.prepare(sql).get() as { value: number }).value
    const mark = number(`select value from numbers where name = 'journal_mark'`)
    const lastSequence = Math.max(mark, number('select coalesce(max(sequence), 0) as value from events'))
    this.#committer = this.#begin(lastSequence)
    this.#known.listenersVersion = number(`select value from numbers where name = 'listeners_version'`)
    this.#known.isFlushing = number('select count(*) as value from flushing') > 0
    this.#known.wakes = new Wakes()
    this.#known.wakes.note(nextWakes(db))
    return { lastSequence, mark }
  }

  async commit(errands: readonly Errand[], did: Did): Promise<Written> {
    const written: Written = { results: [], appended: [] }
    for (const errand of errands) {
      const reply = await this.#committer.commit([packed(errand)])
      const done = reply.kind === 'committed' ? reply.results[0] : undefined
      if (reply.kind !== 'committed' || done === undefined) throw new Error(`a commit failed: ${JSON.stringify(reply)}`)
      this.#known.listenersVersion = reply.listenersVersion
      this.#known.isFlushing = reply.isFlushing
      this.#known.wakes.note(reply.wakes)
      const appended = appendedBy(errand, reply)
      const result = this.#noMoreThanPromised(errand, done)
      written.results.push(result)
      written.appended.push(...appended)
      did(errand, result, appended)
    }
    return written
  }

  /**
   * SQLite says more often that something became due than it has to. The pipeline is to live with what is promised, and so
   * both memories let a seed live the same life.
   */
  #noMoreThanPromised(errand: Errand, result: Result): Result {
    if (errand.kind !== 'settle' || result.kind !== 'settled') return result
    const isDue = errand.settlements.some(({ delivery }) => this.reads.now.delivery(delivery)?.status === 'due')
    const isDueChanged = isDue || this.#known.isFlushing
    if (isDueChanged && !result.isDueChanged) throw new Error('something became due, and that is not said')
    return { kind: 'settled', isDueChanged }
  }

  sync(): void {}

  losePower(): void {}
}

function packed(errand: Errand): Packed {
  if (errand.kind === 'append') return { kind: 'append', events: eventColumns(errand.events) }
  if (errand.kind === 'settle') return { ...errand, settlements: packSettlements(errand.settlements) }
  if (errand.kind === 'redeliver') return { ...errand, ...errand.key, webhookId: Number(errand.key.webhookId) }
  return errand
}

function appendedBy(errand: Errand, { results, happened }: Committed): Event[] {
  const [result] = results
  if (errand.kind !== 'append' || result?.kind !== 'appended') return happened
  return errand.events.flatMap((event, index) => {
    const sequence = result.sequences[index]
    return result.fates[index] === 0 && sequence !== undefined ? [{ ...event, sequence, bodies: null }] : []
  })
}

function nextWakes(db: Database): [string, Instant][] {
  const rows = db.prepare('select webhook_id, min(wake_at) as wake_at from due group by webhook_id').all()
  return (rows as { webhook_id: number; wake_at: Instant }[]).map(({ webhook_id, wake_at }) => [
    String(webhook_id),
    wake_at,
  ])
}

type Known = { wakes: Wakes; listenersVersion: number; isFlushing: boolean }

function readsOn(db: Database, { vault }: MemoryTools, known: Known): Reads {
  const load = listenersReader(db, vault)
  return {
    records: recordsOn(kyselyOn(db)),
    events: eventReader(db),
    deliveries: {
      ...deliveryReader(db),
      webhooksDue: async (now) => tiesInOrder(known.wakes.dueAt(now), db),
      nextDueAt: async (now) => known.wakes.nextAfter(now),
    },
    listenersVersion: () => known.listenersVersion,
    listeners: load,
    isFlushing: () => known.isFlushing,
    now: nowIn(db),
  }
}

/** Of webhooks that wait equally long nobody says who is first: as the model has it, the older one. */
function tiesInOrder(webhookIds: readonly string[], db: Database): string[] {
  const wakes = new Map(nextWakes(db))
  const wakeOf = (id: string) => wakes.get(id) ?? 0
  return [...webhookIds].sort((one, other) => wakeOf(one) - wakeOf(other) || Number(one) - Number(other))
}

type Row = { sequence: number; webhook_id: number; status: number; attempts_made: number; at: number }
type EventRow = Omit<Event, 'id' | 'acceptedAt' | 'bodies'> & { id: IdCell; accepted_at: number }

function nowIn(db: Database): Reads['now'] {
  const q = {
    event: db.prepare('select * from events where sequence = ?'),
    delivery: db.prepare('select * from deliveries where sequence = ? and webhook_id = ?'),
    attempts: db.prepare('select count(*) as count from attempts where sequence = ? and webhook_id = ?'),
    counts: db.prepare('select (select count(*) from events) as events, (select count(*) from held) as held'),
    webhook: db.prepare(
      `select webhooks.paused_at, pause_reason, webhooks.deleted_at is null and clients.deleted_at is null as is_there
       from webhooks join clients on clients.id = webhooks.client_id where webhooks.id = ?`,
    ),
  }
  const webhook = (id: string) =>
    q.webhook.get(Number(id)) as { paused_at: number | null; pause_reason: string | null; is_there: number } | undefined
  return {
    event(sequence) {
      const row = q.event.get(sequence) as EventRow | undefined
      return row === undefined ? null : { ...row, id: idIn(row.id), acceptedAt: row.accepted_at, bodies: null }
    },
    delivery({ sequence, webhookId }: DeliveryKey) {
      const row = q.delivery.get(sequence, Number(webhookId)) as Row | undefined
      return row === undefined ? null : deliveryIn(row)
    },
    attemptsRecorded: ({ sequence, webhookId }) =>
      (q.attempts.get(sequence, Number(webhookId)) as { count: number }).count,
    counts: () => q.counts.get() as { events: number; held: number },
    isSending(id) {
      const row = webhook(id)
      return row?.is_there === 1 && row.paused_at === null
    },
    pauseReason: (id) => webhook(id)?.pause_reason ?? null,
  }
}
