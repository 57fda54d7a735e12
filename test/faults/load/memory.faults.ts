import { test } from 'vitest'
import { row } from '../../process/ledger/rows.ts'
import { amount } from './amounts.ts'
import { fillWithDue } from './backlog.ts'
import { aCrowd, type Crowd, callAt } from './crowd.ts'
import { peakMemory, residentMemory } from './memory.ts'
import type { Manners } from './receivers.ts'

const webhooks = 300
const bodyBytes = 1_024
const waiting = amount('FAULTS_WAITING', 50_000)
const promisedMiB = 512

/** They become due in the next 24 hours, some every two minutes. */
const [hours, hourMs, everyMs] = [24, 3_600_000, 120_000]
const slots = (hours * hourMs) / everyMs

/** Long enough for the retries of what failed in the last hour. */
const extraHours = 1

/** Of so many one is refused at first, and comes again a few seconds later: a moment of its own. */
const refusedOneIn = 499

test(`a server that has ${waiting} deliveries to make in the next 24 hours makes all of them within ${promisedMiB} MiB`, async ({
  expect,
}) => {
  const crowd = await aCrowd({ webhooks, bodyBytes, environment: { TIDINGS_CLOCK: 'movable' } })
  try {
    const { receivers } = crowd
    receivers.manners = refusingSome()
    await crowd.server().stop()
    const now = Date.now()
    const dueAt = `${now + everyMs} + (n * 7919) % ${slots} * ${everyMs}`
    fillWithDue(crowd, { count: waiting, acceptedAt: now, dueAt })
    await crowd.restart()

    const { pid } = crowd.server()
    const hourly: number[] = []
    for (let hour = 1; hour <= hours + extraHours; hour += 1) {
      await moveTo(crowd, now + hour * hourMs)
      hourly.push(residentMemory(pid))
    }

    const peak = peakMemory(pid)
    const { acceptedTimes, repeated, wrong } = receivers
    const lost = waiting - (acceptedTimes - repeated)
    const flat = `after 1, 12 and 24 h: ${[1, 12, 24].map((hour) => hourly[hour - 1]).join(', ')} MiB`
    row(
      'R45',
      peak <= promisedMiB && lost === 0,
      `${peak} MiB with ${waiting} due in 24 h, goal 512 MiB; ${flat}; lost ${lost}`,
    )
    expect({ lost, repeated, wrong }).toEqual({ lost: 0, repeated: 0, wrong: 0 })
    expect(peak).toBeLessThanOrEqual(promisedMiB)
  } finally {
    await crowd.close()
  }
}, 1_500_000)

function refusingSome(): Manners {
  const refused = new Set<number>()
  return ({ number }) => {
    if (number % refusedOneIn !== 0 || refused.has(number)) return 200
    refused.add(number)
    return 500
  }
}

/** A call goes as far as it comes in 20 seconds. */
async function moveTo(crowd: Crowd, moment: number): Promise<void> {
  const to = new Date(moment).toISOString()
  for (;;) {
    const moved = await callAt<{ is_finished: boolean }>(crowd.door(), 'POST', '/api/v1/clock/moves', { to })
    if (moved.is_finished) return
  }
}
