// What a good engineer writes by hand: a door that enqueues in PostgreSQL with pg-boss, and loops that fetch many
// jobs at once, send them with undici, and complete them with one statement.
import { randomUUID } from 'node:crypto'
import fastify from 'fastify'
import pg from 'pg'
import PgBoss from 'pg-boss'
import { Pool } from 'undici'
import { answer, pause } from '../answering.mjs'
import { tenantCount, tenantOf } from '../events.mjs'
import { signedHeaders } from '../signing.mjs'

const queue = 'deliveries'
const authorization = 'Bearer benchmark'
const [connections, inserters, workers, batchSize, inFlightPerReceiver] = [12, 2, 4, 250, 8]

const webhooks = new Map()
const state = { inserted: 0, ended: 0, isClosing: false }
const waiting = []
let inserting = 0
let idle = []
let boss
let db
let door
let loops

answer({
  /** Opens the door and starts the workers. */
  async open({ origins, socketFolder }) {
    const connection = { host: socketFolder, user: 'postgres', database: 'postgres' }
    boss = new PgBoss({ ...connection, max: connections, schedule: false })
    boss.on('error', (error) => console.error(error))
    await boss.start()
    await boss.createQueue(queue, { retryLimit: 10, retryBackoff: true })
    db = new pg.Client(connection)
    await db.connect()
    for (let place = 0; place < tenantCount; place += 1) webhooks.set(tenantOf(place), webhookAt(origins[place], place))
    loops = Array.from({ length: workers }, work)
    const url = await openDoor()
    return { url, authorization, keys: [...webhooks.values()].map(({ keys }) => keys) }
  },
  /** Resolves once every job that was enqueued has been completed. */
  async quiet() {
    while (state.ended < state.inserted) await pause(1)
  },
  async recorded() {
    const { rows } = await db.query('select state, count(*)::int as count from pgboss.job group by state')
    const of = (name) => rows.find((row) => row.state === name)?.count ?? 0
    const all = rows.reduce((sum, { count }) => sum + count, 0)
    return { delivered: of('completed'), other: all - of('completed'), attempts: state.ended }
  },
  async close() {
    state.isClosing = true
    wakeAll()
    await door.close()
    await Promise.all(loops)
    await boss.stop({ graceful: false })
    await db.end()
  },
})

function webhookAt(origin, place) {
  const keys = { secret: `secret-of-${place}`.padEnd(64, '-'), standardKey: Buffer.alloc(32, place + 1) }
  return { keys, pool: new Pool(origin, { connections: inFlightPerReceiver }) }
}

async function openDoor() {
  door = fastify({ bodyLimit: 8 * 1024 * 1024, forceCloseConnections: true })
  door.removeAllContentTypeParsers()
  const types = ['application/json', 'application/x-ndjson']
  door.addContentTypeParser(types, { parseAs: 'string' }, (_request, body, done) => done(null, body))
  door.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization !== authorization) await reply.status(401).send({ error: 'no such key' })
  })
  door.post('/api/v1/events', async (request, reply) => {
    const job = jobOf(request.body)
    await enqueue([job])
    return await reply.status(202).send({ id: job.data.id })
  })
  door.post('/api/v1/events/batch', async (request, reply) => {
    const jobs = request.body.trimEnd().split('\n').map(jobOf)
    await enqueue(jobs)
    return await reply.status(202).send({ data: jobs.map(({ data }) => ({ id: data.id })) })
  })
  return await door.listen({ host: '127.0.0.1', port: 0 })
}

function jobOf(json) {
  const { tenant, trigger, body } = JSON.parse(json)
  if (!webhooks.has(tenant)) throw new Error(`nobody listens to ${tenant}`)
  const id = randomUUID()
  return { id, name: queue, data: { id, tenant, trigger, body: JSON.stringify(body) } }
}

// Whatever arrives while an insert is under way shares the next one: half as much work for PostgreSQL as an insert
// for each event, and just as durable.
function enqueue(jobs) {
  return new Promise((resolve, reject) => {
    waiting.push({ jobs, resolve, reject })
    if (inserting < inserters) setImmediate(() => void insert())
  })
}

async function insert() {
  if (waiting.length === 0 || inserting >= inserters) return
  inserting += 1
  const batch = waiting.splice(0)
  const jobs = batch.flatMap((one) => one.jobs)
  try {
    await boss.insert(jobs)
    state.inserted += jobs.length
    for (const { resolve } of batch) resolve()
  } catch (error) {
    for (const { reject } of batch) reject(error)
  }
  inserting -= 1
  wakeAll()
  void insert()
}

async function work() {
  while (!state.isClosing) {
    const jobs = await boss.fetch(queue, { batchSize, priority: false })
    if (jobs.length === 0) await new Promise((resolve) => idle.push(resolve))
    else await deliverAll(jobs)
  }
}

async function deliverAll(jobs) {
  const wereAccepted = await Promise.all(jobs.map(({ data }) => deliver(data)))
  const idsWhere = (wanted) => jobs.filter((_, at) => wereAccepted[at] === wanted).map(({ id }) => id)
  const [accepted, refused] = [idsWhere(true), idsWhere(false)]
  if (accepted.length > 0) await boss.complete(queue, accepted)
  if (refused.length > 0) await boss.fail(queue, refused)
  state.ended += jobs.length
}

async function deliver({ id, tenant, trigger, body: text }) {
  const { keys, pool } = webhooks.get(tenant)
  const body = Buffer.from(text)
  const timestamp = Math.floor(Date.now() / 1000)
  try {
    const headers = signedHeaders(keys, { id, trigger, timestamp, body })
    const answered = await pool.request({ method: 'POST', path: '/hook', headers, body })
    await answered.body.dump()
    return answered.statusCode >= 200 && answered.statusCode < 300
  } catch {
    // Whatever kept the receiver from it: the job is tried again.
    return false
  }
}

function wakeAll() {
  for (const wake of idle.splice(0)) wake()
}
