import { beforeEach, describe, expect, test } from 'vitest'
import { createCampaign, createTier } from '#src/membership/campaigns.ts'
import { declineCharge, recoverCharge } from '#src/membership/charges.ts'
import { join } from '#src/membership/members.ts'
import { pledge } from '#src/membership/pledges.ts'
import { as, linked } from '../membership/theatre.ts'
import { aSite } from './site.ts'

let site: Awaited<ReturnType<typeof aSite>>

beforeEach(async () => {
  site = await aSite()
})

/** Pat pledges five dollars a month, by the year. */
async function aPatron() {
  const terms = { amountCents: 500, tierId: site.tier.id, capCents: null, patronPaysFees: false }
  const place = { campaignId: site.campaign.id, patronId: site.pat.id }
  await site.run(pledge, { actor: as(site.pat), ...place, terms, cadenceMonths: 12, ...linked })
  const found = await site.records.members.findMemberOf({ campaignId: site.campaign.id, accountId: site.pat.id })
  return found?.member.id ?? ''
}

describe('the memberships of a person', () => {
  test('are listed with what is pledged, what is charged next, and where each is changed', async () => {
    const id = await aPatron()
    const browser = await site.aVisitor('pat')

    const { text } = await browser.open('/memberships')

    expect((await browser.open('/')).text).toContain('href="/memberships"')
    expect(text).toContain('Front row, $5.00 per month, paid by the year')
    expect(text).toMatch(/\$60\.00, <time datetime="2018-08-01T00:00/)
    expect(text).toContain('href="/c/cleo"')
    expect(text).toContain(`href="/memberships/${id}"`)
    expect(text).not.toContain('declined')
  })

  test('say which charge is declined', async () => {
    const memberId = await aPatron()
    await site.run(declineCharge, { actor: as(site.creator), memberId, ...linked })
    const browser = await site.aVisitor('pat')

    expect((await browser.open('/memberships')).text).toContain('Your last charge was declined.')
    expect((await browser.open('/')).text).toContain('; the last charge was declined')
  })

  test('are told how to get one where there is none', async () => {
    expect((await (await site.aVisitor('pat')).open('/memberships')).text).toContain('You belong to no campaign yet.')
  })

  test('go on behind the twentieth', async () => {
    const creators = [site.creator, site.mel, site.operator]
    for (let count = 1; count <= 21; count += 1) {
      const creator = creators[count % creators.length] ?? site.creator
      const about = { vanity: `c${count}`, creationName: `number ${count}`, summary: '', isMonthly: true }
      const { id } = await site.run(createCampaign, { actor: as(creator), creatorId: creator.id, ...about })
      const place = { campaignId: id, accountId: site.pat.id }
      await site.run(join, { actor: as(site.pat), ...place, isFollower: count % 2 === 0, ...linked })
    }
    const browser = await site.aVisitor('pat')

    const first = (await browser.open('/memberships')).text
    const further = /href="(\/memberships\?after=\d+)"/.exec(first)?.[1] ?? ''
    const second = (await browser.open(further)).text

    const named = (text: string) => [...text.matchAll(/number \d+<\/a>/g)].length
    expect([named(first), named(second)]).toEqual([20, 1])
    expect(second).toContain('number 21')
    expect(second).not.toContain('?after=')
    expect((await browser.open('/memberships?after=nonsense')).text).toContain('number 1<')
  })

  test('have a history, the newest first, which goes on behind the fiftieth entry', async () => {
    const memberId = await aPatron()
    for (let count = 0; count < 25; count += 1) {
      await site.run(declineCharge, { actor: as(site.creator), memberId, ...linked })
      await site.run(recoverCharge, { actor: as(site.pat), memberId, ...linked })
    }
    const browser = await site.aVisitor('pat')

    const first = (await browser.open(`/memberships/${memberId}`)).text
    const further = /href="(\/memberships\/[^"]*after=\d+)"/.exec(first)?.[1] ?? ''
    const second = (await browser.open(further)).text

    expect(entries(first)).toHaveLength(50)
    expect(entries(first).slice(0, 2)).toEqual(['Charge paid: $60.00', 'Charge declined: $60.00'])
    expect(entries(second)).toEqual(['Charge paid: $60.00', 'Pledge began: $5.00'])
  })

  test('are nobody else’s to see', async () => {
    const id = await aPatron()

    for (const name of ['mel', 'cleo']) {
      const browser = await site.aVisitor(name)
      expect((await browser.open(`/memberships/${id}`)).status).toBe(404)
      expect((await browser.open('/memberships')).text).not.toContain('comics')
    }
    expect((await site.aBrowser().open('/memberships')).location).toBe('/login?next=%2Fmemberships')
    expect((await site.aBrowser().open(`/memberships/${id}`)).location).toBe(`/login?next=%2Fmemberships%2F${id}`)
  })
})

const entries = (text: string): string[] => [...text.matchAll(/<li>([^<]*) for “/g)].map(([, entry = '']) => entry)

describe('an address', () => {
  const typed = { addressee: 'Pat', line1: '1 Long "Lane"', city: 'Ulm', country: 'de' }

  test('is kept, and shown where it can be changed', async () => {
    const browser = await site.aVisitor('pat')
    expect((await browser.open('/memberships')).text).toContain('You keep none.')
    await browser.open('/address')

    expect((await browser.send('/address', typed)).location).toBe('/address')

    const page = await browser.open('/address')
    expect(page.text).toContain('Your address is kept.')
    expect(page.text).toContain('value="1 Long &quot;Lane&quot;"')
    expect((await browser.open('/memberships')).text).toContain('Things are sent to Ulm, DE.')
    expect(await site.records.members.findAddress(site.mel.id)).toBeNull()
  })

  test.each([
    [{ country: 'Germany' }, /id="country-note">.*is no country/s],
    [{ city: '' }, /id="city-note"><p class="refusal"/],
    [{ line1: 'x'.repeat(201) }, /id="line1-note"><p class="refusal"/],
  ])('that can’t be kept, %j, is refused at the field, and what was typed is kept', async (wrong, told) => {
    const browser = await site.aVisitor('pat')
    await browser.open('/address')

    const page = await browser.send('/address', { ...typed, ...wrong })

    expect(page.status).toBe(422)
    expect(page.text).toMatch(told)
    expect(page.text).toContain('value="Pat"')
    expect(await site.records.members.findAddress(site.pat.id)).toBeNull()
  })

  test('is asked for where a tier comes by post, until it is kept', async () => {
    const offer = { title: 'Prints', description: '', amountCents: 900, userLimit: null, requiresShipping: true }
    await site.run(createTier, { actor: as(site.creator), campaignId: site.campaign.id, ...offer })
    const browser = await site.aVisitor('pat')

    const asking = (await browser.open('/c/cleo')).text
    await browser.open(/href="(\/address\?[^"]*)">Say where things shall be sent/.exec(asking)?.[1] ?? '')
    expect((await browser.send('/address', typed)).location).toBe('/c/cleo')

    const page = (await browser.open('/c/cleo')).text
    expect(page).toContain('Your address is kept.')
    expect(page).toMatch(/Prints<\/strong> · \$9\.00 · by post/)
    expect(page).not.toContain('you keep none yet')
  })

  test('leads back to where somebody came from, and never to another server', async () => {
    const browser = await site.aVisitor('pat')

    await browser.open('/address?next=%2Fc%2Fcleo')
    expect((await browser.send('/address', typed)).location).toBe('/c/cleo')
    await browser.open('/address?next=%2F%2Fevil.test')
    expect((await browser.send('/address', typed)).location).toBe('/')
  })
})
