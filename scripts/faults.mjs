// `npm run faults`: kills the server again and again, puts load on it, gives it receivers of the worst kind, does to its
// disk what happens to disks, and prints one line a row; with `-- --short` a few times, or a little, of each. It ends
// with an error when a row falls short or could not be tried. The tests under test/process/ and test/faults/ do the work
// and write the rows.
import './node-version.mjs'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { forFaultyDisks, installDebianPackages } from './debian-packages.mjs'
import { install } from './install.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const isLinux = process.platform === 'linux'
const isShort = process.argv.includes('--short')
const amounts = isShort ? { FAULTS_CYCLES: '20', FAULTS_CUTS: '5' } : { FAULTS_CYCLES: '200', FAULTS_CUTS: '50' }
// What is not named here is little by default.
const loads = isShort
  ? {}
  : {
      ...{ FAULTS_SOAKED: '100000', FAULTS_SECONDS: '600', FAULTS_WAITING: '1000000', FAULTS_DUE: '100000' },
      ...{ FAULTS_WEBHOOKS: '10000', FAULTS_ATTEMPTS: '5000000', FAULTS_OLD: '1000000' },
    }

install()
build()

const folder = mkdtempSync(join(tmpdir(), 'faults-'))
const rows = join(folder, 'rows')
writeFileSync(rows, '')

const isWell = [
  run(['test/process/ledger.test.ts', 'test/process/starting.test.ts']),
  // One after the other: figures of one load must not be those of two.
  isLinux
    ? run(['--config', 'vitest.faults.config.ts', '--no-file-parallelism', 'test/faults/load'])
    : untried('R01, R21, R40 to R59', 'what a process takes is read where Linux tells it'),
  mayMount()
    ? run(['--config', 'vitest.faults.config.ts', '--exclude', 'test/faults/load/**'])
    : untried('R04, R05, R08, R09', 'what happens to a disk needs root on Linux'),
].every(Boolean)
const lines = readFileSync(rows, 'utf8')
rmSync(folder, { recursive: true })
process.exitCode = isWell && !/^\S+ short /m.test(lines) ? 0 : 1

/** True when every test passed. The rows are printed as they come. */
function run(args) {
  const before = readFileSync(rows, 'utf8').length
  const { status, stdout } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...args], {
    env: { ...process.env, ...amounts, ...loads, FAULTS_ROWS: rows },
    encoding: 'utf8',
  })
  process.stdout.write(readFileSync(rows, 'utf8').slice(before))
  // What went wrong beside the rows is told by the tests.
  if (status !== 0) process.stderr.write(stdout)
  return status === 0
}

/** Only root may mount a file system, and only Linux has these two. */
function mayMount() {
  if (!isLinux || process.getuid() !== 0) return false
  installDebianPackages(forFaultyDisks)
  return true
}

function untried(rows, why) {
  console.log(`${rows} untried: ${why}`)
  return false
}
