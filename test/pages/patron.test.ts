import { beforeEach, describe, expect, test } from 'vitest'
import { declineCharge } from '#src/membership/charges.ts'
import { give } from '#src/membership/gifts.ts'
import { pledge } from '#src/membership/pledges.ts'
import { as, linked } from '../membership/theatre.ts'
import { aSite, csrfIn, invite } from './site.ts'

let site: Awaited<ReturnType<typeof aSite>>

beforeEach(async () => {
  site = await aSite()
})

const triggers = () => site.happened.splice(0).map(({ trigger }) => trigger)
const terms = { amountCents: 500, tierId: null, capCents: null, patronPaysFees: false }

/** Somebody pledges five dollars a month. */
const aPledgeOf = (who: 'pat' | 'mel') => {
  const place = { campaignId: site.campaign.id, patronId: site[who].id }
  return site.run(pledge, { actor: as(site[who]), ...place, terms, ...linked })
}

/** Somebody pledges, and their charge is declined. */
async function aDeclinedPatron(who: 'pat' | 'mel') {
  await aPledgeOf(who)
  const memberId = (await memberOf(who))?.member.id ?? ''
  await site.run(declineCharge, { actor: as(site.creator), memberId, ...linked })
  site.happened.splice(0)
  return memberId
}

const memberOf = (who: 'pat' | 'mel') =>
  site.records.members.findMemberOf({ campaignId: site.campaign.id, accountId: site[who].id })

describe('somebody who pays nothing', () => {
  test('follows, then joins free, and is offered only what they are not yet', async () => {
    const browser = await site.aVisitor('pat')
    await browser.open('/c/cleo')

    await browser.send('/c/cleo/following')
    const follower = await browser.open('/c/cleo')
    expect(follower.text).toContain('You follow this campaign.')
    expect(follower.text).not.toContain('/c/cleo/following')
    await browser.send('/c/cleo/membership')
    const member = await browser.open('/c/cleo')
    expect(member.text).toContain('You are a member, and pledge nothing.')
    expect(member.text).not.toContain('Join free')

    await browser.send('/c/cleo/departure')
    expect((await browser.open('/c/cleo')).text).toContain('You have left.')
    expect((await browser.open('/c/cleo')).text).not.toContain('You have left.')
    expect(triggers()).toEqual(['members:create', 'members:update', 'members:delete'])
  })

  test('is told on the campaign’s page when a form was sent twice', async () => {
    const browser = await site.aVisitor('pat')
    await browser.open('/c/cleo')
    const twice = await Promise.all([1, 2].map(() => browser.send('/c/cleo/following')))

    const refused = twice.find(({ status }) => status === 409)
    expect(refused?.text).toMatch(/role="alert">This account is a member of this campaign already/)
    expect(refused?.text).toContain('Unfollow')
    expect(triggers()).toEqual(['members:create'])
  })

  test('tries a tier once, and is told so when an old form asks again', async () => {
    const browser = await site.aVisitor('pat')
    await browser.open('/c/cleo')
    const old = await browser.send('/c/cleo/trial', { tier: site.tier.id, days: '14' })
    expect(old.location).toBe('/c/cleo')
    const page = await browser.open('/c/cleo')
    expect(page.text).toContain('You try “Front row” for nothing until')
    expect(page.text).not.toContain('/c/cleo/trial')
    await browser.send('/c/cleo/cancellation')

    await browser.open('/c/cleo')
    const again = await browser.send('/c/cleo/trial', { tier: site.tier.id, days: '14', ...(await token(browser)) })
    expect(again.status).toBe(403)
    expect(again.text).toContain('role="alert">A trial is for who never pledged here.')
  })

  test('is told beside the trial what was wrong with it, and what was chosen is kept', async () => {
    const browser = await site.aVisitor('pat')
    await browser.open('/c/cleo')

    const unknown = await browser.send('/c/cleo/trial', { tier: '999', days: '30' })
    const long = await browser.send('/c/cleo/trial', { tier: site.tier.id, days: '31' })

    expect(unknown.text).toMatch(/id="tier-note">.*There is no tier &quot;999&quot;/)
    expect(unknown.text).toMatch(/<option value="30" selected>/)
    expect(long.text).toMatch(/id="days-note">.*31 is too little or too much/)
    expect(triggers()).toEqual([])
  })
})

/** The token of another form on the page that was opened last; each form of a page has the same. */
async function token(browser: Awaited<ReturnType<typeof site.aVisitor>>) {
  const { text } = await browser.open('/c/cleo')
  return { _csrf: csrfIn(text) }
}

