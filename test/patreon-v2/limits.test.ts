import { expect, test } from 'vitest'
import { patreonLimits } from '#src/http/patreon/limits.ts'
import { aScene, type Scene } from './scene.ts'

/** Asks so many times, and says how often it was answered. */
async function answered(scene: Scene, token: string, times: number): Promise<number> {
  let answers = 0
  for (let time = 0; time < times; time += 1) if ((await scene.get('/identity', token)).status === 200) answers += 1
  return answers
}

test('a client may ask a hundred times in two seconds, whoever it asks for', async () => {
  const scene = await aScene(patreonLimits)
  const [one, other] = [await scene.aToken(scene.pat, ['identity']), await scene.aToken(scene.zoe, ['identity'])]
  const another = await scene.aToken(scene.pat, ['identity'], scene.clients.rob)

  expect(await answered(scene, one, 60)).toBe(60)
  expect(await answered(scene, other, 60)).toBe(40)
  expect(await answered(scene, another, 1)).toBe(1)

  scene.clock.pass(2_000)
  expect(await answered(scene, other, 1)).toBe(1)
})

test('a token may ask a hundred times in a minute, and is told how long to wait', async () => {
  const scene = await aScene(patreonLimits)
  const token = await scene.aToken(scene.pat, ['identity'])
  for (let round = 0; round < 4; round += 1) {
    await answered(scene, token, 25)
    scene.clock.pass(2_000)
  }

  const refused = await scene.get('/identity', token)

  expect(refused.status).toBe(429)
  expect(refused.headers['retry-after']).toBe('52')
  expect(refused.body.errors).toMatchObject([
    { code: null, code_name: 'RequestThrottled', status: '429', retry_after_seconds: 52 },
  ])
  scene.clock.pass(52_000)
  expect((await scene.get('/identity', token)).status).toBe(200)
})

test('nobody is limited unless the operator wants it', async () => {
  const scene = await aScene()

  expect(await answered(scene, await scene.aToken(scene.pat, ['identity']), 150)).toBe(150)
})
