// What is on disk of Tidings' store, read over a connection of its own.
import { statSync } from 'node:fs'
import { DatabaseSync } from '@photostructure/sqlite'

/** How many deliveries are written down as delivered, how many as anything else, and with how many attempts. */
export function countsIn(file) {
  return reading(file, (db) => {
    const count = (sql) => db.prepare(sql).get().count
    return {
      delivered: count('select count(*) as count from deliveries where status = 2'),
      other: count('select count(*) as count from deliveries where status <> 2'),
      attempts: count('select count(*) as count from attempts'),
    }
  })
}

/** What the pages of a store that is open take, whether they are in its file or still in the log beside it. */
export function pagesOf(file) {
  return reading(file, (db) => {
    const pragma = (name) => db.prepare(`pragma ${name}`).get()[name]
    return pragma('page_count') * pragma('page_size')
  })
}

/** What a store that was closed takes, once what its log still holds is in its file. */
export function sizeOf(file) {
  const db = new DatabaseSync(file)
  db.exec('pragma wal_checkpoint(truncate)')
  db.close()
  return statSync(file).size
}

/** Runs a function on a connection that can't write. */
export function reading(file, read) {
  const db = new DatabaseSync(file, { readOnly: true })
  try {
    return read(db)
  } finally {
    db.close()
  }
}
