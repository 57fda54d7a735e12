import { randomInt } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { onTestFinished, test } from 'vitest'
import { expect } from 'vitest'
import { healthy } from './ledger/hook.ts'
import { cycles, row } from './ledger/rows.ts'
import { aScene, drain, missingFromApi, type Scene } from './ledger/scene.ts'

const connections = 6

/** Requests in flight to one webhook, beside those whose outcome was just being written down. */
const inFlight = 6 * 64

const kills = cycles(20)

test(`nothing that was acknowledged is lost when the server is killed ${kills} times under load`, { timeout: 60_000 + kills * 6_000 }, async () => {
  const scene = await aScene([healthy, { ...healthy, fails: 50 }, { ...healthy, wait: 20, hangs: 200 }])
  onTestFinished(() => scene.close())

  for (let kill = 0; kill < kills; kill += 1) await killUnderLoad(scene)
  await drain(scene)

  const { acked, repeated, ...wrongs } = scene.ledger.findings()
  const missing = await missingFromApi(scene)
  row('R02', wrongs.lost === 0, `lost ${wrongs.lost} of ${acked}`)
  row('G2', repeated <= inFlight * kills, `repeated ${repeated} of ${acked} goal at most ${inFlight * kills}`)
  expect(wrongs).toEqual({ lost: 0, unexpected: 0, wrong: 0, renamed: 0, forged: 0 })
  expect(missing).toEqual({ events: [], deliveries: [] })
  expect(scene.load.surprises).toEqual([])
  expect(repeated).toBeLessThanOrEqual(inFlight * kills)
  expect(acked).toBeGreaterThan(kills)
})

/** The server dies at a moment that nobody chose, and starts again on the same folder. */
async function killUnderLoad(scene: Scene): Promise<void> {
  const stopped = new AbortController()
  const posting = scene.load.run(scene.door(), connections, stopped.signal)
  await setTimeout(randomInt(200, 1_500))
  stopped.abort()
  await scene.server().kill()
  await posting
  await scene.restart()
}
