import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { test } from 'vitest'
import { healthy } from '../process/ledger/hook.ts'
import { row } from '../process/ledger/rows.ts'
import { aScene, drain, missingFromApi } from '../process/ledger/scene.ts'
import { Disk } from './disk.ts'

const connections = 4
const refusalsWanted = 20
const lookMs = 20

/** From the 100th on, each seventh fsync says that the disk could not do it. `-D`: the server stays our own child. */
const withFailingSync = [
  ...['strace', '-D', '-f', '-qq', '-o', '/dev/null'],
  ...['-e', 'trace=fsync', '-e', 'inject=fsync:error=EIO:when=100+7'],
]

test('what a failed sync may have lost was never accepted: the power is cut, and all that was accepted is there', async ({
  expect,
}) => {
  const disk = new Disk('ext4')
  const scene = await aScene([healthy], { data: join(disk.place, 'data'), under: withFailingSync })
  try {
    const stopped = new AbortController()
    const posting = scene.load.run(scene.door(), connections, stopped.signal)
    while (scene.load.surprises.length < refusalsWanted) await setTimeout(lookMs)
    disk.cut()
    await scene.server().kill()
    stopped.abort()
    await posting
    const refused = scene.load.surprises.splice(0)
    await disk.recover()
    await scene.restart()
    await drain(scene)

    const { lost, acked, unexpected, wrong, forged } = scene.ledger.findings()
    const missing = await missingFromApi(scene)
    const figures = `lost ${lost} of ${acked} while ${refused.length} requests were refused after a failed fsync`
    row('R09', lost + missing.events.length === 0, figures)
    expect(refused.filter((answer) => !answer.startsWith('503 '))).toEqual([])
    expect({ lost, unexpected, wrong, forged }).toEqual({ lost: 0, unexpected: 0, wrong: 0, forged: 0 })
    expect(missing).toEqual({ events: [], deliveries: [] })
    expect(acked).toBeGreaterThan(refusalsWanted)
  } finally {
    await scene.close()
    await disk.remove()
  }
}, 120_000)
