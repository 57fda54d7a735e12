import { test } from 'vitest'
import { row } from '../../process/ledger/rows.ts'
import { amount } from './amounts.ts'
import { aCrowd } from './crowd.ts'
import { pace, pour } from './posting.ts'
import { spreadOf, told } from './spread.ts'

const webhooks = 100
const placeOf = (number: number): number => number % webhooks

const soaked = amount('FAULTS_SOAKED', 10_000)
const seconds = amount('FAULTS_SECONDS', 15)
const rate = 500
const warmUpSeconds = 3

/** What is promised of a first attempt and of an answer at the door, at that rate. */
const firstAttemptMs = { p50: 50, p99: 500 }
const acceptMs = { p99: 60 }

/** So long may the last of them take to come. */
const patienceMs = 60_000

test(`${soaked} events without any fault are seen once each`, async ({ expect }) => {
  const crowd = await aCrowd({ webhooks })
  try {
    const { refused } = await pour(crowd, { count: soaked, placeOf })
    const { receivers } = crowd
    await receivers.until(() => receivers.acceptedTimes >= soaked, patienceMs)
    // Whatever would come a second time comes before a stop ends.
    await crowd.server().stop()

    const { acceptedTimes, repeated, wrong } = receivers
    const lost = soaked - (acceptedTimes - repeated)
    row('R01', lost + repeated + wrong === 0, `lost ${lost}, repeated ${repeated}, changed ${wrong} of ${soaked}`)
    expect({ refused, lost, repeated, wrong }).toEqual({ refused: [], lost: 0, repeated: 0, wrong: 0 })
  } finally {
    await crowd.close()
  }
}, 300_000)

test(
  `${rate} events a second for ${seconds} s reach their receivers in time, and the door answers in time`,
  async ({ expect }) => {
    const crowd = await aCrowd({ webhooks, bodyBytes: 2_048 })
    try {
      const { receivers } = crowd
      const warmUp = rate * warmUpSeconds
      const cameAt = new Float64Array(warmUp + rate * seconds)
      receivers.hear = ({ number, at }) => void (cameAt[number] ||= at)
      await pace(crowd, { rate, seconds: warmUpSeconds, placeOf })
      const { dueAt, ackedAt, refused } = await pace(crowd, { rate, seconds, placeOf, first: warmUp })
      await receivers.until(() => receivers.acceptedTimes >= cameAt.length, patienceMs)

      const since = (moments: Float64Array, first: number) =>
        [...dueAt].map((due, index) => (moments[first + index] ?? 0) - due)
      const [attempts, accepts] = [spreadOf(since(cameAt, warmUp)), spreadOf(since(ackedAt, 0))]
      const isG3 = attempts.p50 <= firstAttemptMs.p50 && attempts.p99 <= firstAttemptMs.p99
      row('R40', isG3, `post to receiver at ${rate}/s for ${seconds} s: ${told(attempts)}, goal p50 50 ms, p99 500 ms`)
      row('R40', accepts.p99 <= acceptMs.p99, `post to its 2xx: ${told(accepts)}, goal p99 60 ms`)
      const { acceptedTimes, repeated, wrong } = receivers
      expect({ refused, acceptedTimes, repeated, wrong }).toEqual({
        ...{ refused: [], acceptedTimes: cameAt.length, repeated: 0, wrong: 0 },
      })
    } finally {
      await crowd.close()
    }
  },
  120_000 + seconds * 1_000,
)
