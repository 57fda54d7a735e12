import { randomInt } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { readConfig } from '#src/config.ts'
import { start } from '#src/main.ts'
import { cycles, row } from './ledger/rows.ts'
import { ServerProcess } from './ledger/server-process.ts'

const kills = cycles(10)

function aFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tidings-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

test('a second server on the same folder is refused, and told what to do', async () => {
  const folder = aFolder()
  const first = await ServerProcess.start(folder)
  onTestFinished(async () => void (await first.kill()))

  const second = await new ServerProcess(folder).ended()

  expect(second.code).toBe(1)
  expect(second.errors).toContain('Another Tidings has')
  expect(second.errors).toContain('Stop it first, or choose another folder with TIDINGS_DATA')
  expect((await fetch(`${first.url}/health/live`)).status).toBe(200)
})

test('the lock of a server that was killed does not keep the next one out', async () => {
  const folder = aFolder()
  await (await ServerProcess.start(folder)).kill()

  const next = await ServerProcess.start(folder)
  onTestFinished(async () => void (await next.kill()))

  expect((await fetch(`${next.url}/health/live`)).status).toBe(200)
})

test(
  `a first start that is killed at any moment leaves a store that opens (${kills} times)`,
  async () => {
    const refused: string[] = []
    for (let kill = 0; kill < kills; kill += 1) {
      const folder = aFolder()
      const doomed = new ServerProcess(folder)
      await doomed.begins()
      await setTimeout(randomInt(0, 300))
      await doomed.kill()

      await opens(folder).catch((error: Error) => refused.push(error.message))
    }

    row('R09d', refused.length === 0, `opened ${kills - refused.length} of ${kills} after a kill while starting`)
    expect(refused).toEqual([])
  },
  30_000 + kills * 6_000,
)

/** Starts and stops a server here, which is quicker than in a process of its own. */
async function opens(folder: string): Promise<void> {
  const server = await start(readConfig({ TIDINGS_DATA: folder, TIDINGS_PORT: '0', TIDINGS_LOG: 'error' }))
  await server.stop()
}
