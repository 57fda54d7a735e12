// BullMQ: what shares an insert goes to Redis in one pipeline, and one worker runs many jobs at once. What is delivered is
// removed, so that Redis' memory does not grow.
import { Queue, Worker } from 'bullmq'
import { answerByHand } from '../by-hand/peer.mjs'

const name = 'deliveries'
const jobsAtOnce = 200

answerByHand(openQueue)

async function openQueue({ redisSocket, send, ended }) {
  const connection = { path: redisSocket }
  const retries = { attempts: 10, backoff: { type: 'exponential', delay: 1_000 } }
  const queue = new Queue(name, { connection, defaultJobOptions: { ...retries, removeOnComplete: true } })
  const deliver = async ({ data }) => {
    const isAccepted = await send(data)
    ended(1)
    if (!isAccepted) throw new Error(`the event ${data.id} was not accepted`)
  }
  const worker = new Worker(name, deliver, {
    connection: { ...connection, maxRetriesPerRequest: null },
    concurrency: jobsAtOnce,
  })
  for (const part of [queue, worker]) part.on('error', (error) => console.error(error))
  await worker.waitUntilReady()

  const left = async () => {
    const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'failed')
    return Object.values(counts).reduce((sum, count) => sum + count, 0)
  }

  return {
    insert: (events) => queue.addBulk(events.map((data) => ({ name, data }))),
    left,
    isWritten: async () => (await left()) === 0,
    async close() {
      await worker.close()
      await queue.close()
    },
  }
}
