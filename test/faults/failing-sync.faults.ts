import { join } from 'node:path'
import { test } from 'vitest'
import { healthy } from '../process/ledger/hook.ts'
import { row } from '../process/ledger/rows.ts'
import { aScene, drain, missingFromApi } from '../process/ledger/scene.ts'
import { Disk } from './disk.ts'

const connections = 4

/** From the 100th on, each seventh fsync says that the disk could not do it. `-D`: the server stays our own child. */
const withFailingSync = [
  ...['strace', '-D', '-f', '-qq', '-o', '/dev/null'],
  ...['-e', 'trace=fsync', '-e', 'inject=fsync:error=EIO:when=100+7'],
]

test('what a failed sync may have lost was never accepted: the server ends, the power is cut, and all that was accepted is there', async ({
  expect,
}) => {
  const disk = new Disk('ext4')
  const scene = await aScene([healthy], { data: join(disk.place, 'data'), under: withFailingSync })
  try {
    const stopped = new AbortController()
    const posting = scene.load.run(scene.door(), connections, stopped.signal)
    const ending = await scene.server().ended()
    disk.cut()
    stopped.abort()
    await posting
    const refused = scene.load.surprises.splice(0)
    await disk.recover()
    await scene.restart({})
    await drain(scene)

    const { lost, acked, unexpected, wrong, forged } = scene.ledger.findings()
    const missing = await missingFromApi(scene)
    const isOk = lost + missing.events.length === 0 && ending.code === 1
    row(
      'R09',
      isOk,
      `lost ${lost} of ${acked} when an fsync failed; ${refused.length} were refused, and the server ended`,
    )
    expect(ending).toMatchObject({ code: 1, signal: null, errors: expect.stringContaining('"store.broken"') })
    expect(refused.filter((answer) => !answer.startsWith('503 '))).toEqual([])
    expect({ lost, unexpected, wrong, forged }).toEqual({ lost: 0, unexpected: 0, wrong: 0, forged: 0 })
    expect(missing).toEqual({ events: [], deliveries: [] })
    expect(acked).toBeGreaterThan(connections)
  } finally {
    await scene.close()
    await disk.remove()
  }
}, 120_000)
