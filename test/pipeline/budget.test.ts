import { describe, expect, test } from 'vitest'
import { seconds } from '#src/domain/time.ts'
import { Budget } from '#src/pipeline/budget.ts'
import { handClock } from '../hand-clock.ts'

const atOnce = 1_024

function aBudget({ unplanned = 0 } = {}) {
  const clock = handClock()
  const told: { refused: number }[] = []
  return { clock, told, budget: new Budget({ unplanned: () => unplanned, clock, told: (shed) => told.push(shed) }) }
}

describe('the budget of unsettled work', () => {
  test('bears 1,024 requests at a time, and the next when one of them is over', () => {
    const { budget } = aBudget()

    const over = Array.from({ length: atOnce }, () => budget.takeRequest(1_000))

    expect(() => budget.takeRequest(1)).toThrow('More is being published')
    over[0]?.()
    expect(() => budget.takeRequest(1)).not.toThrow()
  })

  test('counts the events of a batch, those on their way into the journal, and those that wait in it', async () => {
    const { budget } = aBudget({ unplanned: 8_000 })
    const never = new Promise<void>(() => {})

    void budget.takeEvents(1_000, () => never)

    await expect(budget.takeEvents(1_001, async () => {})).rejects.toMatchObject({ code: 'overloaded' })
    await budget.takeEvents(1_000, async () => {})
    await expect(budget.takeEvents(1_000, async () => 'again')).resolves.toBe('again')
  })

  test('bears no less after what could not be written', async () => {
    const { budget } = aBudget({ unplanned: 9_999 })
    const failed = async () => {
      throw new Error('the disk is full')
    }

    for (let count = 0; count < 3; count += 1) await expect(budget.takeEvents(1, failed)).rejects.toThrow('full')
  })

  test('tells the log of refusals once in ten seconds, with how many there were', () => {
    const { budget, clock, told } = aBudget({ unplanned: 10_001 })
    const refuse = (count: number) => {
      for (let left = count; left > 0; left -= 1) expect(() => budget.takeRequest(1)).toThrow()
    }

    refuse(100)
    clock.pass(seconds(10))
    refuse(1)

    expect(told.map(({ refused }) => refused)).toEqual([1, 100])
  })
})
