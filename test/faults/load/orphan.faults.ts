import { test } from 'vitest'
import { row } from '../../process/ledger/rows.ts'
import { aCrowd } from './crowd.ts'
import { pour } from './posting.ts'

const webhooks = 5
const perWebhook = 4
const count = webhooks * perWebhook

/** A receiver has fifteen seconds, a lease thirty; whoever asks the store anew need not wait for either. */
const boundMs = 45_000

test('what was under way when the server was killed is sent again soon after the next start', async ({ expect }) => {
  const crowd = await aCrowd({ webhooks })
  try {
    const { receivers } = crowd
    receivers.manners = () => 'nothing'
    await pour(crowd, { count, placeOf: (number) => number % webhooks })
    await receivers.until(() => receivers.unanswered === count, boundMs)
    await crowd.server().kill()
    receivers.recover()

    const startedAt = performance.now()
    await crowd.restart()
    const isAgain = await receivers.until(() => receivers.acceptedTimes >= count, boundMs)
    const took = Math.round(performance.now() - startedAt)

    row(
      'R21',
      isAgain,
      `${receivers.acceptedTimes} of ${count} killed in flight sent again ${took} ms after the start, goal 45 s`,
    )
    expect(receivers.acceptedTimes).toBe(count)
    expect(receivers.repeated).toBe(0)
  } finally {
    await crowd.close()
  }
}, 90_000)
