import { beforeEach, describe, expect, test } from 'vitest'
import { aSite, invite } from './site.ts'

let site: Awaited<ReturnType<typeof aSite>>

beforeEach(async () => {
  site = await aSite()
})

/** What v1 tells of what was done. */
const ofV1 = (happened: readonly { trigger: string }[]) =>
  happened.map(({ trigger }) => trigger).filter((trigger) => trigger.startsWith('pledges:'))

describe('logging in', () => {
  test('leads to where somebody wanted to go, under a new session', async () => {
    const browser = site.aBrowser()
    await browser.open('/login?next=%2Fc%2Fcleo%3Ftier%3D1')
    const before = browser.sessionCookie()

    const page = await browser.send('/login', { email: 'PAT@example.test', password: 'pat has a password' })

    expect([page.status, page.location]).toEqual([303, '/c/cleo?tier=1'])
    expect(browser.sessionCookie()).not.toBe(before)
    expect((await browser.open('/')).text).toContain('Hello, pat')
  })

  test('never leads to another server', async () => {
    const browser = site.aBrowser()
    await browser.open('/login?next=%2F%2Fevil.test')

    expect((await browser.send('/login', { email: 'pat@example.test', password: 'pat has a password' })).location).toBe(
      '/',
    )
  })

  test('says the same of a wrong password, an unknown e-mail address and an account without a password', async () => {
    const texts = new Set<string>()
    for (const email of ['pat@example.test', 'nobody@example.test', 'opal@example.test']) {
      const browser = site.aBrowser()
      await browser.open('/login')
      const page = await browser.send('/login', { email, password: 'something else' })
      expect(page.status).toBe(401)
      texts.add(page.text.replace(email, '…').replace(/name="_csrf"\s+value="[^"]*"/, ''))
    }

    expect(texts.size).toBe(1)
  })

  test('is refused after ten attempts in a minute', async () => {
    const browser = site.aBrowser()
    const statuses: number[] = []
    for (let attempt = 0; attempt < 11; attempt += 1) {
      await browser.open('/login')
      statuses.push((await browser.send('/login', { email: 'pat@example.test', password: 'guess' })).status)
    }

    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(401))
    expect(statuses[10]).toBe(429)
  })

  test('ends with logging out', async () => {
    const browser = await site.aVisitor('pat')
    await browser.open('/')

    expect((await browser.send('/logout')).status).toBe(303)
    expect((await browser.open('/')).text).toContain('<a href="/login">Log in</a>')
  })

  test('with a form that is not from here is refused, and says what to do', async () => {
    const browser = site.aBrowser()

    const page = await browser.send('/login', { email: 'pat@example.test', password: 'pat has a password' })

    expect(page.status).toBe(403)
    expect(page.text).toContain('This form is too old')
  })
})

describe('a one-time link', () => {
  test('lets somebody choose a password once, and logs them in', async () => {
    const browser = site.aBrowser()
    const path = `/welcome/${await invite(site, site.operator.id)}`
    expect((await browser.open(path)).text).toContain('Welcome, opal')

    const page = await browser.send(path, { password: 'correct horse battery' })

    expect([page.status, page.location]).toEqual([303, '/'])
    expect((await browser.open('/')).text).toContain('Hello, opal')
    expect((await browser.open(path)).status).toBe(404)
  })

  test('is not spent by a password that is too short', async () => {
    const browser = site.aBrowser()
    const path = `/welcome/${await invite(site, site.operator.id)}`
    await browser.open(path)

    const page = await browser.send(path, { password: 'short' })

    expect(page.status).toBe(422)
    expect(page.text).toContain('A password has 10 to 200 characters; this one has 5.')
    expect((await browser.open(path)).status).toBe(200)
  })
})

