import { appendFileSync } from 'node:fs'
import { countedNames, type Happened } from './faults.ts'
import { type Report, type RunOptions, run } from './run.ts'

/** The end of a life is where it went wrong; all of it is what the command below prints. */
const linesTold = 120

/** A line on how far it is after so many. */
const seedsPerLine = 500

/** Says a line to whoever started this (scripts/sim.mjs); `npm test` wants none. */
export function tell(line: string): void {
  const rows = process.env['SIM_ROWS']
  if (rows !== undefined) appendFileSync(rows, `${line}\n`)
}

/** What happened in a seed that broke a promise, and how to see it again. */
export async function timelineOf({ seed, broken }: Report, options: RunOptions): Promise<string> {
  const lines: string[] = []
  await run(seed, { ...options, tell: (line) => lines.push(line) })
  const hidden = Math.max(0, lines.length - linesTold)
  const told = [
    `seed ${seed}: ${broken}`,
    ...(hidden > 0 ? [`(${hidden} lines before)`] : []),
    ...lines.slice(hidden),
    `again: npm run sim -- --seed ${seed}`,
  ].join('\n')
  tell(told)
  return told
}

/** How often everything that can happen has happened. */
export function countsOf(reports: readonly Report[]): Map<Happened, number> {
  return new Map(
    countedNames.map((name) => [name, reports.reduce((sum, { counts }) => sum + (counts.get(name) ?? 0), 0)]),
  )
}

/** Counts what was lived through. */
export class Progress {
  readonly #began = performance.now()
  #seeds = 0
  #steps = 0
  #lives = 0

  note({ steps, lives }: Report): void {
    this.#seeds += 1
    this.#steps += steps
    this.#lives += lives
    if (this.#seeds % seedsPerLine === 0) this.#tell()
  }

  end(counts: ReadonlyMap<Happened, number>): void {
    if (this.#seeds % seedsPerLine !== 0) this.#tell()
    for (const [name, count] of counts) tell(`${String(count).padStart(10)}  ${name}`)
  }

  #tell(): void {
    const took = (performance.now() - this.#began) / 1000
    const perSecond = `${(this.#seeds / took).toFixed(1)} seeds and ${Math.round(this.#steps / took)} steps a second`
    tell(`${this.#seeds} seeds, ${this.#steps} steps, ${this.#lives} lives of the server, ${perSecond}`)
  }
}
