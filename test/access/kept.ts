import { join } from 'node:path'
import { type Database, openForReading } from '#src/store/sqlite/database.ts'
import type { World } from '../world.ts'

/** What tables hold, by their names. */
export type Tables = ReadonlyMap<string, string>

/** Sessions has everybody who looks at a page; by `numbers` the engine knows how far it came. */
const passedOver = ['sessions', 'numbers']

/** What the store of a world keeps, read past its server. */
export class Kept {
  readonly #db: Database
  readonly #queries: ReadonlyMap<string, string>
  #version: unknown
  #tables: Tables = new Map()

  constructor({ folder }: World) {
    this.#db = openForReading(join(folder, 'tidings.db'))
    const names = this.#rows<{ name: string }>(`select name from sqlite_master where type = 'table'`)
    const kept = names.filter(({ name }) => !passedOver.includes(name))
    this.#queries = new Map(kept.map(({ name }) => [name, this.#queryFor(name)]))
  }

  /** All of it; read anew when anything was written since. */
  now(): Tables {
    const [{ data_version: version } = { data_version: null }] = this.#rows<{ data_version: unknown }>(
      'pragma data_version',
    )
    if (version === this.#version) return this.#tables
    this.#version = version
    this.#tables = new Map([...this.#queries].map(([name, query]) => [name, this.#texts(query).join('')]))
    return this.#tables
  }

  /** Every hash and every sealed secret. */
  hashes(): string[] {
    const columns = [...this.#queries.keys()].flatMap((table) =>
      this.#columnsOf(table)
        .filter(({ name }) => /hash$|sealed$/.test(name))
        .map(({ name }) => `select "${name}" as text from "${table}" where "${name}" is not null`),
    )
    return columns.flatMap((query) => this.#texts(query))
  }

  close(): void {
    this.#db.close()
  }

  #queryFor(table: string): string {
    // Some columns of texts hold bytes here and there.
    const columns = this.#columnsOf(table).map(
      ({ name }) => `case typeof("${name}") when 'blob' then hex("${name}") else "${name}" end`,
    )
    return `select json_group_array(json_array(${columns.join()})) as text from "${table}"`
  }

  #columnsOf(table: string): { name: string }[] {
    return this.#rows(`pragma table_info("${table}")`)
  }

  #texts(query: string): string[] {
    return this.#rows<{ text: string | Uint8Array }>(query).map(({ text }) =>
      typeof text === 'string' ? text : Buffer.from(text).toString('base64'),
    )
  }

  #rows<Row>(query: string): Row[] {
    return this.#db.prepare(query).all() as Row[]
  }
}

/** The tables of which the rows differ. */
export const changedBetween = (before: Tables, after: Tables): string[] =>
  [...after].filter(([name, rows]) => before.get(name) !== rows).map(([name]) => name)