describe('a campaign', () => {
  test('shows strangers what it offers and where to log in', async () => {
    const page = await site.aBrowser().open('/c/cleo')

    expect(page.status).toBe(200)
    expect(page.text).toContain('Front row')
    expect(page.text).toContain(`href="/login?next=%2Fc%2Fcleo%3Ftier%3D${site.tier.id}"`)
    expect(page.text).not.toContain('<form')
    expect(page.headers['set-cookie']).toBeUndefined()
  })

  test('takes a patron, an edit and a cancellation, each with its event', async () => {
    const browser = await site.aVisitor('pat')

    await browser.open('/c/cleo')
    expect((await browser.send('/c/cleo/pledge', { tier: site.tier.id, amount: '' })).location).toBe('/c/cleo')
    expect((await browser.open('/c/cleo')).text).toContain('You pledge $5.00 per month')
    await browser.send('/c/cleo/pledge', { tier: '', amount: '7.50', fees: 'yes' })
    expect((await browser.open('/c/cleo')).text).toContain('You pledge $7.50 per month')
    await browser.send('/c/cleo/cancellation')

    expect((await browser.open('/c/cleo')).text).toContain('<h2>Become a patron</h2>')
    expect(ofV1(site.happened)).toEqual(['pledges:create', 'pledges:update', 'pledges:delete'])
  })

  test('keeps what was typed and says at the field what is wrong', async () => {
    const browser = await site.aVisitor('pat')
    await browser.open('/c/cleo')

    const page = await browser.send('/c/cleo/pledge', { tier: site.tier.id, amount: '"3"><script>' })
    const low = await browser.send('/c/cleo/pledge', { tier: site.tier.id, amount: '3' })

    expect(page.status).toBe(422)
    expect(page.text).toContain('value="&quot;3&quot;&gt;&lt;script&gt;"')
    expect(low.text).toMatch(/id="amount-note">.*“Front row” costs \$5\.00, and \$3\.00 is less\./s)
    expect(site.happened).toEqual([])
  })

  test('takes one form that was sent twice for one pledge', async () => {
    const browser = await site.aVisitor('pat')
    await browser.open('/c/cleo')
    const twice = await Promise.all([1, 2].map(() => browser.send('/c/cleo/pledge', { tier: '', amount: '5' })))

    expect(twice.map(({ status }) => status).sort((one, other) => one - other)).toEqual([303, 409])
    expect(ofV1(site.happened)).toEqual(['pledges:create'])
  })

  test('takes twelve months at once, and says so', async () => {
    const browser = await site.aVisitor('pat')
    await browser.open('/c/cleo')

    await browser.send('/c/cleo/pledge', { tier: '', amount: '5', yearly: 'yes' })

    expect((await browser.open('/c/cleo')).text).toContain('You pledge $5.00 per month, paid by the year')
    expect(site.happened.at(-1)?.body.data.attributes).toMatchObject({
      pledge_cadence: 12,
      will_pay_amount_cents: 6000,
    })
  })

  test('takes a free member and lets them go', async () => {
    const browser = await site.aVisitor('pat')

    await browser.open('/c/cleo')
    expect((await browser.send('/c/cleo/membership')).location).toBe('/c/cleo')
    const page = await browser.open('/c/cleo')
    expect(page.text).toContain('You are a member, and pledge nothing.')
    await browser.send('/c/cleo/departure')

    expect((await browser.open('/c/cleo')).text).toContain('Join free')
    expect(site.happened.map(({ trigger }) => trigger)).toEqual(['members:create', 'members:delete'])
  })

  test('has no form for its own creator', async () => {
    const browser = await site.aVisitor('cleo')

    const page = await browser.open('/c/cleo')

    expect(page.text).toContain('This campaign is yours.')
    expect(page.text).not.toContain('/c/cleo/pledge')
  })

  test('is found by the addresses that documents have', async () => {
    const browser = site.aBrowser()
    const { campaign, tier, creator } = site

    expect((await browser.open(`/bePatron?c=${campaign.id}&rid=${tier.id}`)).location).toBe(`/c/cleo?tier=${tier.id}`)
    expect((await browser.open(`/bePatron?c=${campaign.id}&rid=-1`)).location).toBe('/c/cleo')
    expect((await browser.open(`/user?u=${creator.id}`)).location).toBe('/c/cleo')
    expect((await browser.open('/bePatron?c=999')).status).toBe(404)
    expect((await browser.open(`/checkout/cleo?rid=${tier.id}`)).location).toBe(`/c/cleo?tier=${tier.id}`)
    expect((await browser.open(`/checkout/${campaign.id}`)).location).toBe('/c/cleo')
    expect((await browser.open('/checkout/nobody')).status).toBe(404)
    expect((await browser.open('/c/nobody')).text).toContain('There is no campaign of this name.')
  })
})

describe('every page', () => {
  test('works under a policy that allows no inline style or script', async () => {
    const browser = await site.aVisitor('pat')
    for (const path of ['/', '/c/cleo', '/c/nobody']) {
      const { text, headers } = await browser.open(path)
      expect(text).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|javascript:/)
      expect(headers['cache-control']).toBe('no-store')
    }
  })

  test.each(['/assets/pages.css', '/assets/portrait.svg', '/assets/cover.svg'])('finds %s', async (path) => {
    expect((await site.aBrowser().open(path)).status).toBe(200)
  })
})
