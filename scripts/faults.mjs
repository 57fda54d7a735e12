// `npm run faults`: kills the server again and again, puts load on it, gives it receivers of the worst kind, does to its
// disk, its clock and its ends what happens to them, and prints one line a row; with `-- --short` a few times, or a little,
// of each, and with `-- --only load` (or crashes, or disks) a part of it. It ends with an error when a row falls short or
// could not be tried. The tests under test/process/ and test/faults/ do the work and write the rows. With --write the rows
// of a whole run are kept in docs/reliability.md.
import './node-version.mjs'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from './build.mjs'
import { forFaultyDisks, forFences, installDebianPackages } from './debian-packages.mjs'
import { writeRows } from './faults-page.mjs'
import { install } from './install.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const isLinux = process.platform === 'linux'
const { values: asked } = parseArgs({
  options: { short: { type: 'boolean' }, write: { type: 'boolean' }, only: { type: 'string' } },
})

/** How much of everything: in short, and in a whole run. */
const amounts = {
  FAULTS_CYCLES: [20, 200],
  FAULTS_CUTS: [5, 50],
  FAULTS_POINTS: [20, 104],
  FAULTS_STATES: [100, 1_000],
  FAULTS_FLIPS: [10, 100],
  FAULTS_JUMPS: [1, 5],
  FAULTS_BACKLOG: [100_000, 1_000_000],
  FAULTS_OVERLOAD_SECONDS: [5, 20],
  FAULTS_SOAKED: [10_000, 100_000],
  FAULTS_SECONDS: [15, 600],
  FAULTS_WAITING: [50_000, 1_000_000],
  FAULTS_DUE: [30_000, 100_000],
  FAULTS_WEBHOOKS: [1_500, 10_000],
  FAULTS_ATTEMPTS: [200_000, 5_000_000],
  FAULTS_OLD: [50_000, 1_000_000],
}

const faulty = ['--config', 'vitest.faults.config.ts']
const parts = {
  crashes: () => run(['test/process/ledger.test.ts', 'test/process/starting.test.ts', 'test/process/ending.test.ts']),
  // One after the other: figures of one load must not be those of two.
  load: () =>
    isLinux
      ? run([...faulty, '--no-file-parallelism', 'test/faults/load'])
      : untried('what a process takes is read where Linux tells it'),
  disks: () =>
    mayMount()
      ? run([...faulty, '--exclude', 'test/faults/load/**'])
      : untried('what happens to disks and clocks, and a fence around a server, need root on Linux'),
}
const names = asked.only === undefined ? Object.keys(parts) : asked.only.split(',')
if (!names.every((name) => Object.hasOwn(parts, name)) || (asked.write && asked.only !== undefined)) {
  console.error(`--only takes some of ${Object.keys(parts).join(',')}; only a whole run is written down.`)
  process.exit(1)
}

install()
build()

const folder = mkdtempSync(join(tmpdir(), 'faults-'))
const rows = join(folder, 'rows')
writeFileSync(rows, '')

const isWell = names.map((name) => parts[name]()).every(Boolean)
const lines = readFileSync(rows, 'utf8').trimEnd().split('\n')
rmSync(folder, { recursive: true })
if (asked.write) writeRows(lines, `npm run faults -- ${process.argv.slice(2).join(' ')}`)
process.exitCode = isWell && !lines.some((line) => /^\S+ short /.test(line)) ? 0 : 1

/** True when every test passed. The rows are printed as they come. */
function run(args) {
  const before = readFileSync(rows, 'utf8').length
  const much = Object.entries(amounts).map(([name, [few, many]]) => [name, String(asked.short ? few : many)])
  const { status, stdout } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args], {
    env: { ...process.env, ...Object.fromEntries(much), FAULTS_ROWS: rows },
    encoding: 'utf8',
  })
  process.stdout.write(readFileSync(rows, 'utf8').slice(before))
  // What went wrong beside the rows is told by the tests.
  if (status !== 0) process.stderr.write(stdout)
  return status === 0
}

/** Only root may mount a file system and make a network, and only Linux has these. */
function mayMount() {
  if (!isLinux || process.getuid() !== 0) return false
  installDebianPackages([...forFaultyDisks, ...forFences])
  return true
}

function untried(why) {
  console.log(`a part of this is untried: ${why}`)
  return false
}
