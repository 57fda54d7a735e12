import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { largestPledgeCents, type PledgeTerms, smallestPledgeCents } from '#src/domain/membership.ts'
import { amount, centsIn, dollars } from '#src/domain/money.ts'
import { Refusal } from '#src/domain/refusal.ts'
import { mustBeAcceptable, type Situation } from '#src/membership/terms.ts'
import { campaign, pledge, tier } from './world.ts'

const fullTier = { ...tier, userLimit: 12 }
const open: Situation = {
  standing: { campaign, tiers: [tier], patronCount: 12, pledgeSumCents: 0 },
  tier,
  current: null,
}
const full: Situation = { ...open, standing: { ...open.standing, tiers: [fullTier] }, tier: fullTier }

const terms: PledgeTerms = { amountCents: 500, tierId: tier.id, capCents: null, patronPaysFees: false }

function refusalOf(changed: Partial<PledgeTerms>, situation: Situation = open): string | null {
  try {
    mustBeAcceptable({ ...terms, ...changed }, situation)
    return null
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return `${error.code} at ${error.detail.field}`
  }
}

const withoutTier: Situation = { ...open, tier: null }

describe('an amount', () => {
  test.each([-500, 0, 99, 500.5, Number.NaN, Number.POSITIVE_INFINITY, largestPledgeCents + 1, 2 ** 60])(
    'of %d cents is refused',
    (amountCents) => {
      expect(refusalOf({ amountCents, tierId: null }, withoutTier)).toBe('amount_invalid at amount_cents')
    },
  )

  test.each([smallestPledgeCents, 500, largestPledgeCents])('of %d cents can be pledged', (amountCents) => {
    expect(refusalOf({ amountCents, tierId: null }, withoutTier)).toBeNull()
  })

  test('below what the tier costs is refused, and above is welcome', () => {
    expect(refusalOf({ amountCents: 499 })).toBe('amount_invalid at amount_cents')
    expect(refusalOf({ amountCents: 501 })).toBeNull()
  })
})

describe('a limit for the month', () => {
  test('must reach for one pledge', () => {
    expect(refusalOf({ capCents: 499 })).toBe('amount_invalid at pledge_cap_cents')
    expect(refusalOf({ capCents: 500 })).toBeNull()
  })

  test.each([-1, 1000.5, Number.NaN, largestPledgeCents + 1])('of %d cents is refused', (capCents) => {
    expect(refusalOf({ capCents })).toBe('amount_invalid at pledge_cap_cents')
  })
})

describe('a tier', () => {
  test('that nobody offers is unknown', () => {
    expect(refusalOf({ tierId: '999' }, withoutTier)).toBe('tier_not_found at tier_id')
  })

  test('of another campaign is refused', () => {
    const strange = { ...open, tier: { ...tier, campaignId: '400999' } }

    expect(refusalOf({}, strange)).toBe('tier_of_another_campaign at tier_id')
  })

  test('that is full takes nobody else', () => {
    expect(refusalOf({}, full)).toBe('tier_full at tier_id')
  })

  test('that is full keeps whoever has a place, and takes nobody who had another tier', () => {
    expect(refusalOf({}, { ...full, current: pledge })).toBeNull()
    expect(refusalOf({}, { ...full, current: { ...pledge, tierId: null } })).toBe('tier_full at tier_id')
  })
})

describe('an amount in words', () => {
  test.each([
    ['5', 500],
    ['$5', 500],
    [' 5.00 ', 500],
    ['5,5', 550],
    ['0.05', 5],
    ['19.99', 1999],
    ['-5', -500],
  ])('%j is %d cents', (text, cents) => {
    expect(centsIn(text)).toBe(cents)
  })

  test.each(['', 'five', '5.005', '1e3', '0x10', '5.', '.5', '5 000', '99999999999'])('%j is none', (text) => {
    expect(centsIn(text)).toBeNaN()
  })

  test('reads back as what was written', () => {
    fc.assert(
      fc.property(fc.nat(10 * largestPledgeCents), (cents) => {
        expect(centsIn(amount(cents))).toBe(cents)
        expect(centsIn(dollars(cents))).toBe(cents)
      }),
    )
  })
})
