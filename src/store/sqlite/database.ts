/** The one file that knows which SQLite library is used. It has the interface of Node's own `node:sqlite`. */
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { Kysely, SqliteDialect } from 'kysely'
import type { Tables } from '../tables.ts'

/** An open connection. */
export type Database = DatabaseSyncInstance

/** A value that SQLite keeps. */
type Cell = string | number | bigint | null | Uint8Array

/** Long enough for a checkpoint to finish; only the lock file ever makes anybody wait for good. */
const busyTimeoutMs = 5_000

/** Memory for pages, per connection: 16 MiB (negative means KiB). */
const cacheSize = -16 * 1024

/**
 * Of a file that is made now; one that is there keeps its own. Of events of a kilobyte three fit on 4 KiB and waste a fifth of
 * it. Still larger pages waste less again, but a commit writes each page that it touches: at 16 KiB a lone event
 * would write 136 KiB.
 */
const pageBytes = 8 * 1024

/** Opens the connection that writes: every commit is on disk when it returns. */
export function openForWriting(path: string): Database {
  const db = new DatabaseSync(path, { timeout: busyTimeoutMs })
  db.exec(`PRAGMA page_size = ${pageBytes}`)
  db.exec('PRAGMA journal_mode = WAL')
  db.exec('PRAGMA synchronous = FULL')
  db.exec('PRAGMA foreign_keys = ON')
  // What a statement may have to undo is kept here, not in a file: a process that has no file left to open can commit.
  db.exec('PRAGMA temp_store = MEMORY')
  // Checkpoints would make one commit in a thousand slow: a thread of their own does them.
  db.exec('PRAGMA wal_autocheckpoint = 0')
  db.exec(`PRAGMA cache_size = ${cacheSize}`)
  return db
}

/** Opens a connection that can't write. */
export function openForReading(path: string): Database {
  const db = new DatabaseSync(path, { readOnly: true, timeout: busyTimeoutMs })
  db.exec(`PRAGMA cache_size = ${cacheSize}`)
  return db
}

/**
 * Takes the store for this process alone, for as long as the connection lives. The system gives it back when
 * the process dies, however it dies.
 */
export function lock(path: string): Database | null {
  const db = new DatabaseSync(path, { timeout: 0 })
  try {
    db.exec('PRAGMA locking_mode = EXCLUSIVE')
    db.exec('BEGIN EXCLUSIVE')
    return db
  } catch (error) {
    db.close()
    if (isBusy(error)) return null
    throw error
  }
}

/** Lets several statements see the same moment, however many commits happen meanwhile. */
export function atOneMoment<Found>(db: Database, read: () => Found): Found {
  db.exec('begin')
  try {
    return read()
  } finally {
    db.exec('commit')
  }
}

/** Typed queries over an open connection. */
export function kyselyOn(db: Database): Kysely<Tables> {
  return new Kysely<Tables>({
    dialect: new SqliteDialect({
      database: {
        close: () => {},
        prepare(sql) {
          const statement = db.prepare(sql)
          return {
            reader: statement.columns().length > 0,
            all: (parameters) => statement.all(...(parameters as Cell[])),
            run: (parameters) => statement.run(...(parameters as Cell[])),
            iterate: (parameters) => statement.iterate(...(parameters as Cell[])) as IterableIterator<unknown>,
          }
        },
      },
    }),
  })
}

/** What kind of failure a library's error is. */
export type StorageFault = 'full' | 'broken' | 'other'

// https://www.sqlite.org/rescode.html: primary codes are the low byte.
const codes = { busy: 5, readOnly: 8, ioError: 10, corrupt: 11, full: 13, cannotOpen: 14, notADatabase: 26 }

/** What is written is not in doubt when it could not be: the disk has a quota, or is read-only for a while. */
const writeError = codes.ioError | (3 << 8)

/** `full`: nothing of it is there; try again when there is room. `broken`: what is on disk is in doubt, nothing more may be written. */
export function storageFault(error: unknown): StorageFault {
  const code = primaryCode(error)
  // A temporary file can't be opened where the process has no more of them to open.
  if (code === codes.full || code === codes.cannotOpen || extendedCode(error) === writeError) return 'full'
  const broken: (number | null)[] = [codes.ioError, codes.corrupt, codes.readOnly, codes.notADatabase]
  return broken.includes(code) ? 'broken' : 'other'
}

const isBusy = (error: unknown): boolean => primaryCode(error) === codes.busy

function primaryCode(error: unknown): number | null {
  const code = extendedCode(error)
  return code === null ? null : code & 0xff
}

const extendedCode = (error: unknown): number | null =>
  error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' ? error.errcode : null
