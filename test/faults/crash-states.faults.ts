import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { DatabaseSync } from '@photostructure/sqlite'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { healthy } from '../process/ledger/hook.ts'
import { row } from '../process/ledger/rows.ts'
import { aScene } from '../process/ledger/scene.ts'
import { ServerProcess } from '../process/ledger/server-process.ts'
import { Dice } from '../simulation/dice.ts'
import { cutAt, type Found, type History, historyOf, recordedCalls } from './crash-states.ts'
import { recorded } from './strace.ts'

const states = Number(process.env['FAULTS_STATES'] ?? 100)
/** In so many states not only SQLite starts, but the whole server. */
const starts = Math.ceil(states / 100)

/** With a pause after each few there is a checkpoint between them, and the log begins anew. */
const rounds = 5
const requestsPerRound = 6
const pauseMs = 350

let recording: Awaited<ReturnType<typeof record>>

beforeAll(async () => {
  recording = await record()
  return () => rmSync(recording.folder, { recursive: true })
}, 60_000)

test(
  `every state that a power cut may leave opens, is sound and has all that was acknowledged (${states} states)`,
  async () => {
    const { history, told } = recording
    const dice = new Dice(1)
    const bad: string[] = []
    for (let state = 0; state < states; state += 1) {
      // The end is a state too: all that was told must be there.
      const at = state === 0 ? history.length : 1 + dice.below(history.length)
      const found = cutAt(history, at, { base: recording.base, dice, lies: false })
      const wrong = state % 100 === 0 ? await wrongWithServer(found) : wrongWithStore(found)
      if (wrong !== null) bad.push(`state ${state}, cut before step ${at}: ${wrong}`)
    }

    const figures = `${bad.length} bad of ${states} states of a record of ${history.length} steps and ${told} acknowledged events; ${starts} with the whole server`
    row('R06', bad.length === 0, figures)
    expect(bad).toEqual([])
    expect(told).toBeGreaterThan(rounds * requestsPerRound)
    // There were checkpoints, and after them the log began anew.
    const isStore = (step: History[number]) => step.kind === 'synced' && step.path.endsWith('.db')
    const isLogsHead = (step: History[number]) => step.kind === 'written' && step.path.endsWith('-wal') && step.at === 0
    expect(history.filter(isStore).length).toBeGreaterThan(1)
    expect(history.filter(isLogsHead).length).toBeGreaterThan(1)
  },
  60_000 + states * 1_000,
)

test('states of a disk that only pretends to sync are found bad, so the test above would see it', () => {
  const dice = new Dice(2)
  const bad = Array.from({ length: 50 }, () => {
    const at = recording.history.length
    return wrongWithStore(cutAt(recording.history, at, { base: recording.base, dice, lies: true }))
  }).filter((wrong) => wrong !== null)

  row('R06', bad.length > 0, `canary: ${bad.length} bad of 50 states of a disk that only pretends to sync`)
  expect(bad.length).toBeGreaterThan(0)
})

/** A server's life on disk, from a start on a clean store to its death. */
async function record() {
  const folder = mkdtempSync(join(tmpdir(), 'crash-states-'))
  const data = join(folder, 'data')
  const scene = await aScene([healthy, { ...healthy, fails: 3 }], { data })
  try {
    await scene.server().stop()
    const files = new Set([scene.storePath, `${scene.storePath}-wal`])
    const present = [...files].filter((file) => existsSync(file))
    const base = new Map(present.map((file) => [file, readFileSync(file)]))
    await scene.restart({ under: recorded(join(folder, 'calls'), recordedCalls) })
    for (let round = 0; round < rounds; round += 1) {
      await scene.load.publish(scene.door(), requestsPerRound)
      await setTimeout(pauseMs)
    }
    await scene.server().kill()
    const history = await read(join(folder, 'calls'), files)
    return { folder, data, base, history, told: scene.ledger.findings().acked }
  } finally {
    await scene.close()
  }
}

async function read(file: string, files: ReadonlySet<string>): Promise<History> {
  const lines: string[] = []
  for await (const line of createInterface({ input: createReadStream(file, 'latin1') })) lines.push(line)
  return historyOf(lines, files)
}

/** What is wrong with a state, or null. */
function wrongWithStore({ files, told }: Found): string | null {
  const folder = laidOut(files)
  try {
    const db = new DatabaseSync(join(folder, 'tidings.db'))
    const { integrity_check: said } = db.prepare('PRAGMA integrity_check').get() as { integrity_check: string }
    const ids = new Set((db.prepare('select id from events').all() as { id: string }[]).map(({ id }) => id))
    db.close()
    const missing = [...told].filter((id) => !ids.has(id)).length
    if (said !== 'ok') return said
    return missing === 0 ? null : `${missing} of ${told.size} events are missing`
  } catch (error) {
    return String(error)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** The same, as the server itself sees it. */
async function wrongWithServer(found: Found): Promise<string | null> {
  const folder = laidOut(found.files)
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const name of ['key', 'operator-key']) await cp(join(recording.data, name), join(folder, name))
  const key = readFileSync(join(folder, 'operator-key'), 'utf8').trim()
  try {
    const server = await ServerProcess.start(folder)
    const answers = [...found.told].map((id) =>
      fetch(`${server.url}/api/v1/events/${id}`, { headers: { authorization: key } }),
    )
    const missing = (await Promise.all(answers)).filter(({ status }) => status !== 200).length
    const { code } = await server.stop()
    return missing === 0 && code === 0 ? null : `${missing} events are missing, ended with ${code}`
  } catch (error) {
    return String(error)
  }
}

function laidOut(files: Found['files']): string {
  const folder = mkdtempSync(join(tmpdir(), 'crash-state-'))
  for (const [path, bytes] of files) writeFileSync(join(folder, basename(path)), bytes)
  return folder
}
