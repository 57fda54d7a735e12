import { DatabaseSync } from '@photostructure/sqlite'
import { test } from 'vitest'
import { row } from '../../process/ledger/rows.ts'
import { amount } from './amounts.ts'
import { fillWithEnded } from './backlog.ts'
import { aCrowd, type Crowd, callAt } from './crowd.ts'
import { pace } from './posting.ts'
import { spreadOf, told } from './spread.ts'

const webhooks = 20
const old = amount('FAULTS_OLD', 50_000)
const dayMs = 86_400_000

/** Retention is 30 days, and what is too old is looked for every hour. */
const acceptedAgo = 31 * dayMs
const untilPruneSeconds = 3_601

const rate = 200
const baselineSeconds = 6
const warmUpSeconds = 3
const timesAtMost = 2

/** The load goes on in rounds until all are dropped, or for so many of them. */
const roundSeconds = 5
const roundsAtMost = 20 + Math.round(old / 10_000)

test(`dropping ${old} events that are too old does not hold up the door`, async ({ expect }) => {
  const crowd = await aCrowd({ webhooks, environment: { TIDINGS_CLOCK: 'movable' } })
  try {
    await crowd.server().stop()
    fillWithEnded(crowd, { count: old, acceptedAt: Date.now() - acceptedAgo, attempts: 1 })
    await crowd.restart()

    await accepts(crowd, warmUpSeconds, old)
    const before = await accepts(crowd, baselineSeconds, old + 1_000_000)
    const keptBefore = keptOf(crowd)
    await callAt(crowd.door(), 'POST', '/api/v1/clock/moves', { by_seconds: untilPruneSeconds })
    const { lengths, took } = await acceptsUntilDropped(crowd)
    const after = await accepts(crowd, baselineSeconds, old + 9_000_000)
    const [baseline, meanwhile, kept] = [spreadOf([...before, ...after]), spreadOf(lengths), keptOf(crowd)]

    const times = Math.round((meanwhile.p99 / baseline.p99) * 100) / 100
    const figures = `accept p99 ${times} x at ${rate}/s while ${keptBefore - kept} of ${old} events are dropped in ${took} s`
    row(
      'R48',
      times <= timesAtMost && kept === 0,
      `${figures}, goal 2 x; before and after: ${told(baseline)}; meanwhile: ${told(meanwhile)}`,
    )
    expect({ keptBefore, kept }).toEqual({ keptBefore: old, kept: 0 })
  } finally {
    await crowd.close()
  }
}, 900_000)

async function acceptsUntilDropped(crowd: Crowd): Promise<{ lengths: number[]; took: number }> {
  const lengths: number[] = []
  let round = 0
  while (round < roundsAtMost && keptOf(crowd) > 0) {
    round += 1
    lengths.push(...(await accepts(crowd, roundSeconds, old + 1_000_000 + round * 100_000)))
  }
  return { lengths, took: round * roundSeconds }
}

/** How long each answer took, in milliseconds. */
async function accepts(crowd: Crowd, seconds: number, first: number): Promise<number[]> {
  const { dueAt, ackedAt, refused } = await pace(crowd, {
    rate,
    seconds,
    first,
    placeOf: (number) => number % webhooks,
  })
  if (refused[0] !== undefined) throw new Error(refused[0])
  return [...dueAt].map((due, index) => (ackedAt[index] ?? 0) - due)
}

/** How many of the old ones are there. */
function keptOf({ storePath }: Crowd): number {
  const db = new DatabaseSync(storePath, { readOnly: true })
  const row = db.prepare('select count(*) as count from events where sequence <= ?').get(old) as { count: number }
  db.close()
  return row.count
}
