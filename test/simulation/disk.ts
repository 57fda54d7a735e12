/**
 * A disk that tells what was written from what is safe.
 *
 * Every change of a table is noted until it is synced; what a machine loses with its power is taken back in reverse.
 */

/** What has been changed since the last sync. */
export class Disk {
  readonly #undo: (() => void)[] = []

  note(undo: () => void): void {
    this.#undo.push(undo)
  }

  /** A place to come back to. */
  get place(): number {
    return this.#undo.length
  }

  /** Takes everything back that came behind a place. */
  backTo(place: number): void {
    while (this.#undo.length > place) this.#undo.pop()?.()
  }

  /** From now on it survives. */
  sync(): void {
    this.#undo.length = 0
  }
}

/** Rows by their key. A row is replaced, never changed. */
export class Table<Key, Row> {
  readonly #disk: Disk
  readonly #rows = new Map<Key, Row>()

  constructor(disk: Disk) {
    this.#disk = disk
  }

  get(key: Key): Row | undefined {
    return this.#rows.get(key)
  }

  set(key: Key, row: Row): void {
    const before = this.#rows.get(key)
    this.#rows.set(key, row)
    this.#disk.note(() => {
      if (before === undefined) this.#rows.delete(key)
      else this.#rows.set(key, before)
    })
  }

  /** True when there was one. */
  delete(key: Key): boolean {
    const before = this.#rows.get(key)
    if (before === undefined) return false
    this.#rows.delete(key)
    this.#disk.note(() => this.#rows.set(key, before))
    return true
  }

  get size(): number {
    return this.#rows.size
  }

  /** In no order that means anything. */
  entries(): MapIterator<[Key, Row]> {
    return this.#rows.entries()
  }

  values(): MapIterator<Row> {
    return this.#rows.values()
  }
}
