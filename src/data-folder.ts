import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { Random } from './clock.ts'
import { CannotStart } from './domain/cannot-start.ts'
import type { Duration } from './domain/time.ts'
import { vaultKeyBytes } from './domain/vault.ts'

/** The file in the data folder that holds the operator's API key. */
export const operatorKeyName = 'operator-key'

/** The folder that holds everything; nobody but its owner reads it. */
export function dataFolder(path: string) {
  mkdirSync(path, { recursive: true, mode: 0o700 })
  const keyFile = join(path, 'key')
  const aheadFile = join(path, 'clock-ahead')
  return {
    /** The operator's API key, kept for the command line on this machine; made at the first start. */
    operatorKey(make: () => string): string {
      const file = join(path, operatorKeyName)
      const kept = readIfThere(file)
      if (kept !== null) return kept.trim()
      const made = make()
      writePrivate(file, made)
      return made
    },

    /** The key that seals secrets: from the settings, or made once and kept beside what it seals. */
    vaultKey(fromSettings: Buffer | null, random: Random): Buffer {
      if (fromSettings !== null) return fromSettings
      const kept = readIfThere(keyFile)
      if (kept !== null) return checked(Buffer.from(kept.trim(), 'base64'), keyFile)
      const made = random.bytes(vaultKeyBytes)
      writePrivate(keyFile, made.toString('base64'))
      return made
    },

    /** How far the clock of what is kept here is ahead of the machine's, because somebody moved it. */
    clockAhead(): Duration {
      const kept = readIfThere(aheadFile)
      if (kept === null) return 0
      if (/^\d{1,15}$/.test(kept.trim())) return Number(kept)
      throw new CannotStart(`${aheadFile} should hold a number of milliseconds. Put back what was in it.`)
    },

    /** Remembers it for good before it is used, so that no start finds an earlier time than the one before. */
    keepClockAhead(ahead: Duration): void {
      replacePrivate(aheadFile, String(ahead))
    },
  }
}

/**
 * Writes a file that only its owner reads, and that is not there yet. It is there whole and for good, or not at all:
 * a key that is lost takes with it everything that it sealed.
 */
function writePrivate(path: string, text: string): void {
  const beginning = begun(path, text)
  linkSync(beginning, path)
  unlinkSync(beginning)
  keepNames(path)
}

/** Writes a file that only its owner reads: whoever dies meanwhile leaves the old one or the new one, whole. */
export function replacePrivate(path: string, text: string): void {
  renameSync(begun(path, text), path)
  keepNames(path)
}

function begun(path: string, text: string): string {
  const beginning = `${path}.new`
  const file = openSync(beginning, 'w', 0o600)
  writeSync(file, `${text}\n`)
  fsyncSync(file)
  closeSync(file)
  return beginning
}

/** A file's name is in its folder, which reaches the disk by itself. */
function keepNames(path: string): void {
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
}

/** A file's text, or null where there is none. */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

function checked(key: Buffer, path: string): Buffer {
  if (key.length === vaultKeyBytes) return key
  throw new CannotStart(
    `${path} should hold ${vaultKeyBytes} bytes in base64. Put back the key that this store was made with.`,
  )
}
