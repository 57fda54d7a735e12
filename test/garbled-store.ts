import { closeSync, existsSync, fstatSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'

/** The first page of a database and the head of its log, by which it is still one. */
const kept: Record<string, number> = { 'tidings.db': 4096, 'tidings.db-wal': 32 }

/** Overwrites what a store has on disk, as a failing disk does: whatever is read from it now is nonsense. */
export function garbleStore(folder: string): void {
  for (const [name, from] of Object.entries(kept)) {
    const path = join(folder, name)
    if (!existsSync(path)) continue
    const file = openSync(path, 'r+')
    const { size } = fstatSync(file)
    if (size > from) writeSync(file, Buffer.alloc(size - from, 0xff), 0, size - from, from)
    closeSync(file)
  }
}
