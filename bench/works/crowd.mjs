// A crowd of webhooks, some of which are dead and some slow: whether those that are well get what they would get anyway.
import { join } from 'node:path'
import { sceneOf } from '../scenes.mjs'
import { reading } from '../store-file.mjs'

/** In every ten webhooks one will be dead, and one slow; so many in a hundred events go to the others. */
const [dead, slow, share] = [3, 7, 0.8]

const placesWith = (scene, last) =>
  Array.from({ length: sceneOf(scene).webhooks }, (_, place) => place).filter((place) => place % 10 === last)

/** The places of those that will die. */
export const mortalsIn = (scene) => placesWith(scene, dead)

/** The same load twice: with everybody well, and with some who are not from the first moment on. */
export async function crowd(turn, { load, crowdSeconds: seconds, warmUp }) {
  const { scene, harness } = turn
  await turn.post(load, warmUp)
  await turn.arrived()
  const before = await measuredOfWell(turn, { load, seconds, areSomeIll: false })
  await turn.arrived()

  await harness.receiver.ask('fallIll', { dead: mortalsIn(scene), slow: placesWith(scene, slow), share })
  const figures = await measuredOfWell(turn, { load, seconds, areSomeIll: true })
  const peakMiB = turn.peakMemory()
  await turn.child.ask('close')
  const { received } = await harness.receiver.ask('counts')
  mustBeAsToldIn(join(turn.folder, 'tidings.db'), { received, mortalPort: new URL(turn.origins[dead]).port })
  return { ...figures, baseline: before.rate, baselineCost: before.cost, peakMiB }
}

/** Deliveries a second to those that stay well, until all of them have come, and the CPU for each. */
async function measuredOfWell(turn, { load, seconds, areSomeIll }) {
  const { tenantOf } = sceneOf(turn.scene)
  const { well: before } = await turn.harness.receiver.ask('counts')
  const [processorBefore, start] = [turn.processorSeconds(), performance.now()]
  const { first, accepted } = await turn.post(load, seconds)
  const tenants = Array.from({ length: accepted }, (_, index) => tenantOf(first + index))
  const well = tenants.filter((tenant) => ![dead, slow].includes(tenant % 10)).length
  await turn.mustHaveCome(before + (areSomeIll ? well : accepted), 'well')
  const processor = turn.processorSeconds() - processorBefore
  return { rate: well / ((performance.now() - start) / 1000), cost: (processor / well) * 10_000 }
}

/**
 * Whoever answered was asked once for each delivery, whoever is dead refused, and nothing failed in any other way: a
 * server that runs out of files or of time would have failed those that are well.
 */
function mustBeAsToldIn(file, { received, mortalPort }) {
  const ends = reading(file, (db) =>
    db
      .prepare(
        `select kind, status, detail, uri like ? as isMortal, count(*) as count
         from attempts join webhooks on webhooks.id = webhook_id group by 1, 2, 3, 4`,
      )
      .all(`%:${mortalPort}/%`),
  )
  const answered = ends.filter(({ status }) => status === 200).reduce((sum, { count }) => sum + count, 0)
  const others = ends.filter(({ status, kind, isMortal }) => status !== 200 && !(kind === refused && isMortal === 1))
  if (answered !== received) throw new Error(`${received} deliveries came, and ${answered} answers are recorded`)
  if (others.length > 0) throw new Error(`attempts failed that should not: ${JSON.stringify(others)}`)
}

/** The number that the store keeps for a receiver that refuses connections. */
const refused = 2
