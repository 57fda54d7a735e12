// pg-boss: loops fetch many jobs at once, send them in parallel, and complete them with one statement.
import pg from 'pg'
import PgBoss from 'pg-boss'
import { answerByHand } from '../by-hand/peer.mjs'

const name = 'deliveries'
const [connections, loops, batchSize] = [12, 4, 250]

answerByHand(openQueue)

async function openQueue({ socketFolder, send, ended }) {
  const connection = { host: socketFolder, user: 'postgres', database: 'postgres' }
  const boss = new PgBoss({ ...connection, max: connections, schedule: false })
  boss.on('error', (error) => console.error(error))
  await boss.start()
  await boss.createQueue(name, { retryLimit: 10, retryBackoff: true })
  const db = new pg.Client(connection)
  await db.connect()
  const bell = makeBell()
  const working = Array.from({ length: loops }, () => work({ boss, bell, send, ended }))

  return {
    async insert(events) {
      await boss.insert(events.map((event) => ({ id: event.id, name, data: event })))
      bell.ring()
    },
    async left() {
      const { rows } = await db.query(
        `select count(*)::int as count from pgboss.job where name = $1 and state <> 'completed'`,
        [name],
      )
      return rows[0].count
    },
    async close() {
      bell.close()
      await Promise.all(working)
      await boss.stop({ graceful: false })
      await db.end()
    },
  }
}

async function work({ boss, bell, send, ended }) {
  while (!bell.isClosed) {
    const jobs = await boss.fetch(name, { batchSize, priority: false })
    if (jobs.length === 0) await bell.rings()
    else await sendAll(jobs, { boss, send, ended })
  }
}

async function sendAll(jobs, { boss, send, ended }) {
  const wereAccepted = await Promise.all(jobs.map(({ data }) => send(data)))
  const idsWhere = (wanted) => jobs.filter((_, at) => wereAccepted[at] === wanted).map(({ id }) => id)
  const [accepted, refused] = [idsWhere(true), idsWhere(false)]
  if (accepted.length > 0) await boss.complete(name, accepted)
  if (refused.length > 0) await boss.fail(name, refused)
  ended(jobs.length)
}

/** Wakes the loops when there is something for them, instead of their asking the database again and again. */
function makeBell() {
  let listening = []
  const ring = () => {
    for (const wake of listening.splice(0)) wake()
  }
  return {
    isClosed: false,
    ring,
    rings: () => new Promise((resolve) => listening.push(resolve)),
    close() {
      this.isClosed = true
      ring()
    },
  }
}