describe('a declined charge', () => {
  test('is told to its patron, who pays it', async () => {
    await aDeclinedPatron('pat')
    const browser = await site.aVisitor('pat')
    const page = await browser.open('/c/cleo')
    expect(page.text).toMatch(/Your last charge was declined<\/strong> on <time datetime="2017-08-01T04:00/)
    expect(page.text).toContain('$5.00 is charged when you pay.')

    expect((await browser.send('/c/cleo/payment')).location).toBe('/c/cleo')

    expect((await browser.open('/c/cleo')).text).not.toContain('declined')
    expect(triggers()).toEqual(['members:update'])
  })

  test('is paid once, however often the button is pressed', async () => {
    await aDeclinedPatron('pat')
    const browser = await site.aVisitor('pat')
    await browser.open('/c/cleo')
    const twice = await Promise.all([1, 2].map(() => browser.send('/c/cleo/payment')))

    expect(twice.find(({ status }) => status === 409)?.text).toContain('No charge of this member is declined.')
    expect(triggers()).toEqual(['members:update'])
    expect((await memberOf('pat'))?.member.lifetimeCents).toBe(1000)
  })
})

describe('somebody who was given a membership', () => {
  test('sees until when, can’t edit it, and can give it up to pledge', async () => {
    const gift = { campaignId: site.campaign.id, patronId: site.pat.id, tierId: site.tier.id, months: 3 }
    await site.run(give, { actor: as(site.creator), ...gift, ...linked })
    const browser = await site.aVisitor('pat')

    const page = await browser.open('/c/cleo')
    expect(page.text).toMatch(/You were given “Front row”\. .*<time datetime="2017-11-01T/)
    expect(page.text).not.toContain('/c/cleo/pledge')
    expect((await browser.open('/')).text).toContain('a gift, since')

    await browser.open('/c/cleo')
    await browser.send('/c/cleo/cancellation')
    expect((await browser.open('/c/cleo')).text).toContain('<h2>Become a patron</h2>')
  })
})

/** The operator, who has just chosen a password. */
async function anOperator() {
  const browser = site.aBrowser()
  const path = `/welcome/${await invite(site, site.operator.id)}`
  await browser.open(path)
  await browser.send(path, { password: 'correct horse battery' })
  return browser
}

describe('nobody acts for somebody else', () => {
  const forms = ['pledge', 'cancellation', 'membership', 'following', 'departure', 'payment', 'trial', 'gift']

  test.each([...forms.map((form) => `/c/cleo/${form}`), '/address'])('by having a browser send to %s', async (path) => {
    const browser = await site.aVisitor('pat')
    await browser.open('/c/nobody')

    const fields = { tier: site.tier.id, days: '7', months: '1', email: 'mel@example.test', city: 'Ulm', country: 'DE' }
    expect((await browser.send(path, fields)).status).toBe(403)

    expect(site.happened).toEqual([])
    expect(await site.records.members.findAddress(site.pat.id)).toBeNull()
  })

  test('with the number of somebody else’s pledge in a form', async () => {
    const { id } = await aPledgeOf('mel')
    site.happened.splice(0)
    const browser = await site.aVisitor('pat')

    await browser.open('/c/cleo')
    const edit = await browser.send('/c/cleo/pledge', { pledge: id, amount: '100' })
    const cancel = await browser.send('/c/cleo/cancellation', { pledge: id, ...(await token(browser)) })

    expect([edit.status, cancel.status]).toEqual([409, 409])
    expect(cancel.text).toContain(`Pledge &quot;${id}&quot; has ended.`)
    expect(site.happened).toEqual([])
  })

  test.each(['pat', 'cleo', 'opal'])('with somebody else’s membership in a form, as %s', async (name) => {
    const memberId = await aDeclinedPatron('mel')
    const browser = name === 'opal' ? await anOperator() : await site.aVisitor(name)

    for (const form of ['payment', 'departure']) {
      await browser.open('/c/cleo')
      const { _csrf } = await token(browser)
      expect((await browser.send(`/c/cleo/${form}`, { member: memberId, _csrf })).status).toBe(404)
    }

    expect(site.happened).toEqual([])
    expect((await memberOf('mel'))?.pledge?.declinedSince).not.toBeNull()
  })

  test('who is not logged in: every form leads to log-in and does nothing', async () => {
    const browser = site.aBrowser()
    await browser.open('/login')
    const page = await browser.open('/login')
    const _csrf = csrfIn(page.text)

    for (const form of forms) {
      expect((await browser.send(`/c/cleo/${form}`, { _csrf })).location).toMatch(/^\/login\?next=%2Fc%2Fcleo/)
    }
    expect((await browser.send('/address', { _csrf })).location).toBe('/login?next=%2Faddress')
    expect(site.happened).toEqual([])
  })

  test('a creator joins, tries or follows nothing of their own', async () => {
    const browser = await site.aVisitor('cleo')
    for (const form of ['membership', 'following', 'trial', 'pledge']) {
      const fields = { tier: site.tier.id, days: '7', amount: '5', ...(await token(browser)) }
      const page = await browser.send(`/c/cleo/${form}`, fields)
      expect(page.status).toBe(403)
      expect(page.text).toMatch(/role="alert">A creator cannot/)
    }
    expect(site.happened).toEqual([])
  })
})
