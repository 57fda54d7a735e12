import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { test } from 'vitest'
import { healthy } from '../process/ledger/hook.ts'
import { row } from '../process/ledger/rows.ts'
import { aScene, drain, missingFromApi } from '../process/ledger/scene.ts'
import { Disk } from './disk.ts'

const connections = 4
const refusalsWanted = 5
const ackedAgainWanted = 50
const lookMs = 20

/** So many writes fail, as on a file system that is read-only for a while; those before are the start's. */
const withFailingWrites = [
  ...['strace', '-D', '-f', '-qq', '-o', '/dev/null'],
  ...['-e', 'trace=pwrite64', '-e', 'inject=pwrite64:error=EROFS:when=500..520'],
]

test('a server whose disk can’t be written to for a while lives on, and goes on by itself', async ({ expect }) => {
  const disk = new Disk('ext4')
  const scene = await aScene([healthy], { data: join(disk.place, 'data'), under: withFailingWrites })
  try {
    const stopped = new AbortController()
    const posting = scene.load.run(scene.door(), connections, stopped.signal)
    while (scene.load.surprises.length < refusalsWanted) await setTimeout(lookMs)
    const ackedBefore = scene.ledger.findings().acked
    while (scene.ledger.findings().acked < ackedBefore + ackedAgainWanted) await setTimeout(lookMs)
    stopped.abort()
    await posting
    const refused = scene.load.surprises.splice(0)
    // Until what could not be written down has been tried again.
    while (!(await fetch(`${scene.door().url}/health/ready`)).ok) await setTimeout(lookMs)
    await drain(scene)

    const { lost, acked, unexpected, wrong, forged } = scene.ledger.findings()
    const missing = await missingFromApi(scene)
    row(
      'R09b',
      lost + missing.events.length === 0,
      `lost ${lost} of ${acked} when writes failed, ${refused.length} refused`,
    )
    expect(refused.filter((answer) => !answer.startsWith('503 '))).toEqual([])
    expect({ lost, unexpected, wrong, forged }).toEqual({ lost: 0, unexpected: 0, wrong: 0, forged: 0 })
    expect(missing).toEqual({ events: [], deliveries: [] })
  } finally {
    await scene.close()
    await disk.remove()
  }
}, 120_000)
