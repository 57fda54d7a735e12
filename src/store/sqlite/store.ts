import { Worker } from 'node:worker_threads'
import type { Clock } from '../../clock.ts'
import type { Instant } from '../../domain/time.ts'
import type { Vault } from '../../domain/vault.ts'
import type { Command } from '../command.ts'
import { recordsOn } from '../records.ts'
import type { Deliveries, Store } from '../store.ts'
import { kyselyOn, openForReading } from './database.ts'
import { deliveryReader } from './delivery-reader.ts'
import { eventReader } from './event-reader.ts'
import { listenersReader } from './listeners.ts'
import { type CommitNews, Mailbox } from './mailbox.ts'
import type { Result } from './protocol.ts'
import { RememberedKeys } from './remembered-keys.ts'
import { packSettlements } from './settlement-columns.ts'
import { Wakes } from './wakes.ts'

/** Where the two threads' programs are, and what they need. */
export type SqliteOptions = {
  path: string
  vaultKey: Uint8Array
  vault: Vault
  now: Instant
  /** Paces commits: the machine's own clock, whatever time the rest is told. */
  pace: Clock
  threads: { writer: URL; checkpoint: URL }
}

/** A store in one file; its journal reads the same file (`journal/sqlite.ts`). */
export type SqliteStore = Store & {
  readonly mailbox: Mailbox
  readonly reader: ReturnType<typeof eventReader>
  /** Calls back after each commit, before whoever waited for it is answered. */
  onCommit(listen: (news: CommitNews) => void): void
  /** Resolves should one of its threads end or its disk be in doubt: nothing is written any more until a new start. */
  readonly broke: Promise<Error>
}

/** Opens the file, making it where there is none, and takes it for this process alone. */
export async function openSqliteStore(options: SqliteOptions): Promise<SqliteStore> {
  const { path, vaultKey, vault, now, pace, threads } = options
  const wakes = new Wakes()
  const commitListeners: ((news: CommitNews) => void)[] = []
  const known = { listenersVersion: 0, isFlushing: false }

  const onNews = (news: CommitNews) => {
    known.listenersVersion = news.listenersVersion
    known.isFlushing = news.isFlushing
    wakes.note(news.wakes)
    if (news.ranCommands) remembered.forget()
    for (const listen of commitListeners) listen(news)
  }
  const mailbox = await Mailbox.open(threads.writer, { path, vaultKey, now }, { clock: pace, onNews })
  known.listenersVersion = mailbox.opened.listenersVersion
  known.isFlushing = mailbox.opened.isFlushing

  const readers = openReaders(path, vault)
  const { records, remembered, reader } = readers
  wakes.note(nextWakes(readers.db))
  const checkpoints = startCheckpoints(threads.checkpoint, path)

  return {
    mailbox,
    reader,
    broke: Promise.race([mailbox.broke, checkpoints.broke]),
    onCommit: (listen) => commitListeners.push(listen),
    read: { ...records, keys: { ...records.keys, findByHash: (hash) => remembered.findByHash(hash) } },
    events: reader,
    deliveries: { ...deliveryReader(readers.db), ...waitingDeliveries(mailbox, wakes, known) },
    listeners: { version: () => known.listenersVersion, load: async () => readers.load() },

    async execute<Input, Output>({ name }: Command<Input, Output>, input: Input, at: Instant) {
      const result = await mailbox.send({ kind: 'command', name, input, now: at })
      // The writer ran the command of this name, so what came back is its output.
      if (result.kind === 'output') return result.output as Output
      throw new Error(`the command ${name} was answered with ${result.kind}`)
    },

    async close() {
      await mailbox.close()
      await checkpoints.end()
      readers.close()
    },
  }
}

/** Connections that can't write: one for everybody who asks, one for who listens. */
function openReaders(path: string, vault: Vault) {
  const db = openForReading(path)
  const listenersDb = openForReading(path)
  const records = recordsOn(kyselyOn(db))
  return {
    db,
    records,
    remembered: new RememberedKeys(records.keys.findByHash),
    reader: eventReader(db),
    load: listenersReader(listenersDb, vault),
    close() {
      db.close()
      listenersDb.close()
    },
  }
}

/** `end` returns when the thread has ended by itself; `broke` resolves should it end before it was told to. */
function startCheckpoints(program: URL, path: string): { broke: Promise<Error>; end(): Promise<void> } {
  const thread = new Worker(program, { workerData: { path } })
  let isToldToEnd = false
  const ended = new Promise<void>((resolve) => thread.once('exit', () => resolve()))
  const broke = new Promise<Error>((resolve) => {
    thread.once('error', resolve)
    thread.once('exit', () => isToldToEnd || resolve(new Error('the thread that makes checkpoints ended')))
  })
  return {
    broke,
    async end() {
      isToldToEnd = true
      thread.postMessage('enough')
      await ended
    },
  }
}

type Waits = Pick<Deliveries, 'settle' | 'webhooksDue' | 'nextDueAt' | 'leaseDue' | 'flush' | 'redeliver' | 'prune'>

function waitingDeliveries(mailbox: Mailbox, wakes: Wakes, known: { isFlushing: boolean }): Waits {
  return {
    async settle(settlements, now) {
      const result = await mailbox.send({ kind: 'settle', settlements: packSettlements(settlements), now })
      return result.kind === 'settled' && result.isDueChanged
    },
    webhooksDue: async (now) => wakes.dueAt(now),
    nextDueAt: async (now) => wakes.nextAfter(now),

    async leaseDue(wanted, now, leaseEndsAt) {
      const result = await mailbox.send({ kind: 'lease', wanted, now, leaseEndsAt })
      if (result.kind !== 'leased') throw new Error(`a lease was answered with ${result.kind}`)
      return result.leased
    },

    async flush(now, limit) {
      return known.isFlushing ? count(await mailbox.send({ kind: 'flush', now, limit })) : 0
    },

    async redeliver({ sequence, webhookId }, now) {
      return count(await mailbox.send({ kind: 'redeliver', sequence, webhookId: Number(webhookId), now })) === 1
    },

    async prune(before, now, limit) {
      return count(await mailbox.send({ kind: 'prune', before, now, limit }))
    },
  }
}

function count(result: Result): number {
  if (result.kind !== 'counted') throw new Error(`a count was answered with ${result.kind}`)
  return result.count
}

/** The next due time of every webhook that has one: two seeks each, however much is due. */
function nextWakes(db: ReturnType<typeof openForReading>): [string, Instant][] {
  const rows = db
    .prepare(
      `with recursive waiting(id) as (
         select min(webhook_id) from due
         union all
         select (select min(webhook_id) from due where webhook_id > id) from waiting where id is not null)
       select id, (select min(wake_at) from due where webhook_id = id) as wake_at from waiting where id is not null`,
    )
    .all() as { id: number; wake_at: Instant }[]
  return rows.map(({ id, wake_at }) => [String(id), wake_at])
}
