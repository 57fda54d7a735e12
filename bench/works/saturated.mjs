// How much goes through, and what it costs: as much as a contender takes is posted, and all of it must come.
import { sceneOf } from '../scenes.mjs'

/** Warms up under the same load, measures, and sees that every event is where it should be. */
export async function saturated(turn, { load, seconds, warmUp }) {
  await turn.post(load, warmUp)
  await turn.arrived()
  const figures = await measured(turn, { load, seconds })
  await turn.mustBeRecorded()
  const peakMiB = turn.peakMemory()
  const closed = await turn.child.ask('close')
  const { copies } = sceneOf(turn.scene)
  return { ...figures, peakMiB, bytesPerEvent: copies === 1 ? (closed?.bytes ?? 0) / turn.total : null }
}

/** Deliveries a second, from the first request to the moment when all that was accepted has come and is written down. */
export async function measured(turn, { load, seconds }) {
  const processorBefore = turn.processorSeconds()
  const before = performance.now()
  const { accepted, acceptMs } = await turn.post(load, seconds)
  await turn.arrived()
  const elapsed = (performance.now() - before) / 1000
  const processor = turn.processorSeconds() - processorBefore
  const deliveries = accepted * sceneOf(turn.scene).copies
  return { rate: deliveries / elapsed, cost: (processor / deliveries) * 10_000, acceptMs }
}
