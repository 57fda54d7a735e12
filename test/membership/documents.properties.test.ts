import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { emailLimit, fullNameLimit } from '#src/domain/account.ts'
import { bodyLimitBytes } from '#src/domain/event.ts'
import { largestPledgeCents, tiersPerCampaignLimit } from '#src/domain/membership.ts'
import { wireBytes } from '#src/domain/wire-json.ts'
import { creationNameLimit, descriptionLimit, summaryLimit, titleLimit } from '#src/membership/campaigns.ts'
import { pledgeDocument, type Scene } from '#src/membership/documents/pledge.ts'
import { campaign, creator, linkBase, patron, pledge, tier } from './world.ts'

const text = fc.string({ unit: 'binary', maxLength: 40 })
const moment = fc.integer({ min: 0, max: Date.UTC(2200, 0, 1) })
const cents = fc.integer({ min: 100, max: largestPledgeCents })

const scenes: fc.Arbitrary<Scene> = fc
  .record({ name: text, summary: text, title: text, amountCents: cents, at: moment, limit: fc.option(fc.nat(100)) })
  .map(({ name, summary, title, amountCents, at, limit }) => ({
    pledge: { ...pledge, amountCents, createdAt: at, declinedSince: limit === null ? null : at },
    standing: {
      campaign: { ...campaign, creationName: title, summary, publishedAt: null },
      tiers: [{ ...tier, title, description: summary, userLimit: limit }],
      patronCount: 12,
      pledgeSumCents: amountCents,
    },
    creator: { account: creator, campaignId: campaign.id },
    patron: { account: { ...patron, fullName: name }, campaignId: null },
  }))

describe('whatever people write, the document of their pledge', () => {
  test('is ASCII, has its keys sorted, and reads back as what it was made from', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        const document = pledgeDocument(scene, linkBase)
        const bytes = Buffer.from(wireBytes(document))

        expect(bytes.every((byte) => byte >= 0x20 && byte < 0x7f)).toBe(true)
        const again: unknown = JSON.parse(bytes.toString('ascii'), (_key, value: unknown) => {
          if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
          expect(Object.keys(value)).toEqual(Object.keys(value).sort())
          return value
        })
        expect(again).toEqual(document)
      }),
    )
  })

  test('has no number that JavaScript and Python would print differently', () => {
    fc.assert(
      fc.property(scenes, (scene) => {
        JSON.parse(wireBytes(pledgeDocument(scene, linkBase)).toString(), (_key, value: unknown) => {
          if (typeof value === 'number') expect(Number.isSafeInteger(value)).toBe(true)
          return value
        })
      }),
    )
  })

  test('fits into an event when everything is as long as it may be', () => {
    const longest = (limit: number) => '☕'.repeat(limit)
    const account = { ...patron, email: 'e'.repeat(emailLimit), fullName: longest(fullNameLimit) }
    const full = { ...tier, title: longest(titleLimit), description: longest(descriptionLimit) }
    const scene: Scene = {
      pledge,
      standing: {
        campaign: { ...campaign, creationName: longest(creationNameLimit), summary: longest(summaryLimit) },
        tiers: Array.from({ length: tiersPerCampaignLimit }, (_, index) => ({ ...full, id: `${10 ** 14 + index}` })),
        patronCount: 10 ** 6,
        pledgeSumCents: 10 ** 12,
      },
      creator: { account: { ...account, id: creator.id }, campaignId: campaign.id },
      patron: { account, campaignId: null },
    }

    expect(wireBytes(pledgeDocument(scene, linkBase)).length).toBeLessThan(bodyLimitBytes)
  })
})
