/** The wiring of the writer thread: like `main.ts`, it names concrete parts and does nothing else. */
import { parentPort, workerData } from 'node:worker_threads'
import { systemRandom } from './clock.ts'
import { commands } from './commands.ts'
import type { WriterData } from './store/sqlite/protocol.ts'
import { runWriter } from './store/sqlite/writer.ts'

if (parentPort === null) throw new Error('this file runs as a thread of the server, not by itself')
await runWriter(parentPort, workerData as WriterData, { commands, random: systemRandom })
