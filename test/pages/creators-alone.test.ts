import { beforeEach, describe, expect, test } from 'vitest'
import { createCampaign } from '#src/membership/campaigns.ts'
import { pledge } from '#src/membership/pledges.ts'
import { publishPost } from '#src/membership/posts.ts'
import { as, linked } from '../membership/theatre.ts'
import { aSite, csrfIn, invite } from './site.ts'

let site: Awaited<ReturnType<typeof aSite>>
let memberId: string
let postId: string

beforeEach(async () => {
  site = await aSite()
  const { id: campaignId } = site.campaign
  const terms = { tierId: site.tier.id, amountCents: 500, capCents: null, patronPaysFees: false }
  await site.run(pledge, { actor: as(site.pat), campaignId, patronId: site.pat.id, terms, ...linked })
  memberId = (await site.records.members.findMemberOf({ campaignId, accountId: site.pat.id }))?.member.id ?? ''
  const text = { title: 'News', content: 'Secret', isPaid: false, isPublic: false, tierIds: [] }
  postId = (await site.run(publishPost, { actor: as(site.creator), campaignId, text, ...linked })).id
  // Somebody who has a campaign of their own, and no say in another's.
  const own = { vanity: 'mel', creationName: 'cuts', summary: '', isMonthly: true }
  await site.run(createCampaign, { actor: as(site.mel), creatorId: site.mel.id, ...own })
  site.happened.length = 0
})

/** Every page of the creator's, under a campaign's address. */
const pages = () => [
  ...['', '/details', '/tiers', '/tiers/new', `/tiers/${site.tier.id}`],
  ...['/posts', '/posts/new', `/posts/${postId}`, `/posts/${postId}/deletion`, '/members', `/members/${memberId}`],
]

/** Every form of the creator's. */
const forms = () => [
  ...['/details', '/tiers/new', `/tiers/${site.tier.id}`],
  ...['/posts/new', `/posts/${postId}`, `/posts/${postId}/deletion`],
  ...['declines', 'recoveries', 'refunds', 'note'].map((step) => `/members/${memberId}/${step}`),
]

/** Enough for each of the forms to do something. */
const filledIn = {
  ...{ creation_name: 'stolen', title: 'stolen', amount: '1', content: 'stolen', readers: 'everybody' },
  ...{ note: 'stolen', _csrf: '' },
}

async function everythingKept() {
  const { memberships, members, posts } = site.records
  const standing = await memberships.findStanding(site.campaign.id)
  return JSON.stringify([standing, await members.findMember(memberId), await posts.findPost(postId)])
}

describe('what a creator does', () => {
  test('is there for the creator', async () => {
    const creator = await site.aVisitor('cleo')

    for (const path of pages()) expect((await creator.open(`/c/cleo/manage${path}`)).status).toBe(200)
  })

  test('is there for operators', async () => {
    const operator = site.aBrowser()
    const welcome = `/welcome/${await invite(site, site.operator.id)}`
    await operator.open(welcome)
    await operator.send(welcome, { password: 'correct horse battery' })

    for (const path of pages()) expect((await operator.open(`/c/cleo/manage${path}`)).status).toBe(200)
    const { location } = await operator.send(`/c/cleo/manage/members/${memberId}/note`, { note: 'Seen' })
    expect((await operator.open(location)).text).toContain('The note is kept.')
  })

  test('is shown to no stranger, who logs in and comes back', async () => {
    const stranger = site.aBrowser()

    for (const path of pages().map((page) => `/c/cleo/manage${page}`)) {
      const { status, location, text } = await stranger.open(path)
      expect([status, location, text]).toEqual([303, `/login?next=${encodeURIComponent(path)}`, ''])
    }
  })

  test.each(['pat', 'mel'])('is shown to nobody else: %s', async (name) => {
    const other = await site.aVisitor(name)

    for (const path of pages()) {
      const { status, text } = await other.open(`/c/cleo/manage${path}`)
      expect(status).toBe(403)
      expect(text).not.toMatch(/@example\.test|Secret|<form method="post" action="\/c/)
    }
  })

  test('is done by nobody else, with a form of our own in their hand', async () => {
    const before = await everythingKept()
    const stranger = site.aBrowser()
    const others = [await site.aVisitor('pat'), await site.aVisitor('mel')]

    for (const path of forms().map((form) => `/c/cleo/manage${form}`)) {
      for (const other of others) {
        const csrf = csrfIn((await other.open('/')).text)
        expect((await other.send(path, { ...filledIn, _csrf: csrf })).status).toBe(403)
      }
      const csrf = csrfIn((await stranger.open('/login')).text)
      const { status, location } = await stranger.send(path, { ...filledIn, _csrf: csrf })
      expect([status, location]).toEqual([303, '/login?next=%2Fc%2Fcleo%2Fmanage'])
    }
    expect(await everythingKept()).toBe(before)
    expect(site.happened).toEqual([])
  })

  test('is not done by a form from another site, whoever is logged in', async () => {
    const before = await everythingKept()
    const creator = await site.aVisitor('cleo')

    for (const path of [...forms().map((form) => `/c/cleo/manage${form}`), '/campaigns/new']) {
      await creator.open('/c/nobody')
      const { status, text } = await creator.send(path, filledIn)
      expect([status, text.includes('This form is too old')]).toEqual([403, true])
    }
    expect(await everythingKept()).toBe(before)
    expect(site.happened).toEqual([])
  })

  test('reaches nothing of another campaign from one’s own, be both one’s own', async () => {
    const second = { vanity: 'cleo-too', creationName: 'songs', summary: '', isMonthly: true }
    await site.run(createCampaign, { actor: as(site.creator), creatorId: site.creator.id, ...second })
    const before = await everythingKept()

    for (const [name, vanity] of [
      ['mel', 'mel'],
      ['cleo', 'cleo-too'],
    ] as const) {
      const other = await site.aVisitor(name)
      const csrf = csrfIn((await other.open(`/c/${vanity}/manage`)).text)
      for (const path of pages().filter((page) => /\d/.test(page))) {
        expect((await other.open(`/c/${vanity}/manage${path}`)).status).toBe(404)
      }
      for (const path of forms().filter((form) => /\d/.test(form))) {
        expect((await other.send(`/c/${vanity}/manage${path}`, { ...filledIn, _csrf: csrf })).status).toBe(404)
      }
      expect((await other.open('/c/nobody/manage')).status).toBe(404)
    }
    expect(await everythingKept()).toBe(before)
    expect(site.happened).toEqual([])
  })

  test('works under a policy that allows no inline style or script', async () => {
    const creator = await site.aVisitor('cleo')

    for (const path of [...pages().map((page) => `/c/cleo/manage${page}`), `/posts/${postId}`]) {
      const { text, headers } = await creator.open(path)
      expect(text).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|javascript:/)
      expect(headers['cache-control']).toBe('no-store')
    }
  })
})
