import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, test } from 'vitest'
import { healthy } from '../process/ledger/hook.ts'
import { row } from '../process/ledger/rows.ts'
import { aScene, drain, missingFromApi, type Scene } from '../process/ledger/scene.ts'
import type { Manner } from '../process/ledger/server-process.ts'
import { Disk, type FileSystem } from './disk.ts'

const cuts = Number(process.env['FAULTS_CUTS'] ?? 5)
const connections = 6
const manners = [healthy, { ...healthy, fails: 50 }, { ...healthy, wait: 20 }]

/** Debian's package `eatmydata`: every fsync says that it is done, and does nothing. */
const withoutSync: Manner = { environment: { LD_PRELOAD: 'libeatmydata.so' } }

const fileSystems: FileSystem[] = ['ext4', 'xfs']

describe.each(fileSystems)('on %s', (fileSystem) => {
  test(
    `nothing that was acknowledged is lost when the power is cut ${cuts} times`,
    async ({ expect }) => {
      const { acked, ...lost } = await lostIn(cuts, fileSystem)

      const figures = `lost ${lost.deliveries} deliveries and ${lost.events} events of ${acked} in ${cuts} power cuts on ${fileSystem}`
      row('R04', lost.deliveries + lost.events === 0, figures)
      expect(lost).toEqual({ deliveries: 0, events: 0, wrong: 0, forged: 0, unexpected: 0 })
      expect(acked).toBeGreaterThan(cuts)
    },
    120_000 + cuts * 20_000,
  )

  test('a server whose disk only pretends to sync loses something, so the test above would see it', async ({
    expect,
  }) => {
    const { acked, missing } = await lostWithoutSync(fileSystem)

    row('R05', missing > 0, `canary on ${fileSystem}: lost ${missing} of ${acked} events in one power cut`)
    expect(missing).toBeGreaterThan(0)
  }, 120_000)
})

async function lostIn(cycles: number, fileSystem: FileSystem) {
  return await onDisk(fileSystem, {}, async (scene, disk) => {
    for (let cycle = 0; cycle < cycles; cycle += 1) {
      await cutUnderLoad(scene, disk)
      await scene.restart()
    }
    await drain(scene)

    const { acked, lost: deliveries, wrong, forged, unexpected } = scene.ledger.findings()
    const missing = await missingFromApi(scene)
    return { acked, deliveries, events: missing.events.length, wrong, forged, unexpected }
  })
}

/** A store that does not even open has lost all. */
async function lostWithoutSync(fileSystem: FileSystem) {
  return await onDisk(fileSystem, withoutSync, async (scene, disk) => {
    disk.sync()
    await cutUnderLoad(scene, disk)

    const { acked } = scene.ledger.findings()
    const opens = await scene.restart().then(
      () => true,
      () => false,
    )
    return { acked, missing: opens ? (await missingFromApi(scene)).events.length : acked }
  })
}

async function onDisk<Found>(
  fileSystem: FileSystem,
  manner: Manner,
  act: (scene: Scene, disk: Disk) => Promise<Found>,
): Promise<Found> {
  const disk = new Disk(fileSystem)
  const scene = await aScene(manners, { data: join(disk.place, 'data'), ...manner })
  try {
    return await act(scene, disk)
  } finally {
    await scene.close()
    await disk.remove()
  }
}

/** The power goes at a moment that nobody chose, and comes back. */
async function cutUnderLoad(scene: Scene, disk: Disk): Promise<void> {
  const stopped = new AbortController()
  const posting = scene.load.run(scene.door(), connections, stopped.signal)
  await setTimeout(randomInt(200, 1_500))
  disk.cut()
  await scene.server().kill()
  stopped.abort()
  await posting
  await disk.recover()
}
