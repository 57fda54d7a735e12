/**
 * The writer thread's own program: the only connection that writes.
 *
 * It runs one commit at a time. Node's `fsync` would block whoever calls it, so it is called here, where nobody
 * waits but those who want to know that it is done.
 */
import type { MessagePort } from 'node:worker_threads'
import { Migrator } from 'kysely'
import type { Random } from '../../clock.ts'
import { nonceBytes, type Vault, vaultWith } from '../../domain/vault.ts'
import type { AnyCommand } from '../command.ts'
import { migrations } from '../migrations/migrations.ts'
import { Committer } from './committer.ts'
import { type Database, kyselyOn, lock, openForWriting } from './database.ts'
import type { CommitReply, Errand, Opened, WriterData } from './protocol.ts'
import { Standings } from './standings.ts'
import { Waiting } from './waiting.ts'

/** Opens the store, says so, and then answers every message (the errands of one commit) with one reply. */
export async function runWriter(
  port: MessagePort,
  data: WriterData,
  { commands, random }: { commands: readonly AnyCommand[]; random: Random },
): Promise<void> {
  const vault = vaultWith(data.vaultKey)
  const opened = await open(data, { vault, random })
  port.postMessage(opened.hello)
  if (!('db' in opened)) return

  const { db, kysely, held } = opened
  const { lastSequence } = opened.hello
  const committer = new Committer({ db, kysely, commands, vault, random, lastSequence })
  let broken: CommitReply | null = null

  const answer = async (errands: readonly Errand[]): Promise<void> => {
    const reply = broken ?? (await committer.commit(errands))
    // After a failed fsync nobody knows what is on disk: nothing more is written until a new start has looked.
    if (reply.kind === 'not-committed' && reply.fault === 'broken') broken = reply
    port.postMessage(reply)
  }

  // A commit never rejects; what goes wrong in it is its reply. Null is the last message: the thread ends by itself then,
  // as one that is terminated while it has a database open can take the whole process with it.
  port.on('message', (errands: readonly Errand[] | null) => {
    if (errands !== null) return void answer(errands)
    db.close()
    held.close()
    port.close()
  })
}

type OpenStore = {
  db: Database
  kysely: ReturnType<typeof kyselyOn>
  /** Keeps every other process out. */
  held: Database
  hello: Extract<Opened, { kind: 'opened' }>
}

async function open(
  { path, now }: WriterData,
  locksmith: { vault: Vault; random: Random },
): Promise<OpenStore | { hello: Exclude<Opened, { kind: 'opened' }> }> {
  const held = lock(`${path}.lock`)
  if (held === null) return { hello: { kind: 'locked' } }
  try {
    const db = openForWriting(path)
    const kysely = kyselyOn(db)
    await migrate(db, kysely)
    mustBeTheKey(db, locksmith)
    new Waiting(db, new Standings(db)).endAllLeases(now)
    return { db, kysely, held, hello: stateOf(db) }
  } catch (error) {
    held.close()
    const message = error instanceof Error ? inFull(error) : String(error)
    return { hello: { kind: 'not-opened', message } }
  }
}

const inFull = ({ message, cause }: Error): string =>
  cause instanceof Error ? `${message} (${cause.message})` : message

/** All of it or nothing: a process that dies meanwhile leaves the tables as they were. */
async function migrate(db: Database, kysely: OpenStore['kysely']): Promise<void> {
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } })
  db.exec('begin immediate')
  const { error } = await migrator.migrateToLatest()
  db.exec(error === undefined ? 'commit' : 'rollback')
  if (error !== undefined) throw new Error('the tables could not be made', { cause: error })
}

/** Where what tells the right key from another one is sealed. */
const keyCheck = { table: 'seals', row: 'key', column: 'sealed' }

/** With another key nothing could be signed, and every retry would be wasted on finding that out. */
function mustBeTheKey(db: Database, { vault, random }: { vault: Vault; random: Random }): void {
  const row = db.prepare('select sealed from seals where name = ?').get(keyCheck.row) as
    | { sealed: Uint8Array }
    | undefined
  if (row === undefined) {
    const sealed = vault.seal('this key', keyCheck, random.bytes(nonceBytes))
    db.prepare('insert into seals (name, sealed) values (?, ?)').run(keyCheck.row, sealed)
    return
  }
  try {
    vault.open(row.sealed, keyCheck)
  } catch (error) {
    throw new Error('it was made with another key. Put that key back (TIDINGS_KEY, or the file "key" beside it)', {
      cause: error,
    })
  }
}

function stateOf(db: Database): OpenStore['hello'] {
  const number = (name: string) =>
    (db.prepare('select value from numbers where name = ?').get(name) as { value: number }).value
  const { last } = db.prepare('select coalesce(max(sequence), 0) as last from events').get() as { last: number }
  const mark = number('journal_mark')
  return {
    kind: 'opened',
    // What was pruned had a sequence too: it is never given again.
    lastSequence: Math.max(last, mark),
    mark,
    listenersVersion: number('listeners_version'),
    isFlushing: db.prepare('select 1 as yes from flushing limit 1').get() !== undefined,
  }
}
