// One turn: one contender, started anew, warmed up, measured, and asked whether all that was accepted is there.
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { startChild } from './children.mjs'
import { contenders, workloads } from './contenders.mjs'
import { startPostgres, stopPostgres } from './postgres.mjs'
import { peakMemory, processorSeconds } from './processor.mjs'

/** Events that have not come by then are lost, in milliseconds: longer than the first retries would take. */
const lostAfter = 20_000

/** Starts the receivers and the generator, which serve all turns. */
export async function startHarness() {
  const receiver = startChild(new URL('./receiver.mjs', import.meta.url))
  const generator = startChild(new URL('./generator.mjs', import.meta.url))
  return { receiver, generator, ...(await receiver.ask('listen')) }
}

/** What the harness itself can do: requests that are answered and nothing else. */
export async function measureCeiling({ generator, plain }, seconds) {
  const rates = {}
  for (const [id, { path, ...load }] of Object.entries(workloads)) {
    const door = { url: plain, path, authorization: 'none' }
    const { accepted } = await generator.ask('post', { ...load, window: undefined, door, seconds })
    rates[id] = accepted / seconds
  }
  return rates
}

/** Takes one turn; its figures. Rejects when an event is lost, changed or delivered twice. */
export async function takeTurn({ work, who }, harness, { seconds, warmUp, folder: root }) {
  const { file, args, needsPostgres = false } = contenders[who]
  const folder = join(root, 'turn')
  mkdirSync(folder, { mode: 0o755 })
  const postgres = needsPostgres ? await startPostgres(folder) : null
  const child = startChild(file, args)
  try {
    const opened = await child.ask('open', { origins: harness.origins, folder, socketFolder: postgres?.socketFolder })
    await harness.generator.ask('restart')
    await harness.receiver.ask('expect', opened.keys)
    const turn = { child, opened, harness, work, who, total: 0 }
    const pids = { pid: child.pid, trees: postgres === null ? [] : [postgres.pid] }

    await drive(turn, warmUp)
    const figures = await measured(turn, seconds, pids)
    await mustBeRecorded(turn)
    await child.ask('close')
    return { work, who, ...figures, peakMiB: peakMemory(child.pid) }
  } finally {
    await child.stop()
    await stopPostgres()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measured(turn, seconds, pids) {
  const processorBefore = processorSeconds(pids)
  const before = performance.now()
  const { accepted, acceptMs } = await drive(turn, seconds)
  const elapsed = (performance.now() - before) / 1000
  const processor = processorSeconds(pids) - processorBefore
  return { events: accepted, rate: accepted / elapsed, cost: (processor / accepted) * 10_000, acceptMs }
}

/** Returns once everything that was accepted meanwhile has been received and written down. */
async function drive(turn, seconds) {
  const { child, opened, harness, work, who } = turn
  const { path, ...load } = workloads[work]
  const { progressPort } = harness
  const driven = contenders[who].drivesItself
    ? await child.ask('send', { seconds })
    : await harness.generator.ask('post', { ...load, seconds, progressPort, door: { ...opened, path } })
  if (driven.refused !== null) throw new Error(`${who} refused an event: ${driven.refused}`)

  turn.total += driven.accepted
  const counts = await harness.receiver.ask('reached', { count: turn.total, within: lostAfter })
  await child.ask('quiet')
  mustBeWhole(counts, turn)
  return driven
}

function mustBeWhole({ received, twice, wrong, fault }, { total, who }) {
  if (received !== total) throw new Error(`${who} accepted ${total} events, and receivers got ${received}`)
  if (twice > 0) throw new Error(`${who} delivered ${twice} of ${total} events twice`)
  if (wrong > 0) throw new Error(`${who} changed ${wrong} of ${total} events; the first: ${fault}`)
}

async function mustBeRecorded({ child, harness, who, total }) {
  const { delivered, other, attempts } = await child.ask('recorded')
  if (delivered !== total || other !== 0 || attempts !== total) {
    throw new Error(
      `${who} accepted ${total} events and recorded ${delivered} delivered, ${other} not, ${attempts} attempts`,
    )
  }
  const { checked } = await harness.receiver.ask('counts')
  if (checked === 0) throw new Error(`not one request of ${who} was looked at`)
}
