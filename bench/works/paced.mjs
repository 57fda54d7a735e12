// How long an event takes from the moment when it is due to be posted until its receiver has it, under a load that does
// not wait for anybody: a server that stalls is not spared what should have come meanwhile.
import { percentiles } from '../spread.mjs'

/** Posts at a share of a rate that was measured before. */
export async function paced(turn, { load, rate, seconds, warmUp }) {
  await turn.pace(load, { rate, seconds: warmUp })
  await turn.arrived()
  const processorBefore = turn.processorSeconds()
  const latencyMs = percentiles(await waits(turn, { load, rate, seconds }))
  const processor = turn.processorSeconds() - processorBefore
  await turn.mustBeRecorded()
  const peakMiB = turn.peakMemory()
  await turn.child.ask('close')
  return { rate, cost: (processor / (rate * seconds)) * 10_000, latencyMs, peakMiB }
}

/** Posts, and waits for everything to come; milliseconds of each event. */
async function waits(turn, { load, rate, seconds }) {
  const { first, dueAt } = await turn.pace(load, { rate, seconds })
  await turn.arrived()
  return await waitsSince(turn, { first, dueAt })
}

/** Milliseconds from when events were due to be posted until they came; only of those whose number `counts`. */
export async function waitsSince({ harness }, { first, dueAt, counts = () => true }) {
  const cameAt = await harness.receiver.ask('times', { first, count: dueAt.length })
  const all = []
  for (const [index, due] of dueAt.entries()) if (counts(first + index)) all.push(cameAt[index] - due)
  return all
}
