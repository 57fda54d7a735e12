import { DatabaseSync } from '@photostructure/sqlite'
import { describe, test } from 'vitest'
import { row } from '../../process/ledger/rows.ts'
import { amount } from './amounts.ts'
import { fillWithDue } from './backlog.ts'
import { aCrowd, type Crowd } from './crowd.ts'

const webhooks = 20
const due = amount('FAULTS_DUE', 30_000)
const patienceMs = 180_000

/** Requests to one webhook at a time (`lanes.ts`). */
const atOnceAtMost = 8

/** By the standard schedule (± 20 %) the attempt after this many comes 96 to 144 minutes later. */
const attemptsMade = 3
const windowSeconds = 48 * 60

/** How much fuller than the mean the fullest second of that window may be. */
const timesMeanAtMost = 3

describe(`receivers for whom ${due} deliveries wait`, () => {
  test('and who have been down for an hour are not all asked again in the same seconds', async ({ expect }) => {
    const crowd = await aCrowd({ webhooks })
    try {
      const { receivers } = crowd
      let refused = 0
      receivers.manners = () => {
        refused += 1
        return 503
      }
      await stopWithDue(crowd, attemptsMade)
      await crowd.restart()
      await receivers.until(() => refused >= due, patienceMs)
      await crowd.server().stop()

      const { fullest, seconds, count } = wakesIn(crowd.storePath)
      const timesMean = Math.round((fullest / (count / windowSeconds)) * 100) / 100
      const figures = `fullest second ${timesMean} x the mean over the ${windowSeconds} s in which ${count} come again`
      row('R42', timesMean <= timesMeanAtMost, `${figures}, goal 3 x`)
      expect(count).toBe(due)
      expect(seconds).toBeLessThanOrEqual(windowSeconds + patienceMs / 1_000)
      expect(timesMean).toBeLessThanOrEqual(timesMeanAtMost)
    } finally {
      await crowd.close()
    }
  }, 300_000)

  test('get them after a restart no more than so many at once', async ({ expect }) => {
    const crowd = await aCrowd({ webhooks })
    try {
      const { receivers } = crowd
      receivers.delayOf = () => 5
      await stopWithDue(crowd, 0)
      const startedAt = performance.now()
      await crowd.restart()
      const isFirst = await receivers.until(() => receivers.acceptedTimes > 0, patienceMs)
      const firstMs = Math.round(performance.now() - startedAt)
      await receivers.until(() => receivers.acceptedTimes >= due, patienceMs)
      const perSecond = Math.round(due / webhooks / ((performance.now() - startedAt) / 1_000))

      const { mostAtOnce, acceptedTimes, repeated } = receivers
      const isOk = isFirst && mostAtOnce <= atOnceAtMost && acceptedTimes === due && repeated === 0
      const figures = `at most ${mostAtOnce} at once to each of ${webhooks} receivers after a restart with ${due} due`
      row('R42', isOk, `${figures}, goal ${atOnceAtMost}; ${perSecond}/s each, the first after ${firstMs} ms`)
      expect({ acceptedTimes, repeated }).toEqual({ acceptedTimes: due, repeated: 0 })
      expect(mostAtOnce).toBeLessThanOrEqual(atOnceAtMost)
    } finally {
      await crowd.close()
    }
  }, 300_000)
})

/** All of them are due the moment it starts again. */
async function stopWithDue(crowd: Crowd, made: number): Promise<void> {
  await crowd.server().stop()
  const now = Date.now()
  fillWithDue(crowd, { count: due, acceptedAt: now, dueAt: String(now), attemptsMade: made })
}

/** How the moments lie at which the deliveries come again. */
function wakesIn(storePath: string): { fullest: number; seconds: number; count: number } {
  const db = new DatabaseSync(storePath, { readOnly: true })
  const rows = db.prepare('select wake_at / 1000 as second, count(*) as count from due group by 1 order by 1').all()
  db.close()
  const counts = (rows as { second: number; count: number }[]).map(({ count }) => count)
  const [first, last] = [rows[0], rows.at(-1)] as { second: number }[]
  return {
    fullest: Math.max(...counts),
    seconds: (last?.second ?? 0) - (first?.second ?? 0),
    count: counts.reduce((sum, count) => sum + count, 0),
  }
}
