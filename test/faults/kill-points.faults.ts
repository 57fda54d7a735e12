import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { test } from 'vitest'
import { healthy } from '../process/ledger/hook.ts'
import { row } from '../process/ledger/rows.ts'
import { aScene, drain, missingFromApi, type Scene } from '../process/ledger/scene.ts'
import { callIn, pathOf, recorded, tampered } from './strace.ts'

const wanted = Number(process.env['FAULTS_POINTS'] ?? 22)

/** Singles and a batch or two; few enough that a point can be named by its number. */
const requests = 5

/** Within this a checkpoint has passed, and all has been sent and written down. */
const lifeMs = 800

/** What the server asks of the system between the door and the last record, in each thread. */
const kinds: { before: string; call: string; file?: string }[] = [
  { before: 'a write to the log', call: 'pwrite64', file: 'tidings.db-wal' },
  { before: 'a sync of the log', call: 'fsync', file: 'tidings.db-wal' },
  { before: 'a write of a checkpoint', call: 'pwrite64', file: 'tidings.db' },
  { before: 'a sync of a checkpoint', call: 'fsync', file: 'tidings.db' },
  { before: 'an answer or a request', call: 'writev' },
  { before: 'a word to another thread', call: 'write' },
  { before: 'a connection to a receiver', call: 'connect' },
  { before: 'a connection from a client', call: 'accept4' },
]

type Point = (typeof kinds)[number] & { nth: number }

test(
  `nothing is lost wherever the server is killed in the life of a few events (${wanted} points)`,
  async ({ expect, onTestFinished }) => {
    const scene = await aScene([healthy, { ...healthy, fails: 3 }])
    onTestFinished(() => scene.close())

    const points = spread(await countCalls(scene))
    const reached: string[] = []
    const losing: string[] = []
    for (const point of points) {
      const name = `the ${point.nth}th before ${point.before}`
      if (await killAt(scene, point)) reached.push(name)
      await scene.restart()
      await drain(scene)
      // One is enough to know, and each would be waited for.
      if (scene.ledger.findings().lost > 0 && losing.push(name) > 0) break
    }

    const { acked, repeated, ...wrongs } = scene.ledger.findings()
    const missing = await missingFromApi(scene)
    const isOk = wrongs.lost === 0 && reached.length >= Math.min(20, wanted)
    row(
      'R03',
      isOk,
      `lost ${wrongs.lost} of ${acked}, killed at ${reached.length} of ${points.length} points, repeated ${repeated}`,
    )
    expect(losing).toEqual([])
    expect(wrongs).toEqual({ lost: 0, unexpected: 0, wrong: 0, renamed: 0, forged: 0 })
    expect(missing).toEqual({ events: [], deliveries: [] })
    expect(scene.load.surprises).toEqual([])
    expect(reached.length).toBeGreaterThan(points.length / 2)
  },
  60_000 + wanted * 15_000,
)

/** A life of the server: it starts, is given some events, and sends them. */
async function live(scene: Scene, under: readonly string[]): Promise<void> {
  const isUp = await scene.restart({ under }).then(
    () => true,
    // It was killed before it answered.
    () => false,
  )
  if (!isUp) return
  await scene.load.publish(scene.door(), requests)
  await Promise.race([scene.server().ended(), setTimeout(lifeMs)])
}

/** True when the point was reached, so that it is not us who kills the server. */
async function killAt(scene: Scene, { call, file, nth }: Point): Promise<boolean> {
  await scene.server().kill()
  const path = file === undefined ? {} : { path: join(scene.data, file) }
  await live(scene, tampered({ call, ...path, how: `signal=SIGKILL:when=${nth}` }))
  const isKilled = await Promise.race([
    scene
      .server()
      .ended()
      .then(() => true),
    setTimeout(0, false),
  ])
  await scene.server().kill()
  return isKilled
}

/** How often each kind happens in a thread of an undisturbed life; strace counts each thread's calls apart. */
async function countCalls(scene: Scene): Promise<number[]> {
  await scene.server().kill()
  const record = `${scene.data}.calls`
  await live(scene, recorded(record, [...new Set(kinds.map(({ call }) => call))]))
  await scene.server().kill()
  const lines = readFileSync(record, 'latin1').split('\n')
  const calls = lines.flatMap((line) => callIn(line) ?? []).filter(({ began }) => began)
  return kinds.map(({ call, file }) => {
    const path = file === undefined ? null : join(scene.data, file)
    const counts = new Map<string, number>()
    for (const { thread, name, given } of calls) {
      if (name === call && (path === null || pathOf(given) === path)) counts.set(thread, (counts.get(thread) ?? 0) + 1)
    }
    return Math.max(0, ...counts.values())
  })
}

/** Points of every kind, as far apart as their number allows. */
function spread(counts: readonly number[]): Point[] {
  const share = Math.ceil(wanted / kinds.length)
  return kinds.flatMap((kind, index) => {
    const count = counts[index] ?? 0
    const step = Math.max(1, count / share)
    return Array.from({ length: Math.min(share, count) }, (_, place) => ({
      ...kind,
      nth: 1 + Math.floor(place * step),
    }))
  })
}
