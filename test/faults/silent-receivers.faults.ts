import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { Hook, healthy } from '../process/ledger/hook.ts'
import { trigger } from '../process/ledger/load.ts'
import { row } from '../process/ledger/rows.ts'
import { aScene, type Scene } from '../process/ledger/scene.ts'

const receivers = 200
/** As many as one client may have. */
const perClient = 100
const goalMs = 30_000
const lookMs = 20
const boundMs = 60_000

test('a server with 200 silent receivers stops in time, and asks all of them again after the next start', async () => {
  const scene = await aScene([healthy])
  onTestFinished(() => scene.close())
  const hooks = await silentHooks(scene)
  await call(scene, '/api/v1/events', { tenant: 'silence', trigger, body: {} })
  while (hooks.some(({ silent }) => silent === 0)) await setTimeout(lookMs)

  const since = performance.now()
  const { code } = await scene.server().stop()
  const took = Math.round(performance.now() - since)
  for (const hook of hooks) hook.heal()
  await scene.restart()
  const isOver = AbortSignal.timeout(boundMs)
  while (!isOver.aborted && hooks.some(({ heard }) => heard < 2)) await setTimeout(lookMs)

  const lost = hooks.filter(({ heard }) => heard < 2).length
  row(
    'R61',
    took <= goalMs && lost === 0 && code === 0,
    `stopped after ${took} ms with ${receivers} silent receivers, lost ${lost}`,
  )
  expect({ code, lost }).toEqual({ code: 0, lost: 0 })
  expect(took).toBeLessThanOrEqual(goalMs)
}, 180_000)

async function silentHooks(scene: Scene): Promise<Hook[]> {
  const hooks = Array.from({ length: receivers }, () => new Hook({ ...healthy, hangs: 1 }))
  onTestFinished(async () => void (await Promise.all(hooks.map((hook) => hook.close()))))
  for (let place = 0; place < receivers; place += perClient) {
    const { id: client_id } = await call(scene, '/api/v1/clients', { name: 'Silence' })
    await call(scene, `/api/v1/clients/${client_id}/grants`, { tenant: 'silence' })
    for (const hook of hooks.slice(place, place + perClient)) {
      await hook.listen()
      await call(scene, '/api/v1/webhooks', { client_id, uri: hook.uri, triggers: [trigger] })
    }
  }
  return hooks
}

async function call(scene: Scene, path: string, body: unknown): Promise<{ id: string }> {
  const { url, key } = scene.door()
  const headers = { authorization: key, 'content-type': 'application/json' }
  const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as { id: string }
}
