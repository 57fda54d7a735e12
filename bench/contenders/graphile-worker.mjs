// graphile-worker: what shares an insert goes into few jobs that carry many events each; a job's events are sent in
// parallel, and those that fail stay in it. That costs a third less than a job for each event with a long local queue.
import { Logger, run } from 'graphile-worker'
import pg from 'pg'
import { answerByHand } from '../by-hand/peer.mjs'

const task = 'deliver'
const [connections, loops, batchSize] = [12, 8, 100]

/** `size`: how many are fetched at once. Jobs that end in the same turn of the event loop are completed in one statement. */
const worker = {
  concurrentJobs: loops,
  localQueue: { size: 2 * loops },
  completeJobBatchDelay: 0,
  failJobBatchDelay: 0,
}

const addJobs = `select count(*) from graphile_worker.add_jobs(array(
  select ($1, payload, null, null, 10, null, 0, null)::graphile_worker.job_spec from unnest($2::json[]) as payload))`

const countLeft = 'select coalesce(sum(json_array_length(payload)), 0)::int as count from graphile_worker._private_jobs'

answerByHand(openQueue)

async function openQueue({ socketFolder, send, ended }) {
  const pgPool = new pg.Pool({ host: socketFolder, user: 'postgres', database: 'postgres', max: connections })
  pgPool.on('error', complain)
  pgPool.on('connect', (client) => client.on('error', complain))
  const deliver = async (event) => {
    const isAccepted = await send(event)
    ended(1)
    if (!isAccepted) throw new Error(`the event ${event.id} was not accepted`)
  }
  const runner = await run({
    ...{ pgPool, preset: { worker }, noHandleSignals: true, parsedCronItems: [] },
    taskList: { [task]: (events) => events.map(deliver) },
    // As it comes it writes a line for each job.
    logger: new Logger(() => (level, message) => level === 'error' && console.error(message)),
  })

  const left = async () => (await pgPool.query(countLeft)).rows[0].count

  return {
    insert: (events) => pgPool.query({ name: 'add', text: addJobs, values: [task, batchesOf(events)] }),
    left,
    isWritten: async () => (await left()) === 0,
    async close() {
      await runner.stop()
      await pgPool.end()
    },
  }
}

const complain = (error) => console.error(error)

function batchesOf(events) {
  const count = Math.ceil(events.length / batchSize)
  return Array.from({ length: count }, (_, at) => JSON.stringify(events.slice(at * batchSize, (at + 1) * batchSize)))
}
