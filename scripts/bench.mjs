// `npm run bench`: how fast events go from the door to their receivers, beside others that do the same, and how fast a
// campaign's members are read. With --short it takes a minute and a half; --only B3,B6 runs single rows, --members is
// the same as --only M1; --write, on a whole run, also writes bench/results.md and its chart.
import './node-version.mjs'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { measureCeiling } from '../bench/ceiling.mjs'
import { stopAll } from '../bench/children.mjs'
import { contenders } from '../bench/contenders.mjs'
import { memberRows, readMembers } from '../bench/members.mjs'
import { writeResults } from '../bench/results.mjs'
import { rowsOf } from '../bench/rows.mjs'
import { findStorages, stopStorages, versionsOf } from '../bench/storages.mjs'
import { headings, tableOf } from '../bench/table.mjs'
import { startHarness } from '../bench/turn.mjs'
import { measureTurn, rowIds, turnsFor } from '../bench/works.mjs'
import { build } from './build.mjs'
import { install } from './install.mjs'

const args = process.argv.slice(2)
const isShort = args.includes('--short')
const rows = rowsAsked()
const setting = {
  command: `npm run bench${args.length === 0 ? '' : ` -- ${args.join(' ')}`}`,
  ...(isShort
    ? { rounds: 1, seconds: 1, warmUp: 1.5, hangs: 2, crowd: 1_000, crowdSeconds: 2, waiting: 100_000 }
    : { rounds: 3, seconds: 6, warmUp: 5, hangs: 20, crowd: 10_000, crowdSeconds: 10, waiting: 1_000_000 }),
  ...(isShort ? { members: 10_000, readings: 1 } : { members: 100_000, readings: 3 }),
}

install()
build()
const folder = mkdtempSync(join(tmpdir(), 'tidings-bench-'))
// PostgreSQL runs as a user of its own and must find its folder in this one.
chmodSync(folder, 0o711)
process.on('exit', removeFolder)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => void cleanUp().then(() => process.exit(1)))

try {
  process.exitCode = await run()
} catch (error) {
  console.error(`\nThe benchmark failed: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  await cleanUp()
}

function rowsAsked() {
  const all = [...rowIds, 'M1']
  const only = args.includes('--members') ? 'M1' : args[args.indexOf('--only') + 1]
  if (!args.includes('--members') && !args.includes('--only')) return all
  const asked = only?.split(',') ?? []
  const isKnown = asked.length > 0 && asked.every((id) => all.includes(id))
  if (isKnown && !args.includes('--write')) return asked
  console.error(isKnown ? 'Only a whole run is written down.' : `--only takes some of ${all.join(',')}.`)
  process.exit(1)
}

async function run() {
  const needed = [...new Set(turnsFor(rows, 1).flatMap(({ who }) => contenders[who].storage ?? []))]
  const storages = findStorages(needed)
  const { turns, ceiling } = await takeTurns(storages)
  const members = rows.includes('M1') ? memberRows(await readMembers({ ...setting, folder })) : []
  const said = [...rowsOf(turns, rows), ...members]
  if (turns.length > 0) printTable(turns)
  for (const { line } of said) console.log(line)
  if (args.includes('--write')) {
    const day = new Date().toISOString().slice(0, 10)
    writeResults({ turns, rows: said, ceiling, setting, storages: versionsOf(storages), day })
  }
  return storages.length === needed.length && said.every(({ verdict }) => verdict !== 'short') ? 0 : 1
}

async function takeTurns(storages) {
  const turns = []
  if (turnsFor(rows, 1).length === 0) return { turns }
  const harness = await startHarness()
  const ceiling = await measureCeiling(harness, isShort ? 1 : 2)
  const [single, batches] = [ceiling.single, ceiling.batches].map(Math.round)
  console.log(`harness alone: ${single} events/s one by one, ${batches} in batches`)
  for (let round = 1; round <= setting.rounds; round += 1) {
    for (const asked of turnsFor(rows, round)) {
      const { storage } = contenders[asked.who]
      if (storage !== undefined && !storages.includes(storage)) continue
      const earlier = turns.filter((turn) => turn.round === round)
      const figures = { round, ...(await measureTurn(asked, { setting, earlier, harness, root: folder })) }
      console.log(`${round}/${setting.rounds} ${progressOf(figures)}`)
      turns.push(figures)
    }
  }
  return { turns, ceiling }
}

function progressOf({ work, who, rate, cost, peakMiB }) {
  const name = contenders[who].name.padEnd(24)
  const processor = cost === undefined ? '' : `  CPU ${cost.toFixed(2)}`
  return `${work} ${name} ${String(Math.round(rate)).padStart(6)}/s${processor}  ${peakMiB} MiB`
}

function printTable(turns) {
  const lines = [headings, ...tableOf(turns)].map(Object.values)
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  const padded = lines.map((line) => line.map((cell, column) => cell.padEnd(widths[column])).join('  '))
  console.log(`\n${padded.map((line) => line.trimEnd()).join('\n')}\n`)
}

async function cleanUp() {
  await stopAll()
  await stopStorages()
  removeFolder()
}

// Tried again for as long as a process that was killed this moment still writes there.
function removeFolder() {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}
