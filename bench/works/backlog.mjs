// What a great many deliveries that are due in the future cost: at the start, in memory, and while others go through.
import { monotonicNow } from '../monotonic.mjs'
import { sceneOf } from '../scenes.mjs'
import { measured } from './saturated.mjs'

/** Fills the store of a server, starts it again, and gives it the load of B1. */
export async function backlog(turn, { load, seconds, warmUp, waiting }) {
  const { webhooks } = sceneOf(turn.scene)
  await turn.child.ask('close')
  await turn.child.ask('fill', { waiting, webhooks, now: Date.now() })

  const startedAt = monotonicNow()
  await turn.reopen()
  const { firstAt } = await turn.firstArrived()
  turn.total += 1
  await turn.child.ask('quiet')
  await turn.harness.generator.ask('restart', { from: 1 })

  await turn.post(load, warmUp)
  await turn.arrived()
  const figures = await measured(turn, { load, seconds })
  await turn.mustBeRecorded(waiting)
  const peakMiB = turn.peakMemory()
  await turn.child.ask('close')
  return { ...figures, startMs: firstAt - startedAt, waiting, peakMiB }
}
