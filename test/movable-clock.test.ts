import { expect, test } from 'vitest'
import { days, hours, seconds } from '#src/domain/time.ts'
import { movableClock } from '#src/movable-clock.ts'
import { handClock } from './hand-clock.ts'

const settled = () => new Promise((resolve) => setImmediate(resolve))

function aClock({ ahead = 0 } = {}) {
  const machine = handClock()
  const kept: number[] = []
  const clock = movableClock(machine, ahead, (length) => kept.push(length))
  return { machine, clock, kept, begin: machine.now() }
}

test('a clock goes like the machine’s, as far ahead as it was', () => {
  const { machine, clock, begin } = aClock({ ahead: days(3) })

  machine.pass(hours(1))

  expect(clock.now()).toBe(begin + days(3) + hours(1))
})

test('whoever sleeps until then wakes up when it is moved, and nobody else does', async () => {
  const { machine, clock, begin } = aClock()
  const woken: string[] = []
  void clock.sleepUntil(begin + days(1)).then(() => woken.push('first'))
  void clock.sleepUntil(begin + days(3)).then(() => woken.push('second'))

  clock.moveTo(begin + days(2))
  await settled()
  expect(woken).toEqual(['first'])
  machine.pass(days(1) - 1)
  await settled()
  expect(woken).toEqual(['first'])

  machine.pass(1)
  await settled()
  expect(woken).toEqual(['first', 'second'])
})

test('a sleep ends when its signal aborts, before and after a move', async () => {
  const { machine, clock, begin } = aClock()
  const enough = new AbortController()
  let isAwake = false
  void clock.sleepUntil(begin + days(3), enough.signal).then(() => (isAwake = true))

  clock.moveTo(begin + days(1))
  await settled()
  expect(isAwake).toBe(false)
  enough.abort()
  await settled()

  expect(isAwake).toBe(true)
  await clock.sleepUntil(begin + days(9), enough.signal)
  expect(machine.nextWake()).toBe(null)
})

test('it never goes back, and how far it is ahead is kept before anybody sees it', () => {
  const machine = handClock()
  const begin = machine.now()
  const seen: [kept: number, now: number][] = []
  const clock = movableClock(machine, 0, (length) => seen.push([length, clock.now() - begin]))

  clock.moveTo(begin + days(2))
  clock.moveTo(begin + days(1))
  machine.pass(seconds(1))

  expect(seen).toEqual([[days(2), 0]])
  expect(clock.now() - begin).toBe(days(2) + seconds(1))
})

test('it stays where it is when that can’t be kept', () => {
  const machine = handClock()
  const clock = movableClock(machine, 0, () => {
    throw new Error('the disk is full')
  })

  expect(() => clock.moveTo(machine.now() + days(1))).toThrow('the disk is full')

  expect(clock.now()).toBe(machine.now())
})
