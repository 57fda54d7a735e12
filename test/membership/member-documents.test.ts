import { describe, expect, test } from 'vitest'
import type { Audience } from '#src/domain/event.ts'
import type { Address, Member } from '#src/domain/member.ts'
import { memberTriggers, postTriggers } from '#src/domain/trigger.ts'
import { wireBytes } from '#src/domain/wire-json.ts'
import { type MemberScene, memberDocument } from '#src/membership/documents/v2/member-event.ts'
import { exampleBody } from '#src/membership/examples.ts'
import { memberBody } from './member-body.ts'
import { campaign, linkBase, patron, pledge, scene } from './world.ts'

const member: Member = {
  id: '0b6f1b1e-6a53-4b0a-9d63-3a1d7b2c9e10',
  number: 1,
  campaignId: campaign.id,
  accountId: patron.id,
  isFollower: false,
  note: '',
  joinedAt: Date.UTC(2023, 10, 1),
  leftAt: null,
  pledgeStartedAt: Date.UTC(2023, 10, 1, 10, 20, 30, 123),
  lastChargeAt: Date.UTC(2024, 0, 2, 3, 4, 5),
  lastChargeStatus: 'Paid',
  nextChargeAt: Date.UTC(2024, 1, 1),
  lifetimeCents: 1500,
}

const address: Address = {
  id: '61',
  accountId: patron.id,
  addressee: 'Zoë',
  line1: '1 Long Lane',
  line2: null,
  postalCode: '12345',
  city: 'Ulm',
  state: null,
  country: 'DE',
  phoneNumber: null,
  createdAt: Date.UTC(2024, 0, 1),
}

const memberScene: MemberScene = {
  standing: { member, account: patron, pledge },
  campaign: scene.standing,
  ownCampaignId: null,
  address: null,
}

type Document = {
  data: { id: string; type: string; attributes: Record<string, unknown>; relationships: Record<string, unknown> }
  included: { type: string; id: string; attributes: Record<string, unknown> }[]
  links: { self: string }
}

const textFor = (audience: Audience, changed: Partial<MemberScene> = {}): string =>
  Buffer.from(wireBytes(memberDocument({ ...memberScene, ...changed }, audience, linkBase))).toString('latin1')
const documentFor = (audience: Audience, changed: Partial<MemberScene> = {}): Document =>
  JSON.parse(textFor(audience, changed)) as Document

describe('the document of a member', () => {
  test('is the same to the byte as what receivers were written against', () => {
    expect(textFor(1)).toBe(memberBody)
  })

  test('tells the e-mail address to those alone who may know it, and never with the user', () => {
    const telling = ([0, 1, 2, 3] as const).filter((audience) => 'email' in documentFor(audience).data.attributes)

    expect(telling).toEqual([1, 3])
    for (const audience of [1, 3] as const) expect(textFor(audience).split(patron.email)).toHaveLength(2)
  })

  test('tells the postal address to those alone who may know it', () => {
    const toldTo = (audience: Audience) => documentFor(audience, { address })

    for (const audience of [0, 1] as const) expect(textFor(audience, { address })).not.toContain(address.line1)
    for (const audience of [2, 3] as const) {
      expect(toldTo(audience).data.relationships['address']).toEqual({
        data: { id: '61', type: 'address' },
        links: { related: `${linkBase}/api/oauth2/v2/address/61` },
      })
      expect(toldTo(audience).included.at(-1)).toMatchObject({ type: 'address', attributes: { line_1: '1 Long Lane' } })
    }
  })

  test('has no tiers for a patron whose charge is declined', () => {
    const declined = { ...pledge, declinedSince: Date.UTC(2024, 1, 1) }
    const { data, included } = documentFor(0, { standing: { member, account: patron, pledge: declined } })

    expect(data.attributes).toMatchObject({ patron_status: 'declined_patron', currently_entitled_amount_cents: 0 })
    expect(data.relationships['currently_entitled_tiers']).toEqual({ data: [] })
    expect(included.map(({ type }) => type)).toEqual(['campaign', 'user'])
  })

  test('tells what a year costs where the patron pays by the year, and of a gift that nobody pays', () => {
    const told = (changed: object) =>
      documentFor(0, { standing: { member, account: patron, pledge: { ...pledge, ...changed } } }).data.attributes

    expect(told({ cadenceMonths: 12 })).toMatchObject({ pledge_cadence: 12, will_pay_amount_cents: 6000 })
    expect(told({ kind: 'gift' })).toMatchObject({ is_gifted: true, will_pay_amount_cents: 0, next_charge_date: null })
  })
})

describe('the examples', () => {
  const example = (trigger: Parameters<typeof exampleBody>[0]) =>
    JSON.parse(Buffer.from(exampleBody(trigger, linkBase)).toString()) as Document

  test.each(memberTriggers)('of %s has everything that was captured, the campaign first', (trigger) => {
    const captured = JSON.parse(memberBody) as Document
    const { data, included, links } = example(trigger)

    expect(Object.keys(data.attributes)).toEqual(Object.keys(captured.data.attributes))
    expect(Object.keys(data.relationships)).toEqual(Object.keys(captured.data.relationships))
    for (const [index, resource] of included.entries()) {
      expect(Object.keys(resource.attributes)).toEqual(Object.keys(captured.included[index]?.attributes ?? {}))
    }
    expect(included[0]?.type).toBe('campaign')
    expect(links.self).toBe(`${linkBase}/api/oauth2/v2/members/${data.id}`)
  })

  test('tell a free member, a patron, and one who left, as they were captured', () => {
    const status = (trigger: Parameters<typeof exampleBody>[0]) => {
      const { patron_status, last_charge_status, pledge_cadence } = example(trigger).data.attributes
      return [patron_status, last_charge_status, pledge_cadence]
    }

    expect(status('members:create')).toEqual([null, null, null])
    expect(status('members:pledge:create')).toEqual(['active_patron', 'Paid', 1])
    expect(status('members:pledge:delete')).toEqual(['former_patron', 'Deleted', null])
  })

  test.each(postTriggers)('of %s is a post with who wrote it and where', (trigger) => {
    const { data, included, links } = example(trigger)

    expect(Object.keys(data.attributes)).toEqual(
      'app_id app_status content embed_data embed_url is_paid is_public published_at tiers title url'.split(' '),
    )
    expect(data.relationships).toEqual({
      campaign: {
        data: { id: '2001', type: 'campaign' },
        links: { related: `${linkBase}/api/oauth2/v2/campaigns/2001` },
      },
      user: { data: { id: '1001', type: 'user' }, links: { related: `${linkBase}/api/oauth2/v2/user/1001` } },
    })
    expect(included.map(({ type }) => type)).toEqual(['campaign', 'user'])
    expect(links.self).toBe(`${linkBase}/api/oauth2/v2/posts/${data.id}`)
  })
})
