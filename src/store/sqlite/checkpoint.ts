/**
 * Checkpoints, kept off the commit path: inside a commit they make one in a thousand take a tenth of a second.
 *
 * PASSIVE never makes the writer wait. While writes never pause it may not reach the end of the log, so the log can
 * grow; once it is large, TRUNCATE makes the writer wait once instead of letting the disk fill up.
 */
import { statSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import type { Clock } from '../../clock.ts'
import { type Duration, seconds } from '../../domain/time.ts'
import { openForWriting, storageFault } from './database.ts'

const interval: Duration = seconds(0.25)

/** A log beyond this costs readers and disk more than one slow commit does. */
const logLimitBytes = 256 * 1024 * 1024

/**
 * Checkpoints until it is told that this is enough, by any message. It is not terminated: a thread that ends in the
 * middle of a checkpoint takes the whole process with it.
 */
export async function keepCheckpointing(path: string, clock: Clock): Promise<void> {
  const ended = new AbortController()
  parentPort?.once('message', () => ended.abort())
  const db = openForWriting(path)
  const passive = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  const truncate = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
  while (!ended.signal.aborted) {
    await clock.sleepUntil(clock.now() + interval, ended.signal)
    const size = statSync(`${path}-wal`, { throwIfNoEntry: false })?.size ?? 0
    if (size > 0) attempt(() => (size > logLimitBytes ? truncate.get() : passive.get()))
  }
  db.close()
}

/** A disk that is full or broken is for the writer to tell; what could not be moved stays in the log. */
function attempt(checkpoint: () => unknown): void {
  try {
    checkpoint()
  } catch (error) {
    if (storageFault(error) === 'other') throw error
  }
}
