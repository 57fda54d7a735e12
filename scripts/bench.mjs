// `npm run bench`: how fast events go from the door to their receivers, beside others that do the same, and how fast a
// campaign's members are read. With --short it takes a minute, with --members it only reads members; with --write it
// also writes bench/results.md.
import './node-version.mjs'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stopAll } from '../bench/children.mjs'
import { contenders, round } from '../bench/contenders.mjs'
import { memberRows, readMembers } from '../bench/members.mjs'
import { findPostgres, postgresVersion, stopPostgres } from '../bench/postgres.mjs'
import { writeResults } from '../bench/results.mjs'
import { headings, rowsOf, tableOf } from '../bench/rows.mjs'
import { measureCeiling, startHarness, takeTurn } from '../bench/turn.mjs'
import { build } from './build.mjs'
import { install } from './install.mjs'

const args = process.argv.slice(2)
const isShort = args.includes('--short')
const command = `npm run bench${args.length === 0 ? '' : ` -- ${args.join(' ')}`}`
const setting = isShort
  ? { command, rounds: 1, seconds: 2, warmUp: 5, members: 10_000, readings: 1 }
  : { command, rounds: 3, seconds: 6, warmUp: 5, members: 100_000, readings: 3 }

install()
build()
const folder = mkdtempSync(join(tmpdir(), 'tidings-bench-'))
// PostgreSQL runs as a user of its own and must find its folder in this one.
chmodSync(folder, 0o711)
process.on('exit', removeFolder)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.once(signal, () => void cleanUp().then(() => process.exit(1)))

try {
  process.exitCode = args.includes('--members') ? await runMembers() : await run()
} catch (error) {
  console.error(`\nThe benchmark failed: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = 1
} finally {
  await cleanUp()
}

async function run() {
  const hasPostgres = findPostgres() !== null
  if (!hasPostgres) console.error('Missing: PostgreSQL. Install postgresql with your system’s packages.')
  const harness = await startHarness()
  const ceiling = await measureCeiling(harness, isShort ? 1 : 2)
  console.log(`harness alone: ${Math.round(ceiling.B1)} events/s one by one, ${Math.round(ceiling.B2)} in batches`)

  const turns = await takeTurns(harness, hasPostgres)
  const rows = [...rowsOf(turns), ...(await membersRead())]
  print(turns, rows)
  if (args.includes('--write')) {
    const postgres = hasPostgres ? postgresVersion() : null
    writeResults({ turns, rows, ceiling, setting, postgres, day: new Date().toISOString().slice(0, 10) })
  }
  return hasPostgres && areMet(rows) ? 0 : 1
}

async function runMembers() {
  const rows = await membersRead()
  for (const { line } of rows) console.log(line)
  return areMet(rows) ? 0 : 1
}

async function takeTurns(harness, hasPostgres) {
  const turns = []
  for (let number = 1; number <= setting.rounds; number += 1) {
    for (const turn of round) {
      if (!hasPostgres && contenders[turn.who].needsPostgres) continue
      const figures = await takeTurn(turn, harness, { ...setting, folder })
      console.log(`${number}/${setting.rounds} ${progressOf(figures)}`)
      turns.push(figures)
    }
  }
  return turns
}

async function membersRead() {
  return memberRows(await readMembers({ ...setting, folder }))
}

function areMet(rows) {
  return rows.every(({ verdict }) => verdict !== 'short')
}

function progressOf({ work, who, rate, cost, peakMiB }) {
  const name = contenders[who].name.padEnd(18)
  return `${work} ${name} ${String(Math.round(rate)).padStart(6)}/s  CPU ${cost.toFixed(2)}  ${peakMiB} MiB`
}

function print(turns, rows) {
  const lines = [headings, ...tableOf(turns, contenders)].map(Object.values)
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  console.log()
  for (const line of lines)
    console.log(
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    )
  console.log()
  for (const { line } of rows) console.log(line)
}

async function cleanUp() {
  await stopAll()
  await stopPostgres()
  removeFolder()
}

// Tried again for as long as a process that was killed this moment still writes there.
function removeFolder() {
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
}
