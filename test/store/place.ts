/** A store on SQLite with its journal, in a folder of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '#src/clock.ts'
import { vaultKeyBytes, vaultWith } from '#src/domain/vault.ts'
import { sqliteJournal } from '#src/journal/sqlite.ts'
import { openSqliteStore } from '#src/store/sqlite/store.ts'
import { now, type Place } from './stage.ts'

const threads = {
  writer: new URL('./writer-thread.mjs', import.meta.url),
  checkpoint: new URL('../../dist/checkpoint-thread.js', import.meta.url),
}

/** Opens a fresh one. */
export async function aSqlitePlace(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), 'tidings-'))
  const newest = { close: async () => {} }
  return await open(folder, newest)
}

/** However often it is reopened, closing any of them closes the newest, and closing it again does nothing. */
async function open(folder: string, newest: { close: () => Promise<void> }): Promise<Place> {
  const vaultKey = new Uint8Array(vaultKeyBytes)
  const path = join(folder, 'tidings.db')
  const store = await openSqliteStore({ path, vaultKey, vault: vaultWith(vaultKey), now, pace: systemClock, threads })
  newest.close = () => store.close()
  return {
    store,
    journal: sqliteJournal(store),
    async reopen() {
      await newest.close()
      return await open(folder, newest)
    },
    async close() {
      await newest.close()
      newest.close = async () => {}
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
