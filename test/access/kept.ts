import { join } from 'node:path'
import { type Database, openForReading } from '#src/store/sqlite/database.ts'
import type { World } from '../world.ts'

/**
 * Everything that the store keeps, table by table, read past the server. Not sessions, which everybody has who looks at a
 * page, and not `numbers`, by which the engine knows how far it came.
 */
export function keptIn(world: World): Map<string, string> {
  return withReader(world, (db) => {
    const tables = db.prepare(`select name from sqlite_master where type = 'table'`).all() as { name: string }[]
    const names = tables.map(({ name }) => name).filter((name) => name !== 'sessions' && name !== 'numbers')
    return new Map(names.map((name) => [name, JSON.stringify(db.prepare(`select * from "${name}"`).all(), readable)]))
  })
}

/** The tables of which the rows differ. */
export const changedBetween = (before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] =>
  [...after].filter(([name, rows]) => before.get(name) !== rows).map(([name]) => name)

/** Every hash, sealed secret and cookie's fingerprint that the store keeps. */
export function hashesIn(world: World): string[] {
  return withReader(world, (db) => {
    const columns = db
      .prepare(
        `select tables.name as "table", columns.name as "column" from sqlite_master tables, pragma_table_info(tables.name) columns
         where tables.type = 'table' and (columns.name like '%hash' or columns.name like '%sealed')`,
      )
      .all() as { table: string; column: string }[]
    return columns.flatMap(({ table, column }) => {
      const rows = db.prepare(`select "${column}" as value from "${table}" where "${column}" is not null`).all()
      return (rows as { value: string | Uint8Array }[]).map(({ value }) =>
        typeof value === 'string' ? value : Buffer.from(value).toString('base64'),
      )
    })
  })
}

function withReader<Value>(world: World, read: (db: Database) => Value): Value {
  const db = openForReading(join(world.folder, 'tidings.db'))
  try {
    return read(db)
  } finally {
    db.close()
  }
}

const readable = (_name: string, value: unknown): unknown =>
  value instanceof Uint8Array
    ? Buffer.from(value).toString('base64')
    : typeof value === 'bigint'
      ? String(value)
      : value
