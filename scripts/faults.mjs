// `npm run faults`: kills the server again and again and prints one line a row; with `-- --short` as often as `npm test`
// does. It ends with an error when a row falls short. The tests under test/process/ do the work and write the rows.
import './node-version.mjs'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from './build.mjs'
import { install } from './install.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const cycles = process.argv.includes('--short') ? 20 : 200

install()
build()

const folder = mkdtempSync(join(tmpdir(), 'faults-'))
const rows = join(folder, 'rows')
writeFileSync(rows, '')
const { status, stdout } = spawnSync(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', 'test/process/ledger.test.ts', 'test/process/starting.test.ts'],
  { env: { ...process.env, FAULTS_CYCLES: String(cycles), FAULTS_ROWS: rows }, encoding: 'utf8' },
)

const lines = readFileSync(rows, 'utf8')
rmSync(folder, { recursive: true })
process.stdout.write(lines)
// What went wrong beside the rows is told by the tests.
if (status !== 0) process.stderr.write(stdout)
process.exitCode = status === 0 && !/^\S+ short /m.test(lines) ? 0 : 1
