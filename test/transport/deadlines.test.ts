import { expect, test } from 'vitest'
import type { Clock } from '#src/clock.ts'
import { Deadlines, type Limited } from '#src/transport/deadlines.ts'
import { handClock } from '../hand-clock.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

function aLimited(name: string, expired: string[]): Limited {
  return { endsAt: 0, expire: () => expired.push(name) }
}

test('what is over in time does not expire, and the rest expires in its order', async () => {
  const clock = handClock()
  const deadlines = new Deadlines<Limited>(clock, 100)
  const expired: string[] = []
  const [one, two, three] = ['one', 'two', 'three'].map((name) => aLimited(name, expired))
  if (one === undefined || two === undefined || three === undefined) throw new Error('three were made')

  deadlines.add(one, clock.now())
  clock.pass(50)
  deadlines.add(two, clock.now())
  deadlines.add(three, clock.now())
  deadlines.remove(two)
  clock.pass(50)
  await settled()
  expect(expired).toEqual(['one'])

  clock.pass(49)
  await settled()
  expect(expired).toEqual(['one'])

  clock.pass(1)
  await settled()
  expect(expired).toEqual(['one', 'three'])
})

test('one sleeper serves for any number', async () => {
  const hand = handClock()
  let sleeping = 0
  const clock: Clock = {
    now: () => hand.now(),
    sleepUntil: (wakeAt, signal) => (sleeping++, hand.sleepUntil(wakeAt, signal)),
  }
  const deadlines = new Deadlines<Limited>(clock, 100)
  const expired: string[] = []

  for (let number = 0; number < 1_000; number++) deadlines.add(aLimited('one', expired), clock.now())

  expect(sleeping).toBe(1)
  hand.pass(100)
  await settled()
  expect(expired).toHaveLength(1_000)
})

test('closing gives back what was not over, and nothing expires later', async () => {
  const clock = handClock()
  const deadlines = new Deadlines<Limited>(clock, 100)
  const expired: string[] = []
  const one = aLimited('one', expired)
  deadlines.add(one, clock.now())

  expect(deadlines.close()).toEqual([one])

  clock.pass(100)
  await settled()
  expect(expired).toEqual([])
})
