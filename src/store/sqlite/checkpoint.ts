/**
 * Checkpoints, kept off the commit path: inside a commit they make one in a thousand take a tenth of a second.
 *
 * PASSIVE never makes the writer wait. While writes never pause it may not reach the end of the log, so the log can
 * grow; once it is large, TRUNCATE makes the writer wait once instead of letting the disk fill up.
 */
import { statSync } from 'node:fs'
import { type Clock, type Duration, seconds } from '../../clock.ts'
import { openForWriting } from './database.ts'

const interval: Duration = seconds(0.25)

/** A log beyond this costs readers and disk more than one slow commit does. */
const logLimitBytes = 256 * 1024 * 1024

/** Checkpoints until its thread is ended. */
export async function keepCheckpointing(path: string, clock: Clock): Promise<never> {
  const db = openForWriting(path)
  const passive = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  const truncate = db.prepare('PRAGMA wal_checkpoint(TRUNCATE)')
  for (;;) {
    await clock.sleepUntil(clock.now() + interval)
    const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
    if (log === undefined || log.size === 0) continue
    if (log.size > logLimitBytes) truncate.get()
    else passive.get()
  }
}
