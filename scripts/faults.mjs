// `npm run faults`: kills the server again and again, does to its disk, its clock and its ends what happens to them, and
// prints one line a row; with `-- --short` a few times each. It ends with an error when a row falls short or could not
// be tried. The tests under test/process/ and test/faults/ do the work and write the rows. With --write the rows are
// kept in docs/reliability.md.
import './node-version.mjs'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { forFaultyDisks, installDebianPackages } from './debian-packages.mjs'
import { writeRows } from './faults-page.mjs'
import { install } from './install.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const args = process.argv.slice(2)
const [short, whole] = [
  { FAULTS_CYCLES: 20, FAULTS_CUTS: 5, FAULTS_POINTS: 20, FAULTS_STATES: 100, FAULTS_FLIPS: 10, FAULTS_JUMPS: 1 },
  { FAULTS_CYCLES: 200, FAULTS_CUTS: 50, FAULTS_POINTS: 104, FAULTS_STATES: 1_000, FAULTS_FLIPS: 100, FAULTS_JUMPS: 5 },
]
const amounts = args.includes('--short')
  ? { ...short, FAULTS_BACKLOG: 100_000 }
  : { ...whole, FAULTS_BACKLOG: 1_000_000 }

install()
build()

const folder = mkdtempSync(join(tmpdir(), 'faults-'))
const rows = join(folder, 'rows')
writeFileSync(rows, '')

const isWell = [
  run(['test/process/ledger.test.ts', 'test/process/starting.test.ts', 'test/process/ending.test.ts']),
  mayMount() ? run(['--config', 'vitest.faults.config.ts']) : untried(),
].every(Boolean)
const lines = readFileSync(rows, 'utf8').trimEnd().split('\n')
rmSync(folder, { recursive: true })
if (args.includes('--write')) writeRows(lines, `npm run faults -- ${args.join(' ')}`)
process.exitCode = isWell && !lines.some((line) => /^\S+ short /.test(line)) ? 0 : 1

/** True when every test passed. The rows are printed as they come. */
function run(args) {
  const before = readFileSync(rows, 'utf8').length
  const { status, stdout } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args], {
    env: { ...process.env, ...amounts, FAULTS_ROWS: rows },
    encoding: 'utf8',
  })
  process.stdout.write(readFileSync(rows, 'utf8').slice(before))
  // What went wrong beside the rows is told by the tests.
  if (status !== 0) process.stderr.write(stdout)
  return status === 0
}

/** Only root may mount a file system, and only Linux has these two. */
function mayMount() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return false
  installDebianPackages(forFaultyDisks)
  return true
}

function untried() {
  console.log('The rows of test/faults/ are untried: what happens to a disk needs root on Linux')
  return false
}
