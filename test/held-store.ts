import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'

/** Keeps everybody else from writing to a store, as a disk that does not answer would; returns what lets them again. */
export function holdStore({ folder }: { folder: string }): () => void {
  const db = new DatabaseSync(join(folder, 'tidings.db'), { timeout: 10_000 })
  db.exec('begin immediate')
  return () => {
    db.exec('rollback')
    db.close()
  }
}
