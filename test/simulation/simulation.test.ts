/**
 * The pipeline in a world where everything goes wrong: run.ts is how a seed lives.
 *
 * `npm run sim` lives many more of them through and replays one: what it asks for comes in through the environment.
 */
import { expect, test } from 'vitest'
import { sqliteMemories } from './memory-in-sqlite.ts'
import { planted } from './planted.ts'
import { countsOf, Progress, tell, timelineOf } from './report.ts'
import { leastSteps, type Report, type RunOptions, run } from './run.ts'

/** What fits into `npm test`. */
const fewSeeds = 100

/** SQLite's own statements take longer. */
const seedsPerSqlite = 10

/** Each planted mistake has to be found within so many seeds. */
const seedsPerMistake = 1_000

const from = Number(process.env['SIM_FROM'] ?? 1)
const seeds = Number(process.env['SIM_SEEDS'] ?? '') || fewSeeds
const replayed = Number(process.env['SIM_SEED'] ?? '')
const isOnSqlite = process.env['SIM_STORE'] === 'sqlite'

const rareBursts = ['beyond a slice', 'beyond a lane', 'beyond the budget', 'to nobody'] as const

/** As long as it takes: who asks for more seeds waits longer. */
const timeout = 24 * 3_600_000

const onStore = async (): Promise<RunOptions> => (isOnSqlite ? { memory: await sqliteMemories() } : {})

test('one life is told line by line, which is how one that failed is looked at again', { timeout }, async () => {
  let lines = 0
  const count = (line: string) => {
    lines += 1
    if (replayed > 0) tell(line)
  }
  const report = await run(replayed > 0 ? replayed : from, { ...(await onStore()), tell: count })

  expect(report.broken).toBeNull()
  expect(lines).toBeGreaterThan(0)
})

test(`every promise is kept in each of ${seeds} lives, whatever goes wrong`, { timeout }, async () => {
  const progress = new Progress()
  const reports: Report[] = []
  const live = async (seed: number, options: RunOptions) => {
    const report = await run(seed, options)
    if (report.broken !== null) throw new Error(await timelineOf(report, options))
    expect(report.steps).toBeGreaterThanOrEqual(leastSteps)
    reports.push(report)
    progress.note(report)
  }

  const options = await onStore()
  for (let seed = from; seed < from + seeds; seed += 1) await live(seed, options)
  // These are too rare to wait for.
  for (const first of rareBursts) await live(1, { first })

  const counts = countsOf(reports)
  progress.end(counts)
  if (seeds >= fewSeeds) expect([...counts].filter(([, count]) => count === 0)).toEqual([])
})

test('the same seed lives the same life', { timeout }, async () => {
  for (let seed = from; seed < from + 3; seed += 1) {
    const one = await run(seed)

    expect(await run(seed)).toEqual(one)
  }
})

test("on SQLite's own statements a seed lives the very life that it lives on the model", { timeout }, async () => {
  const memory = await sqliteMemories()
  for (let seed = from; seed < from + seedsPerSqlite; seed += 1) {
    const onModel = await run(seed)

    expect(await run(seed, { memory })).toEqual(onModel)
  }
})

test.each(Object.entries(planted))('it is found out when %s', { timeout }, async (_name, mistake) => {
  let seed = from
  while (seed < from + seedsPerMistake && (await run(seed, mistake)).broken === null) seed += 1

  expect(seed - from).toBeLessThan(seedsPerMistake)
})
