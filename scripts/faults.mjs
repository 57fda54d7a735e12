// `npm run faults`: kills the server again and again, does to its disk what happens to disks, and prints one line a row;
// with `-- --short` a few times each. It ends with an error when a row falls short or could not be tried. The tests
// under test/process/ and test/faults/ do the work and write the rows.
import './node-version.mjs'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { forFaultyDisks, forFences, installDebianPackages } from './debian-packages.mjs'
import { install } from './install.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const isShort = process.argv.includes('--short')
const amounts = isShort ? { FAULTS_CYCLES: '20', FAULTS_CUTS: '5' } : { FAULTS_CYCLES: '200', FAULTS_CUTS: '50' }

install()
build()

const folder = mkdtempSync(join(tmpdir(), 'faults-'))
const rows = join(folder, 'rows')
writeFileSync(rows, '')

const isWell = [
  run(['test/process/ledger.test.ts', 'test/process/starting.test.ts']),
  mayMount() ? run(['--config', 'vitest.faults.config.ts']) : untried(),
].every(Boolean)
const lines = readFileSync(rows, 'utf8')
rmSync(folder, { recursive: true })
process.exitCode = isWell && !/^\S+ short /m.test(lines) ? 0 : 1

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

/** Only root may mount a file system and make a network, and only Linux has these. */
function mayMount() {
  if (process.platform !== 'linux' || process.getuid() !== 0) return false
  installDebianPackages([...forFaultyDisks, ...forFences])
  return true
}

function untried() {
  console.log('R04, R05, R08, R09, S untried: what happens to a disk, and a fence around a server, need root on Linux')
  return false
}
