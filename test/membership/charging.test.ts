import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { monthsAfter, turnOfMonth } from '#src/membership/charging.ts'

const moments = fc.integer({ min: Date.UTC(2013, 0, 1), max: Date.UTC(2100, 0, 1) })
const utc = (text: string) => Date.parse(`${text}Z`)

describe('the turn of the month', () => {
  test.each([
    ['2026-11-25T12:00', 1, '2026-12-01T00:00'],
    ['2026-12-31T23:59:59.999', 1, '2027-01-01T00:00'],
    ['2026-12-01T00:00', 1, '2027-01-01T00:00'],
    ['2026-11-25T12:00', 12, '2027-11-01T00:00'],
    ['2024-02-29T12:00', 12, '2025-02-01T00:00'],
  ] as const)('after %s and every %i months is %s', (from, months, turn) => {
    expect(turnOfMonth(utc(from), months)).toBe(utc(turn))
  })

  test('always lies ahead, and is the first moment of a month', () => {
    fc.assert(
      fc.property(moments, fc.constantFrom(1 as const, 12 as const), (from, months) => {
        const turn = turnOfMonth(from, months)
        expect(turn).toBeGreaterThan(from)
        expect(new Date(turn).toISOString()).toMatch(/^\d{4}-\d\d-01T00:00:00\.000Z$/)
      }),
    )
  })
})

describe('some months later', () => {
  test.each([
    ['2026-01-05T12:00', 2, '2026-03-05T12:00'],
    ['2026-01-31T12:00', 1, '2026-02-28T12:00'],
    ['2024-01-31T12:00', 1, '2024-02-29T12:00'],
    ['2026-11-30T23:59', 3, '2027-02-28T23:59'],
  ])('than %s, %i of them, is %s', (from, months, later) => {
    expect(monthsAfter(utc(from), months)).toBe(utc(later))
  })

  test('is in the month that was meant, at the same time of day', () => {
    fc.assert(
      fc.property(moments, fc.integer({ min: 1, max: 12 }), (from, months) => {
        const [before, after] = [new Date(from), new Date(monthsAfter(from, months))]
        expect(after.getUTCMonth()).toBe((before.getUTCMonth() + months) % 12)
        expect(after.toISOString().slice(10)).toBe(before.toISOString().slice(10))
      }),
    )
  })
})
