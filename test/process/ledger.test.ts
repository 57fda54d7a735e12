import { randomInt } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { DatabaseSync } from '@photostructure/sqlite'
import { describe, test } from 'vitest'
import { healthy } from './ledger/hook.ts'
import { cycles, row } from './ledger/rows.ts'
import { aScene, drain, missingFromApi, type Scene } from './ledger/scene.ts'

const connections = 6
const kills = cycles(20)

// Requests that a kill can make happen twice: eight in flight to each of six webhooks, and those that had been
// answered while the last commit was being written.
const openPerKill = 6 * 64

/** A process manager kills after 30 s at the latest; a receiver may take 15 s for its answer. */
const stopBoundMs = 20_000

const nothingWrong = { lost: 0, unexpected: 0, wrong: 0, renamed: 0, forged: 0 }
const nothingMissing = { events: [], deliveries: [] }

// They wait more than they work, so they wait together.
describe.concurrent('a server under load', () => {
  test(
    `loses nothing that it acknowledged when it is killed ${kills} times`,
    async ({ expect, onTestFinished }) => {
      const scene = await aScene([healthy, { ...healthy, fails: 50 }, { ...healthy, wait: 20, hangs: 200 }])
      onTestFinished(() => scene.close())

      const complaints: string[] = []
      for (let kill = 0; kill < kills; kill += 1) complaints.push(...(await killUnderLoad(scene)))
      await drain(scene)

      const { acked, repeated, ...wrongs } = scene.ledger.findings()
      const missing = await missingFromApi(scene)
      row('R02', wrongs.lost === 0, `lost ${wrongs.lost} of ${acked}`)
      row('G2', repeated <= openPerKill * kills, `repeated ${repeated} of ${acked} goal ${openPerKill * kills}`)
      expect(wrongs).toEqual(nothingWrong)
      expect(missing).toEqual(nothingMissing)
      expect(scene.load.surprises).toEqual([])
      expect(complaints).toEqual([])
      expect(repeated).toBeLessThanOrEqual(openPerKill * kills)
      expect(acked).toBeGreaterThan(kills)
    },
    60_000 + kills * 6_000,
  )

  test('finishes what is in flight when it is told to stop, and repeats nothing after the next start', async ({
    expect,
    onTestFinished,
  }) => {
    const scene = await aScene([healthy, { ...healthy, wait: 300 }, { ...healthy, fails: 20 }])
    onTestFinished(() => scene.close())

    const { ending, took } = await stopUnderLoad(scene)
    await scene.restart()
    await drain(scene)

    const { acked, repeated, ...wrongs } = scene.ledger.findings()
    const isOk = ending.code === 0 && took <= stopBoundMs / 2 && wrongs.lost === 0 && repeated === 0
    row('R60', isOk, `lost ${wrongs.lost}, repeated ${repeated} of ${acked}, stopped after ${Math.round(took)} ms`)
    expect(ending).toEqual({ code: 0, signal: null, errors: '' })
    expect(took).toBeLessThanOrEqual(stopBoundMs / 2)
    expect({ ...wrongs, repeated }).toEqual({ ...nothingWrong, repeated: 0 })
    expect(await missingFromApi(scene)).toEqual(nothingMissing)
    expect(acked).toBeGreaterThan(0)
  }, 90_000)

  test('that is told to stop waits for a silent receiver no longer than an attempt may take', async ({
    expect,
    onTestFinished,
  }) => {
    const scene = await aScene([{ ...healthy, hangs: 1 }])
    onTestFinished(() => scene.close())

    const { ending, took } = await stopUnderLoad(scene)
    await scene.restart()
    await drain(scene)

    expect(ending).toEqual({ code: 0, signal: null, errors: '' })
    expect(took).toBeLessThanOrEqual(stopBoundMs)
    expect(scene.ledger.findings()).toMatchObject({ ...nothingWrong, repeated: 0 })
  }, 90_000)

  test('stops though nothing can be written any more, and does again what it could not write down', async ({
    expect,
    onTestFinished,
  }) => {
    const scene = await aScene([healthy, { ...healthy, wait: 300 }])
    onTestFinished(() => scene.close())

    const { ending, took } = await stopUnderLoad(scene, () => holdStore(scene.storePath))
    await scene.restart()
    await drain(scene)

    expect(ending).toMatchObject({ code: 0, signal: null })
    expect(took).toBeLessThanOrEqual(stopBoundMs)
    expect(scene.ledger.findings()).toMatchObject(nothingWrong)
  }, 90_000)
})

/** The server dies at a moment that nobody chose, and starts again on the same folder. Says what it complained of. */
async function killUnderLoad(scene: Scene): Promise<string[]> {
  const stopped = new AbortController()
  const posting = scene.load.run(scene.door(), connections, stopped.signal)
  await setTimeout(randomInt(200, 1_500))
  stopped.abort()
  const { errors } = await scene.server().kill()
  await posting
  await scene.restart()
  return errors.split('\n').filter((line) => line !== '')
}

/** `hold` does something to the server just before, and returns what undoes it. */
async function stopUnderLoad(scene: Scene, hold: () => () => void = () => () => {}) {
  const stopped = new AbortController()
  const posting = scene.load.run(scene.door(), connections, stopped.signal)
  await setTimeout(randomInt(500, 1_500))
  const release = hold()
  const since = performance.now()
  const ending = await scene.server().stop()
  const took = performance.now() - since
  release()
  stopped.abort()
  await posting
  return { ending, took }
}

/** Keeps everybody else from writing to a store. */
function holdStore(path: string): () => void {
  const db = new DatabaseSync(path, { timeout: 10_000 })
  db.exec('begin immediate')
  return () => {
    db.exec('rollback')
    db.close()
  }
}
