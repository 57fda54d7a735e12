import { describe, test } from 'vitest'
import { row } from '../../process/ledger/rows.ts'
import { aCrowd, type Crowd } from './crowd.ts'
import { pace } from './posting.ts'
import type { Heard } from './receivers.ts'
import { type Spread, spreadOf, told } from './spread.ts'

const webhooks = 100
const seconds = 6
const warmUpSeconds = 2
const patienceMs = 60_000

/** What the others may lose: their p99 at most doubled, and never more than a second. */
const timesAtMost = 2
const p99AtMostMs = 1_000

/** With eight requests in flight, eighty a second. */
const slowMs = 100

/** Where the noise goes to; everybody else takes turns. */
const noisy = 0
const quietPlaceOf = (turn: number): number => 1 + (turn % (webhooks - 1))

describe('a noisy neighbour', () => {
  test('that gets half of all events and never answers makes nobody else wait', async ({ expect }) => {
    const rate = 400
    const placeOf = (number: number) => (number % 2 === 0 ? noisy : quietPlaceOf(number >> 1))
    const { baseline, beside, quietLost } = await quietBeside({
      rate,
      placeOf,
      ill: ({ place }) => (place === noisy ? 'nothing' : 200),
    })

    const figures = `p99 of 99 webhooks ${ratio(beside, baseline)} x beside a black hole with half of ${rate}/s`
    row('R41', isSpared(beside, baseline), `${figures}, goal 2 x and 1 s; ${told(beside)}`)
    expect(quietLost).toBe(0)
    expect(ratio(beside, baseline)).toBeLessThanOrEqual(timesAtMost)
  }, 120_000)

  test('that is sent a hundred times as much as each of the others makes nobody else wait', async ({ expect }) => {
    // One tenant has 100 of 199 events, each of the others one; its receiver manages a quarter of them.
    const rate = 600
    const loud = (number: number) => (number % 199 < 100 ? noisy : quietPlaceOf(number % 199))
    const even = (number: number) => number % webhooks
    const { baseline, beside, quietLost } = await quietBeside({
      ...{ rate, placeOf: loud, baselinePlaceOf: even },
      delayOf: (place) => (place === noisy ? slowMs : 0),
    })

    const figures = `p99 of 99 tenants ${ratio(beside, baseline)} x beside one with 100 times as much, ${rate}/s`
    row('R41', isSpared(beside, baseline), `${figures}, goal 2 x and 1 s; ${told(beside)}`)
    expect(quietLost).toBe(0)
    expect(ratio(beside, baseline)).toBeLessThanOrEqual(timesAtMost)
  }, 120_000)
})

type Noise = {
  rate: number
  placeOf: (number: number) => number
  baselinePlaceOf?: (number: number) => number
  ill?: (heard: Heard) => number | 'nothing'
  delayOf?: (place: number) => number
}

/**
 * How long events for the others take beside the noise, and without it: before and after, as whatever else the machine
 * does changes with time. And how many of theirs never came.
 */
async function quietBeside(noise: Noise) {
  const { rate, placeOf, baselinePlaceOf = placeOf, ill = () => 200, delayOf = () => 0 } = noise
  const crowd = await aCrowd({ webhooks })
  try {
    const { receivers } = crowd
    const cameAt = new Map<number, number>()
    receivers.hear = ({ number, at }) => void (cameAt.has(number) || cameAt.set(number, at))
    const quiet = { crowd, rate, cameAt, placeOf: baselinePlaceOf }
    await waits({ ...quiet, seconds: warmUpSeconds, first: 0 })
    const before = await waits({ ...quiet, seconds, first: 1_000_000 })
    receivers.manners = ill
    receivers.delayOf = delayOf
    const beside = await waits({ ...quiet, placeOf, seconds, first: 2_000_000 })
    receivers.delayOf = () => 0
    receivers.recover()
    await waits({ ...quiet, seconds: warmUpSeconds, first: 3_000_000 })
    const after = await waits({ ...quiet, seconds, first: 4_000_000 })
    return {
      baseline: spreadOf([...before.lengths, ...after.lengths]),
      beside: spreadOf(beside.lengths),
      quietLost: before.lost + beside.lost + after.lost,
    }
  } finally {
    await crowd.close()
  }
}

type Waited = Pick<Noise, 'rate' | 'placeOf'> & {
  crowd: Crowd
  cameAt: ReadonlyMap<number, number>
  seconds: number
  first: number
}

async function waits({
  crowd,
  rate,
  placeOf,
  cameAt,
  seconds,
  first,
}: Waited): Promise<{ lengths: number[]; lost: number }> {
  const { dueAt } = await pace(crowd, { rate, seconds, placeOf, first })
  const quiet = [...dueAt.keys()].map((index) => first + index).filter((number) => placeOf(number) !== noisy)
  await crowd.receivers.until(() => quiet.every((number) => cameAt.has(number)), patienceMs)
  const came = quiet.flatMap((number) => {
    const at = cameAt.get(number)
    return at === undefined ? [] : [at - (dueAt[number - first] ?? 0)]
  })
  return { lengths: came, lost: quiet.length - came.length }
}

const ratio = (beside: Spread, baseline: Spread): number => Math.round((beside.p99 / baseline.p99) * 100) / 100

const isSpared = (beside: Spread, baseline: Spread): boolean =>
  ratio(beside, baseline) <= timesAtMost && beside.p99 <= p99AtMostMs
