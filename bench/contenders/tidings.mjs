// Tidings as it is started, in a process of its own; with the argument "memory" its store is switched off.
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { readConfig } from '#src/config.ts'
import { start } from '#src/main.ts'
import { answer, pause } from '../answering.mjs'
import { tenantCount, tenantOf, trigger } from '../events.mjs'
import { memoryParts } from '../memory-store.mjs'

const isInMemory = process.argv[2] === 'memory'
let server
let recorded
let file

answer({
  /** Starts the server with one webhook for each tenant. */
  async open({ origins, folder }) {
    file = join(folder, 'tidings.db')
    const config = readConfig({
      TIDINGS_DATA: folder,
      TIDINGS_PORT: '0',
      TIDINGS_ALLOW_PRIVATE: '127.0.0.0/8',
      TIDINGS_LOG: 'warn',
    })
    server = await start(config, isInMemory ? { memory: inMemory } : {})
    const keys = await register(origins)
    return { url: server.url, authorization: server.first.key, keys }
  },
  /** Resolves once everything that was accepted is delivered and written down. */
  async quiet() {
    while (isBusy(server.load())) await pause(1)
  },
  recorded: () => recorded ?? inFile(),
  close: () => server.stop(),
})

function inMemory(opened) {
  const parts = memoryParts(opened)
  recorded = parts.recorded
  return parts
}

function isBusy({ planned, lastSequence, waiting, inFlight, settling, unwritten }) {
  return planned !== lastSequence || waiting + inFlight + settling + unwritten > 0
}

async function register(origins) {
  await call('/api/v1/triggers', { name: trigger })
  const client = await call('/api/v1/clients', { name: 'Benchmark' })
  const keys = []
  for (let place = 0; place < tenantCount; place += 1) {
    const tenant = tenantOf(place)
    await call(`/api/v1/clients/${client.id}/grants`, { tenant })
    const made = await call('/api/v1/webhooks', {
      client_id: client.id,
      uri: `${origins[place]}/hook`,
      triggers: [trigger],
      tenant,
    })
    const standardKey = Buffer.from(made.standard_secret.replace('whsec_', ''), 'base64')
    keys.push({ secret: made.secret, standardKey })
  }
  return keys
}

async function call(path, body) {
  const response = await fetch(server.url + path, {
    method: 'POST',
    headers: { authorization: server.first.key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${await response.text()}`)
  return await response.json()
}

// Counted over a connection of its own, from what is on disk.
function inFile() {
  const db = new DatabaseSync(file, { readOnly: true })
  const count = (sql) => db.prepare(sql).get().count
  const counts = {
    delivered: count('select count(*) as count from deliveries where status = 2'),
    other: count('select count(*) as count from deliveries where status <> 2'),
    attempts: count('select count(*) as count from attempts'),
  }
  db.close()
  return counts
}
