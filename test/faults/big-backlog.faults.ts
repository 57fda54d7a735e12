import { readFileSync } from 'node:fs'
import { test } from 'vitest'
import { healthy } from '../process/ledger/hook.ts'
import { trigger } from '../process/ledger/load.ts'
import { row } from '../process/ledger/rows.ts'
import { aScene, type Scene } from '../process/ledger/scene.ts'

/** Deliveries: each event is heard by two webhooks. */
const backlog = Number(process.env['FAULTS_BACKLOG'] ?? 100_000)
const eventsPerRequest = 1_000
const bodyBytes = 500
const goalMs = backlog > 100_000 ? 5_000 : 2_000

test(
  `a server that is killed with ${backlog} deliveries pending sends the first soon after its start`,
  async ({ expect, onTestFinished }) => {
    // Nobody answers: all that is accepted stays pending.
    const scene = await aScene([{ ...healthy, hangs: 1 }])
    onTestFinished(() => scene.close())
    await scene.server().kill()
    const began = performance.now()
    await scene.restart()
    const empty = Math.round(performance.now() - began)
    for (let sent = 0; sent < backlog / 2; sent += eventsPerRequest) await publish(scene, sent)
    const { errors } = await scene.server().kill()
    for (const hook of scene.hooks) hook.heal()

    const since = performance.now()
    const first = Promise.race(scene.hooks.map((hook) => hook.nextRequest())).then(() => performance.now())
    await scene.restart()
    const up = Math.round(performance.now() - since)
    const took = Math.round((await first) - since)
    const mebibytes = peakMiB(scene.server().pid)

    const isOk = took <= goalMs
    row(
      'R07',
      isOk,
      `${took} ms from the start to the first of ${backlog} pending deliveries (answers after ${up} ms, with nothing pending after ${empty} ms), goal ${goalMs}; ${mebibytes} MiB`,
    )
    expect(errors).toBe('')
    expect(mebibytes).toBeLessThan(512)
  },
  120_000 + backlog / 2,
)

async function publish(scene: Scene, first: number): Promise<void> {
  const { url, key } = scene.door()
  const text = 'x'.repeat(bodyBytes)
  const lines = Array.from({ length: eventsPerRequest }, (_, place) => {
    const tenant = ['acme', 'globex', 'initech'][place % 3]
    return `{"tenant":"${tenant}","trigger":"${trigger}","id":"b${first + place}","body":"${text}"}`
  })
  const headers = { authorization: key, 'content-type': 'application/x-ndjson' }
  const answer = await fetch(`${url}/api/v1/events/batch`, { method: 'POST', headers, body: lines.join('\n') })
  if (answer.status !== 202) throw new Error(`${answer.status} ${await answer.text()}`)
  await answer.arrayBuffer()
}

/** The most memory that a process had (proc(5)). */
function peakMiB(pid: number): number {
  const [, kibibytes = ''] = /^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kibibytes) / 1024)
}
