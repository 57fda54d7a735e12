// Tidings as it is started, in a process of its own; with the argument "memory" its store is switched off.
import { join } from 'node:path'
import { readConfig } from '#src/config.ts'
import { start } from '#src/main.ts'
import { answer, pause } from '../answering.mjs'
import { fillBacklog } from '../backlog.mjs'
import { memoryParts } from '../memory-store.mjs'
import { registerWebhooks } from '../registering.mjs'
import { countsIn, pagesOf, sizeOf } from '../store-file.mjs'

const isInMemory = process.argv[2] === 'memory'
let server
let recorded
let file
let bytesBefore

answer({
  /** Starts the server on an empty folder and registers the scene's webhooks. */
  async open({ origins, folder, scene }) {
    await begin(folder)
    const keys = await registerWebhooks(server, { scene, origins })
    bytesBefore = pagesOf(file)
    return { url: server.url, authorization: server.first.key, keys }
  },
  /** Starts the server on a folder that it was started on before. */
  async reopen({ folder }) {
    await begin(folder)
    return { url: server.url }
  },
  /** Puts deliveries into the files of a server that has been closed. */
  fill: (backlog) => fillBacklog(file, backlog),
  /** Resolves once everything that was accepted is delivered and written down. */
  async quiet() {
    while (isBusy(server.load())) await pause(1)
  },
  recorded: () => recorded ?? countsIn(file),
  /** Stops it; how many bytes its store has grown by. */
  async close() {
    await server.stop()
    return { bytes: sizeOf(file) - bytesBefore }
  },
})

async function begin(folder) {
  file = join(folder, 'tidings.db')
  const config = readConfig({
    TIDINGS_DATA: folder,
    TIDINGS_PORT: '0',
    TIDINGS_ALLOW_PRIVATE: '127.0.0.0/8',
    TIDINGS_LOG: 'warn',
  })
  server = await start(config, isInMemory ? { memory: inMemory } : {})
}

function inMemory(opened) {
  const parts = memoryParts(opened)
  recorded = parts.recorded
  return parts
}

function isBusy({ planned, lastSequence, waiting, inFlight, settling, unwritten }) {
  return planned !== lastSequence || waiting + inFlight + settling + unwritten > 0
}
