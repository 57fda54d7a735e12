/**
 * The pipeline in a world where everything goes wrong: run.ts is how a seed lives.
 *
 * `npm run sim` lives many more of them through and replays one: what it asks for comes in through the environment.
 */
import { expect, test } from 'vitest'
import { planted } from './planted.ts'
import { countsOf, Progress, tell, timelineOf } from './report.ts'
import { leastSteps, type Report, run } from './run.ts'

/** What fits into `npm test`. */
const fewSeeds = 150

/** Each planted mistake has to be found within so many seeds. */
const seedsPerMistake = 1_000

const from = Number(process.env['SIM_FROM'] ?? 1)
const seeds = Number(process.env['SIM_SEEDS'] ?? '') || fewSeeds
const replayed = Number(process.env['SIM_SEED'] ?? '')

/** As long as it takes: who asks for more seeds waits longer. */
const timeout = 24 * 3_600_000

test.runIf(replayed > 0)('one life, told line by line', { timeout }, async () => {
  const report = await run(replayed, { tell })

  expect(report.broken).toBeNull()
})

test(`every promise is kept in each of ${seeds} lives, whatever goes wrong`, { timeout }, async () => {
  const progress = new Progress()
  const reports: Report[] = []
  for (let seed = from; seed < from + seeds; seed += 1) {
    const report = await run(seed)
    if (report.broken !== null) throw new Error(await timelineOf(report))
    reports.push(report)
    progress.note(report)
  }

  const counts = countsOf(reports)
  progress.end(counts)
  expect(Math.min(...reports.map(({ steps }) => steps))).toBeGreaterThanOrEqual(leastSteps)
  if (seeds >= fewSeeds) expect([...counts].filter(([, count]) => count === 0)).toEqual([])
})

test('the same seed lives the same life', { timeout }, async () => {
  for (let seed = from; seed < from + 5; seed += 1) {
    const one = await run(seed)

    expect(await run(seed)).toEqual(one)
  }
})

test.each(Object.entries(planted))('it is found out when %s', { timeout }, async (_name, mistake) => {
  let seed = from
  while (seed < from + seedsPerMistake && (await run(seed, mistake)).broken === null) seed += 1

  expect(seed - from).toBeLessThan(seedsPerMistake)
})
