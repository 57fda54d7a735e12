// Writes results.md and its chart: no number without the machine, the day and the command that it came from.
import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, release, totalmem } from 'node:os'
import { chartOf } from './chart.mjs'
import { methodOf } from './method.mjs'
import { headings, tableOf } from './table.mjs'

const page = new URL('./results.md', import.meta.url)
const chart = new URL('./results.svg', import.meta.url)
const compared = ['undici', 'pg-boss', 'graphile-worker', 'bullmq']

/** Writes the results of a run. */
export function writeResults({ turns, rows, ceiling, setting, storages, day }) {
  writeFileSync(chart, chartOf(turns, `Medians of ${setting.rounds} rounds · ${machine()} · ${day}`))
  const parts = [
    '# Results',
    '![Deliveries a second, and CPU seconds per 10,000 deliveries, of Tidings and of three peers](results.svg)',
    facts({ day, setting, storages }),
    ['```', ...rows.map(({ line }) => line), '```'].join('\n'),
    table(turns),
    `The harness alone (requests that are answered at once): ${harness(ceiling)}.`,
    methodOf(setting),
  ]
  writeFileSync(page, `${parts.join('\n\n')}\n`)
}

const machine = () => `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores`

function facts({ day, setting, storages }) {
  const packages = compared.map((name) => `${name} ${versionOf(name)}`)
  return [
    `- machine: ${machine()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux ${release()}`,
    `- software: ${[`Node ${process.versions.node}`, ...packages, ...storages].join(', ')}`,
    `- date: ${day}`,
    `- command: \`${setting.command}\``,
  ].join('\n')
}

function table(turns) {
  const names = Object.keys(headings)
  const line = (cells) => `| ${cells.join(' | ')} |`
  return [
    line(Object.values(headings)),
    line(names.map((name) => (name === 'work' || name === 'who' ? '---' : '---:'))),
    ...tableOf(turns).map((row) => line(names.map((name) => row[name]))),
  ].join('\n')
}

function harness({ single, batches }) {
  const [one, many] = [single, batches].map((rate) => Math.round(rate).toLocaleString('en'))
  return `${one} events/s posted one by one, ${many} events/s posted in batches`
}

function versionOf(name) {
  return JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version
}
