import { test } from 'vitest'
import { row } from '../../process/ledger/rows.ts'
import { amount } from './amounts.ts'
import { fillWithEnded } from './backlog.ts'
import { aCrowd, type Crowd, callAt } from './crowd.ts'
import { pace } from './posting.ts'
import { spreadOf, told } from './spread.ts'

const webhooks = 20
const attempts = amount('FAULTS_ATTEMPTS', 200_000)
const perDelivery = 2
const deliveries = attempts / perDelivery
const rate = 100
const seconds = 10
const patienceMs = 60_000
const promisedMs = 200

test(`a log of ${attempts} attempts can be listed, filtered and turned over while deliveries are made`, async ({
  expect,
}) => {
  const crowd = await aCrowd({ webhooks })
  try {
    await crowd.server().stop()
    fillWithEnded(crowd, { count: deliveries, acceptedAt: Date.now() - 3_600_000, attempts: perDelivery })
    await crowd.restart()
    const { receivers } = crowd

    let isOver = false
    const load = { rate, seconds, placeOf: (number: number) => number % webhooks, first: deliveries }
    const posting = pace(crowd, load).finally(() => (isOver = true))
    const [looked, { refused }] = await Promise.all([lookAround(crowd, () => isOver), posting])
    await receivers.until(() => receivers.acceptedTimes >= rate * seconds, patienceMs)

    const spread = spreadOf([...looked.values()].flat())
    const [slowest = ['', []]] = [...looked].sort(([, one], [, other]) => spreadOf(other).p99 - spreadOf(one).p99)
    const figures = `${told(spread)} for a page of ${attempts} attempts beside ${rate} events/s, goal p99 ${promisedMs} ms`
    row('R46', spread.p99 <= promisedMs, `${figures}; slowest ${slowest[0]}: ${told(spreadOf(slowest[1]))}`)
    expect(refused).toEqual([])
    expect(receivers.acceptedTimes).toBe(rate * seconds)
  } finally {
    await crowd.close()
  }
}, 900_000)

/** Asks for page after page of every kind, in turn, until it is over; how long each took. */
async function lookAround({ door, ids }: Crowd, isOver: () => boolean): Promise<Map<string, number[]>> {
  const [webhook = ''] = ids
  // Every so many of the events are for the first webhook.
  const middle = `${Math.round(deliveries / 2 / webhooks) * webhooks + 1}-${webhook}`
  const pages = [
    '/deliveries?limit=50',
    `/deliveries?limit=50&before=${middle}`,
    `/deliveries?limit=50&webhook_id=${webhook}`,
    `/deliveries?limit=50&webhook_id=${webhook}&before=${middle}`,
    '/deliveries?limit=50&status=delivered',
    '/deliveries?limit=50&status=exhausted',
    '/deliveries?limit=50&status=due',
    `/deliveries?limit=50&status=exhausted&webhook_id=${webhook}`,
    `/deliveries?limit=50&status=due&webhook_id=${webhook}`,
    '/deliveries?event_id=before-000000010',
    `/deliveries/${middle}`,
    '/events?limit=50',
    `/webhooks/${webhook}`,
  ]
  const looked = new Map<string, number[]>(pages.map((page) => [page, []]))
  while (!isOver()) {
    for (const page of pages) {
      const since = performance.now()
      await callAt(door(), 'GET', `/api/v1${page}`)
      looked.get(page)?.push(performance.now() - since)
    }
  }
  return looked
}
