/** The wiring of the thread that moves what was committed from the write-ahead log into the database file. */
import { workerData } from 'node:worker_threads'
import { systemClock } from './clock.ts'
import { keepCheckpointing } from './store/sqlite/checkpoint.ts'

await keepCheckpointing((workerData as { path: string }).path, systemClock)
