// `npm run sim`: lives 20,000 seeds of the simulation through and says what it met; with `-- --short` as many as `npm test`
// does. `-- --seeds 500 --from 7000` chooses others, `-- --seed 7042` lives one through and tells everything that happens.
// `-- --store sqlite` lives them on SQLite's own statements. The test under test/simulation/ does the work and writes the lines.
import './node-version.mjs'
import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { build } from './build.mjs'
import { install } from './install.mjs'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))
const { values } = parseArgs({
  options: {
    seeds: { type: 'string' },
    from: { type: 'string', default: '1' },
    seed: { type: 'string' },
    store: { type: 'string', default: 'model' },
    short: { type: 'boolean', default: false },
  },
})

install()
build()

const folder = mkdtempSync(join(tmpdir(), 'sim-'))
const rows = join(folder, 'rows')
writeFileSync(rows, '')
const env = {
  ...process.env,
  SIM_ROWS: rows,
  SIM_SEEDS: values.seeds ?? (values.short ? '' : '20000'),
  SIM_FROM: values.from,
  SIM_SEED: values.seed ?? '',
  SIM_STORE: values.store,
}
const which = values.seed === undefined ? 'every promise is kept' : 'one life'
const child = spawn(
  process.execPath,
  ['node_modules/vitest/vitest.mjs', 'run', 'test/simulation/simulation.test.ts', '-t', which],
  { env, stdio: ['ignore', 'ignore', 'ignore'] },
)

const file = openSync(rows, 'r')
const chunk = Buffer.alloc(64 * 1024)
const printed = setInterval(print, 500)
child.on('exit', (status) => {
  clearInterval(printed)
  print()
  closeSync(file)
  rmSync(folder, { recursive: true })
  process.exitCode = status ?? 1
})

function print() {
  for (;;) {
    const length = readSync(file, chunk)
    if (length === 0) return
    process.stdout.write(chunk.subarray(0, length))
  }
}
