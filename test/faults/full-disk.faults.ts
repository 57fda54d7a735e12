import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { test } from 'vitest'
import { healthy } from '../process/ledger/hook.ts'
import { row } from '../process/ledger/rows.ts'
import { aScene, drain, missingFromApi, type Scene } from '../process/ledger/scene.ts'
import { SmallDisk } from './disk.ts'

const connections = 4
/** So many refusals mean that the disk is full and stays so. */
const refusalsWanted = 50
const lookMs = 20

test('a server whose disk is full accepts nothing that it can’t keep, can be read, and goes on by itself when there is room', async ({
  expect,
}) => {
  const disk = new SmallDisk(6)
  const scene = await aScene([healthy], { data: join(disk.place, 'data') })
  try {
    await postUntil(scene, () => scene.load.surprises.length >= refusalsWanted)
    const refused = scene.load.surprises.splice(0)
    const ackedWhenFull = scene.ledger.findings().acked
    const { url, key } = scene.door()
    const read = await fetch(`${url}/api/v1/events?limit=1`, { headers: { authorization: key } })
    const readyWhenFull = await readiness(url)

    disk.grow(200)
    await postUntil(scene, () => scene.ledger.findings().acked > ackedWhenFull + refusalsWanted)
    scene.load.surprises.splice(0)
    // By then whatever could not be written down has been tried again.
    while ((await readiness(url)) !== '200 ready') await setTimeout(lookMs)
    await drain(scene)

    const { lost, acked, ...wrongs } = scene.ledger.findings()
    const missing = await missingFromApi(scene)
    row(
      'R08',
      lost + missing.events.length === 0,
      `lost ${lost} of ${acked}, ${ackedWhenFull} before the disk was full`,
    )
    expect(refused.filter((answer) => !answer.startsWith('503 '))).toEqual([])
    expect(read.status).toBe(200)
    expect(readyWhenFull).toBe('503 store_unwritable')
    expect({ lost, ...wrongs }).toMatchObject({ lost: 0, unexpected: 0, wrong: 0, forged: 0 })
    expect(missing).toEqual({ events: [], deliveries: [] })
  } finally {
    await scene.close()
    await disk.remove()
  }
}, 120_000)

async function readiness(url: string): Promise<string> {
  const answer = await fetch(`${url}/health/ready`)
  const { status } = (await answer.json()) as { status: string }
  return `${answer.status} ${status}`
}

async function postUntil(scene: Scene, isEnough: () => boolean): Promise<void> {
  const stopped = new AbortController()
  const posting = scene.load.run(scene.door(), connections, stopped.signal)
  while (!isEnough()) await setTimeout(lookMs)
  stopped.abort()
  await posting
}
