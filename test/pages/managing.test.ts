import { beforeEach, describe, expect, test } from 'vitest'
import { aSite } from './site.ts'

let site: Awaited<ReturnType<typeof aSite>>

beforeEach(async () => {
  site = await aSite()
})

/** Somebody who has no campaign yet, before the form for one. */
async function aNewcomer() {
  const browser = await site.aVisitor('mel')
  await browser.open('/campaigns/new')
  return browser
}

describe('somebody without a campaign', () => {
  test('finds on the first page where to start one, and logs in for it first', async () => {
    const stranger = site.aBrowser()

    expect((await stranger.open('/')).text).toContain('<a href="/campaigns/new">Start a campaign</a>')
    expect((await stranger.open('/campaigns/new')).location).toBe('/login?next=%2Fcampaigns%2Fnew')
  })

  test('starts one, and is told once that it is open', async () => {
    const browser = await aNewcomer()

    const sent = { creation_name: 'Woodcuts', vanity: 'Mel-Cuts', summary: 'One a week.\r\nOn pear.', pay: 'creation' }
    const { status, location } = await browser.send('/campaigns/new', sent)

    expect([status, location]).toEqual([303, '/c/mel-cuts/manage'])
    expect((await browser.open(location)).text).toContain(
      '<p class="said" role="status">Woodcuts is open to patrons.</p>',
    )
    expect((await browser.open(location)).text).not.toContain('is open to patrons')
    expect(await site.records.memberships.findCampaignByVanity('mel-cuts')).toMatchObject({
      ...{ creatorId: site.mel.id, creationName: 'Woodcuts', summary: 'One a week.\nOn pear.', isMonthly: false },
    })
  })

  test('is told at the field what is wrong, and finds there what was typed', async () => {
    const browser = await aNewcomer()

    const taken = await browser.send('/campaigns/new', { creation_name: '<b>Cuts</b>', vanity: 'cleo' })
    const odd = await browser.send('/campaigns/new', { creation_name: 'Cuts', vanity: '../cleo' })
    const nameless = await browser.send('/campaigns/new', { creation_name: ' ', vanity: 'cuts' })

    expect(taken.status).toBe(422)
    expect(taken.text).toMatch(/id="vanity-note">.*Another campaign is called &quot;cleo&quot;\./s)
    expect(taken.text).toContain('value="&lt;b&gt;Cuts&lt;/b&gt;"')
    expect(odd.text).toMatch(/value="\.\.\/cleo".*can&#39;t be a campaign&#39;s name in addresses/s)
    expect(nameless.text).toMatch(/id="creation_name-note">.*An empty text can&#39;t be kept\./s)
  })

  test('who sends the form twice has one campaign, and is led to it', async () => {
    const [browser, otherWindow] = [await aNewcomer(), await aNewcomer()]

    await browser.send('/campaigns/new', { creation_name: 'Cuts', vanity: 'cuts' })
    const again = await otherWindow.send('/campaigns/new', { creation_name: 'More cuts', vanity: 'more' })

    expect(again.location).toBe('/c/cuts/manage')
    expect(await site.records.memberships.listCampaignsOf(site.mel.id)).toHaveLength(1)
  })
})

describe('a creator', () => {
  test('comes from the campaign’s page to its figures and its parts', async () => {
    const browser = await site.aVisitor('cleo')
    const patron = await site.aVisitor('pat')
    await patron.open('/c/cleo')
    await patron.send('/c/cleo/pledge', { tier: site.tier.id })

    expect((await browser.open('/c/cleo')).text).toContain('href="/c/cleo/manage">Manage this campaign</a>')
    const { text } = await browser.open('/c/cleo/manage')

    expect(text).toContain('<dt>Patrons</dt><dd>1</dd>')
    expect(text).toContain('<dt>Members</dt><dd>1</dd>')
    expect(text).toContain('<dt>Pledged per month</dt><dd>$5.00</dd>')
    for (const part of ['details', 'tiers', 'posts', 'members']) expect(text).toContain(`href="/c/cleo/manage/${part}"`)
  })

  test('changes what the campaign says', async () => {
    const browser = await site.aVisitor('cleo')
    await browser.open('/c/cleo/manage/details')

    const said = { creation_name: 'Graphic novels', one_liner: 'In ink', summary: 'New', thanks_msg: '', nsfw: 'yes' }
    const { location } = await browser.send('/c/cleo/manage/details', said)

    expect((await browser.open(location)).text).toContain('Saved: this is what the campaign says now.')
    expect(await site.records.memberships.findCampaignByVanity('cleo')).toMatchObject({
      ...{ creationName: 'Graphic novels', oneLiner: 'In ink', summary: 'New', thanksMessage: null, isNsfw: true },
    })
  })

  test('is told what the campaign can’t say, with everything that was typed', async () => {
    const browser = await site.aVisitor('cleo')
    await browser.open('/c/cleo/manage/details')
    const long = 'x'.repeat(201)

    const page = await browser.send('/c/cleo/manage/details', {
      creation_name: 'a',
      one_liner: long,
      thanks_msg: '</textarea><b>',
    })

    expect(page.status).toBe(422)
    expect(page.text).toMatch(/id="one_liner-note">.*A text of 201 characters can&#39;t be kept; 200 can\./s)
    expect(page.text).toContain(`value="${long}"`)
    expect(page.text).toContain('>\n&lt;/textarea&gt;&lt;b&gt;</textarea>')
  })
})

describe('a tier', () => {
  test('is added, and patrons can choose it', async () => {
    const browser = await site.aVisitor('cleo')
    await browser.open('/c/cleo/manage/tiers/new')

    const offer = { title: 'Balcony', amount: '$7,50', description: 'A print', user_limit: '30', shipping: 'yes' }
    const { location } = await browser.send('/c/cleo/manage/tiers/new', offer)

    const { text } = await browser.open(location)
    expect(text).toContain('Patrons can choose “Balcony” from now on.')
    expect(text).toContain('0 of 30 places taken')
    expect((await site.records.memberships.listTiers(site.campaign.id)).at(-1)).toMatchObject({
      requiresShipping: true,
    })
    expect((await site.aBrowser().open('/c/cleo')).text).toMatch(/Balcony<\/strong> · \$7\.50/)
  })

  test('is added once when the form is sent twice, and another one is when it is sent again', async () => {
    const path = '/c/cleo/manage/tiers/new'
    const [browser, otherWindow] = [await site.aVisitor('cleo'), await site.aVisitor('cleo')]
    for (const window of [browser, otherWindow]) await window.open(path)

    const first = await browser.send(path, { title: 'Balcony', amount: '7' })
    const again = await otherWindow.send(path, { title: 'Balcony', amount: '7' })

    expect([first.status, again.status]).toEqual([303, 403])
    expect(again.text).toMatch(/role="alert">“Balcony” was made since this form was shown\..*value="Balcony"/s)
    expect(await site.records.memberships.listTiers(site.campaign.id)).toHaveLength(2)
    expect((await otherWindow.send(path, { title: 'Box', amount: '9' })).status).toBe(303)
  })

  test('can’t cost nothing or be for half a patron, and the form says so beside what was typed', async () => {
    const browser = await site.aVisitor('cleo')
    await browser.open('/c/cleo/manage/tiers/new')

    const free = await browser.send('/c/cleo/manage/tiers/new', { title: 'Balcony', amount: 'nothing' })
    const half = await browser.send('/c/cleo/manage/tiers/new', { title: 'Balcony', amount: '5', user_limit: '0.5' })

    expect([free.status, half.status]).toEqual([422, 422])
    expect(free.text).toMatch(/value="nothing".*id="amount-note">.*not a whole number of cents/s)
    expect(half.text).toMatch(/value="0\.5".*id="user_limit-note">.*no number of patrons/s)
    expect(await site.records.memberships.listTiers(site.campaign.id)).toHaveLength(1)
  })

  test('is edited, offered no more, and offered again', async () => {
    const browser = await site.aVisitor('cleo')
    const path = `/c/cleo/manage/tiers/${site.tier.id}`
    const fields = { title: 'First row', amount: '6', description: '', user_limit: '' }
    expect((await browser.open(path)).text).toContain('value="5.00"')

    const gone = await browser.send(path, fields)
    expect((await browser.open(gone.location)).text).toContain('“First row” is offered no more. Who has it keeps it.')
    expect((await site.aBrowser().open('/c/cleo')).text).not.toContain('First row')
    expect(await site.records.memberships.findTier(site.tier.id)).toMatchObject({ amountCents: 600, userLimit: null })

    await browser.open(path)
    const back = await browser.send(path, { ...fields, offered: 'yes' })
    expect((await browser.open(back.location)).text).toContain('Patrons can choose “First row” again.')
    expect((await site.aBrowser().open('/c/cleo')).text).toContain('First row')
  })
})
