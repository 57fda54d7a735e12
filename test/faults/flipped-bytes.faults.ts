import { randomInt } from 'node:crypto'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { healthy } from '../process/ledger/hook.ts'
import { row } from '../process/ledger/rows.ts'
import { aScene, drain } from '../process/ledger/scene.ts'
import { ServerProcess } from '../process/ledger/server-process.ts'

const flips = Number(process.env['FAULTS_FLIPS'] ?? 20)
const files = ['tidings.db', 'tidings.db-wal']

/** What a server says of its events: each as it is served; null where it says that it can't. */
type Served = Map<string, string> | null

type Ending = 'refused' | 'same' | 'fewer' | 'told' | 'changed'

test(
  `with a byte changed in its files a server refuses to start, says so when asked, or shows what there is (${flips} times)`,
  async () => {
    const { folder, whole, key } = await aDeadStore()
    const endings: Record<Ending, number> = { refused: 0, same: 0, fewer: 0, told: 0, changed: 0 }
    const unclear: string[] = []
    let unsound = 0
    for (let flip = 0; flip < flips; flip += 1) {
      const copy = mkdtempSync(join(tmpdir(), 'flipped-'))
      cpSync(folder, copy, { recursive: true })
      const place = flipIn(join(copy, files[flip % files.length] ?? ''))
      const { ending, errors } = await endingOf(copy, whole, key)
      endings[ending] += 1
      if (ending !== 'refused' && !isSound(copy)) unsound += 1
      if (ending === 'refused' && !/could not be opened: .+/.test(errors)) unclear.push(`${place}: ${errors}`)
      rmSync(copy, { recursive: true })
    }

    const { refused, same, fewer, told, changed } = endings
    const figures = `of ${flips} changed bytes: ${same} without effect, ${fewer} cut off the log’s end, ${refused} refused at the start, ${told} told when read, ${changed} served changed; ${unsound} left what does not fit together`
    row('R09c', unclear.length === 0, figures)
    expect(unclear).toEqual([])
    expect(whole.size).toBeGreaterThan(flips)
  },
  60_000 + flips * 10_000,
)

/** A store whose server was killed, with something in the database and something in the log, and what is in it. */
async function aDeadStore(): Promise<{ folder: string; whole: Map<string, string>; key: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'tidings-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const scene = await aScene([healthy], { data: folder })
  await scene.load.publish(scene.door(), 18)
  await drain(scene)
  // These are in the log alone when it is killed.
  await scene.load.publish(scene.door(), 6)
  const { key } = scene.door()
  const whole = await servedBy(scene.door().url, key)
  await scene.close()
  if (whole === null) throw new Error('a whole store shows its events')
  return { folder, whole, key }
}

/** Changes one bit; says where. */
function flipIn(file: string): string {
  const bytes = readFileSync(file)
  const place = randomInt(bytes.length)
  bytes[place] = (bytes[place] ?? 0) ^ (1 << randomInt(8))
  writeFileSync(file, bytes)
  return `${file} at ${place}`
}

async function endingOf(folder: string, whole: Map<string, string>, key: string) {
  const server = new ServerProcess(folder)
  const isUp = await server.isUp().then(
    () => true,
    () => false,
  )
  if (!isUp) return { ending: 'refused' as Ending, errors: (await server.ended()).errors }
  const served = await servedBy(server.url, key)
  const { errors } = await server.kill()
  return { ending: compared(served, whole), errors }
}

/** Whether what is left fits together, as SQLite itself judges it. */
function isSound(folder: string): boolean {
  const db = new DatabaseSync(join(folder, 'tidings.db'))
  try {
    const { integrity_check: said } = db.prepare('PRAGMA integrity_check').get() as { integrity_check: string }
    return said === 'ok'
  } catch {
    // So damaged that it cannot even be looked at.
    return false
  } finally {
    db.close()
  }
}

function compared(served: Served, whole: Map<string, string>): Ending {
  if (served === null) return 'told'
  const isOther = [...served].some(([id, event]) => whole.get(id) !== event)
  if (isOther) return 'changed'
  return served.size < whole.size ? 'fewer' : 'same'
}

async function servedBy(url: string, key: string): Promise<Served> {
  const served = new Map<string, string>()
  for (let after = ''; ; ) {
    const answer = await fetch(`${url}/api/v1/events?limit=200${after}`, { headers: { authorization: key } })
    if (!answer.ok) return null
    const page = (await answer.json()) as { data: { id: string }[]; next: string | null }
    for (const event of page.data) served.set(event.id, JSON.stringify(event))
    if (page.next === null) return served
    after = `&after=${page.next}`
  }
}
