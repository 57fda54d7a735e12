// Whether one receiver that hangs, and that half of all events go to, makes the others wait.
import { join } from 'node:path'
import { percentiles } from '../spread.mjs'
import { reading } from '../store-file.mjs'
import { waitsSince } from './paced.mjs'

/** The place that half of all events go to: those with even numbers. */
const hanging = 0
const isOthers = (number) => number % 2 === 1

/** The same load twice: with everybody well, and with one who hangs from its first moment on. */
export async function oneHangs(turn, { load, rate, seconds, warmUp, hangs }) {
  const { receiver } = turn.harness
  await turn.pace(load, { rate, seconds: warmUp })
  await turn.arrived()
  const allWell = await turn.pace(load, { rate, seconds })
  await turn.arrived()
  const baselineMs = percentiles(await waitsOfOthers(turn, allWell))

  await receiver.ask('fallIll', { hanging: [hanging] })
  const { well: before } = await receiver.ask('counts')
  const oneIll = await turn.pace(load, { rate, seconds: hangs })
  await turn.mustHaveCome(before + countOthers(oneIll), 'well')
  const latencyMs = percentiles(await waitsOfOthers(turn, oneIll))
  const peakMiB = turn.peakMemory()

  await receiver.ask('recover')
  await turn.child.ask('quiet')
  await turn.child.ask('close')
  mustBeThere(turn)
  return { rate, latencyMs, baselineMs, peakMiB }
}

const countOthers = ({ first, dueAt }) => dueAt.filter((_, index) => isOthers(first + index)).length

const waitsOfOthers = (turn, { first, dueAt }) => waitsSince(turn, { first, dueAt, counts: isOthers })

/** Every event has its delivery; those of the others are delivered, each with one attempt. */
function mustBeThere({ folder, origins, total, who }) {
  const found = reading(join(folder, 'tidings.db'), (db) => ({
    all: db.prepare('select count(*) as count from deliveries').get().count,
    others: db
      .prepare(
        `select count(*) as count, sum(status = 2 and attempts_made = 1) as delivered
         from deliveries join webhooks on webhooks.id = webhook_id where uri <> ?`,
      )
      .get(`${origins[hanging]}/hook`),
  }))
  if (found.all === total && found.others.delivered === found.others.count) return
  throw new Error(`${who} accepted ${total} events while one receiver hung, and recorded ${JSON.stringify(found)}`)
}
