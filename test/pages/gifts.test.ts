import { beforeEach, describe, expect, test } from 'vitest'
import type { Account } from '#src/domain/account.ts'
import { createCampaign, createTier } from '#src/membership/campaigns.ts'
import { join } from '#src/membership/members.ts'
import { pledge } from '#src/membership/pledges.ts'
import { as, linked } from '../membership/theatre.ts'
import { aSite } from './site.ts'

let site: Awaited<ReturnType<typeof aSite>>
let wide: string

beforeEach(async () => {
  site = await aSite()
  const offer = { title: 'Wide', description: '', amountCents: 300, userLimit: null }
  const { id } = await site.run(createTier, { actor: as(site.creator), campaignId: site.campaign.id, ...offer })
  wide = id
  await joins(site.mel)
})

/** Somebody joins free, and nobody looks at what that fires. */
async function joins(person: Account) {
  const place = { campaignId: site.campaign.id, accountId: person.id }
  await site.run(join, { actor: as(person), ...place, isFollower: false, ...linked })
  site.happened.splice(0)
}

/** Somebody gives a tier for three months, and reads what comes of it. */
async function given(by: string, email: string) {
  const browser = await site.aVisitor(by)
  await browser.open('/c/cleo/gift')
  const answer = await browser.send('/c/cleo/gift', { email, tier: wide, months: '3' })
  const page = answer.status === 303 ? await browser.open(answer.location) : answer
  return { status: answer.status, text: page.text.replaceAll(email, '…').replaceAll(/name="_csrf" value="[^"]*"/g, '') }
}

describe('a gift of a patron’s', () => {
  test('is the friend’s at once, as a gift, for as long as was said', async () => {
    const page = await given('pat', ' MEL@example.test ')

    expect(page.text).toContain(
      'who follows this campaign or has joined it, and pledges nothing yet, they have the tier now',
    )
    expect(site.happened.map(({ trigger }) => trigger)).toEqual([
      ...['pledges:create', 'members:update', 'members:pledge:create'],
    ])
    expect(site.happened.at(-1)?.body.data.attributes).toMatchObject({ is_gifted: true, will_pay_amount_cents: 0 })
    const place = { campaignId: site.campaign.id, patronId: site.mel.id }
    const { kind, freeUntil } = (await site.records.memberships.findOpenPledge(place)) ?? {}
    expect([kind, new Date(freeUntil ?? 0).toISOString().slice(0, 7)]).toEqual(['gift', '2017-11'])
  })

  test('tells nobody who has an account, who pledges, or whose campaign it is', async () => {
    const terms = { amountCents: 500, tierId: null, capCents: null, patronPaysFees: false }
    const place = { campaignId: site.campaign.id, patronId: site.operator.id }
    await site.run(pledge, { actor: as(site.operator), ...place, terms, ...linked })
    site.happened.splice(0)

    const pages = new Set<string>()
    for (const email of ['nobody@example.test', 'opal@example.test', 'cleo@example.test', 'mel@example.test']) {
      pages.add(JSON.stringify(await given('pat', email)))
    }

    expect(pages.size).toBe(1)
    // Only Mel could have it.
    expect(site.happened.filter(({ trigger }) => trigger === 'pledges:create')).toHaveLength(1)
  })

  test('makes nobody a member who has not joined, and says nothing of it', async () => {
    const toMember = await given('pat', 'mel@example.test')
    site.happened.splice(0)
    const toStranger = await given('pat', 'opal@example.test')

    expect(toStranger).toEqual(toMember)
    expect(site.happened).toEqual([])
  })

  test.each([
    [{ email: 'pat@example.test' }, /id="email-note">.*your own address/s],
    [{ email: 'not an address' }, /id="email-note">.*no e-mail address/s],
    [{ months: '13' }, /id="months-note">.*13 is too little or too much/s],
    [{ months: 'many' }, /id="months-note">.*too little or too much/s],
    [{ tier: '999' }, /id="tier-note">.*There is no tier/s],
  ])('that can’t be given so, %j, is refused at the field, and what was typed is kept', async (wrong, told) => {
    const browser = await site.aVisitor('pat')
    await browser.open('/c/cleo/gift')
    const sent = { email: 'mel@example.test', tier: wide, months: '3', ...wrong }

    const page = await browser.send('/c/cleo/gift', sent)

    expect(page.status).toBeGreaterThanOrEqual(400)
    expect(page.text).toMatch(told)
    expect(page.text).toContain(`value="${sent.email}"`)
    expect(site.happened).toEqual([])
  })

  test('is refused after ten in a minute', async () => {
    const browser = await site.aVisitor('pat')
    const statuses: number[] = []
    for (let count = 0; count < 11; count += 1) {
      await browser.open('/c/cleo/gift')
      statuses.push((await browser.send('/c/cleo/gift', { email: `x${count}@example.test`, tier: wide })).status)
    }

    expect(statuses[10]).toBe(429)
  })

  test('is none where no tier has a place left', async () => {
    const about = { vanity: 'bare', creationName: 'nothing', summary: '', isMonthly: true }
    await site.run(createCampaign, { actor: as(site.creator), creatorId: site.creator.id, ...about })
    const browser = await site.aVisitor('pat')

    const page = await browser.open('/c/bare/gift')

    expect(page.text).toContain('There is nothing to give')
    expect(page.text).not.toContain('action="/c/bare/gift"')
  })
})

describe('a gift of the creator’s', () => {
  test('to somebody who has not joined is refused as one to nobody is', async () => {
    const [stranger, nobody] = [await given('cleo', 'opal@example.test'), await given('cleo', 'nobody@example.test')]

    expect(stranger).toEqual(nobody)
    expect(site.happened).toEqual([])
  })

  test('is confirmed, because they see their members anyway', async () => {
    expect((await given('cleo', 'mel@example.test')).text).toContain('Your gift has arrived: … has the tier now.')
  })

  test('to an address that nobody has, or to a patron, is refused with the reason', async () => {
    await given('cleo', 'mel@example.test')

    const [unknown, twice] = [await given('cleo', 'nobody@example.test'), await given('cleo', 'mel@example.test')]

    expect([unknown.status, twice.status]).toEqual([404, 409])
    expect(unknown.text).toMatch(/id="email-note">.*Nobody with the e-mail address .* has joined this campaign/s)
    expect(twice.text).toMatch(/role="alert">This patron pledges to this campaign already/)
  })
})
