// `npm run sim`: lives 20,000 seeds of the simulation through and says what it met; with `-- --short` as many as `npm test`
// does. `-- --seeds 500 --from 7000` chooses others, `-- --seed 7042` lives one through and tells everything that happens.
// `-- --store sqlite` lives them on SQLite's own statements. The test under test/simulation/ does the work and writes the lines.
import './node-version.mjs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
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

const chunk = Buffer.alloc(64 * 1024)
const folder = mkdtempSync(join(tmpdir(), 'sim-'))
const counts = new Map()
const which = values.seed === undefined ? 'every promise is kept' : 'one life'
const statuses = await Promise.all(shares().map(live))
rmSync(folder, { recursive: true })
for (const [name, count] of counts) console.log(`${String(count).padStart(10)}  ${name}`)
process.exitCode = Math.max(...statuses)

/** What each process lives through: as many of them as there are processors, where that is worth their start. */
function shares() {
  if (values.seed !== undefined || (values.short && values.seeds === undefined)) {
    return [{ from: Number(values.from), seeds: values.seeds ?? '' }]
  }
  const seeds = Number(values.seeds ?? 20_000)
  const processes = seeds < 200 ? 1 : availableParallelism()
  const share = Math.ceil(seeds / processes)
  return Array.from({ length: processes }, (_, index) => ({
    from: Number(values.from) + index * share,
    seeds: Math.min(share, seeds - index * share),
  }))
}

/** Lives a share through and prints what it says; how often everything happened is added up. */
async function live({ from, seeds }) {
  const rows = join(folder, `rows-from-${from}`)
  writeFileSync(rows, '')
  const env = {
    ...process.env,
    ...{ SIM_ROWS: rows, SIM_SEEDS: String(seeds), SIM_FROM: String(from) },
    ...{ SIM_SEED: values.seed ?? '', SIM_STORE: values.store },
  }
  const child = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', 'test/simulation/simulation.test.ts', '-t', which],
    { env, stdio: ['ignore', 'ignore', 'ignore'] },
  )
  const file = openSync(rows, 'r')
  const printed = setInterval(() => print(file), 500)
  const [status] = await once(child, 'exit')
  clearInterval(printed)
  print(file)
  closeSync(file)
  return status ?? 1
}

/** Lines come whole: whoever writes them appends each at once. */
function print(file) {
  for (;;) {
    const length = readSync(file, chunk)
    if (length === 0) return
    for (const line of chunk.toString('utf8', 0, length).split('\n')) {
      const [, count, name] = /^ *(\d+) {2}(\D.*)$/.exec(line) ?? []
      if (name === undefined) process.stdout.write(line === '' ? '' : `${line}\n`)
      else counts.set(name, (counts.get(name) ?? 0) + Number(count))
    }
  }
}
