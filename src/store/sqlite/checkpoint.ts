/**
 * Checkpoints, kept off the commit path: inside a commit they make one in a thousand take a tenth of a second.
 *
 * PASSIVE never makes the writer wait. While writes never pause it does not reach the end of the log, so the log grows;
 * once it is large, RESTART lets the next commit begin it anew. That makes the writer wait until the rest has been moved,
 * so a few PASSIVE ones go before it, each of which has less to move than the last.
 */
import { parentPort } from 'node:worker_threads'
import type { Clock } from '../../clock.ts'
import { type Duration, seconds } from '../../domain/time.ts'
import { openForWriting, storageFault } from './database.ts'

const interval: Duration = seconds(0.25)

/** A log beyond this costs readers and disk more than one slow commit does. */
const logLimitBytes = 64 * 1024 * 1024

/** So many go before the one that makes the writer wait. */
const approaches = 3

type Moved = { log: number }

/**
 * Checkpoints until it is told that this is enough, by any message. It is not terminated: a thread that ends in the
 * middle of a checkpoint takes the whole process with it.
 */
export async function keepCheckpointing(path: string, clock: Clock): Promise<void> {
  const ended = new AbortController()
  parentPort?.once('message', () => ended.abort())
  const db = openForWriting(path)
  const passive = db.prepare('PRAGMA wal_checkpoint(PASSIVE)')
  const restart = db.prepare('PRAGMA wal_checkpoint(RESTART)')
  const { page_size: pageBytes } = db.prepare('PRAGMA page_size').get() as { page_size: number }
  while (!ended.signal.aborted) {
    await clock.sleepUntil(clock.now() + interval, ended.signal)
    attempt(() => {
      const { log } = passive.get() as Moved
      if (log * pageBytes < logLimitBytes) return
      for (let times = 0; times < approaches; times += 1) passive.get()
      restart.get()
    })
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
