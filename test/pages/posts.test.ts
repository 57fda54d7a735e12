import { beforeEach, describe, expect, test } from 'vitest'
import { createCampaign, createTier } from '#src/membership/campaigns.ts'
import { publishPost } from '#src/membership/posts.ts'
import { as, linked } from '../membership/theatre.ts'
import { aSite } from './site.ts'

let site: Awaited<ReturnType<typeof aSite>>

beforeEach(async () => {
  site = await aSite()
})

const triggers = () => site.happened.map(({ trigger }) => trigger)
const posts = '/c/cleo/manage/posts'

/** Publishes a post through the form and says its address. */
async function published(fields: Record<string, string>): Promise<string> {
  const creator = await site.aVisitor('cleo')
  await creator.open(`${posts}/new`)
  const answer = await creator.send(`${posts}/new`, { title: 'News', content: 'The secret', ...fields })
  expect(answer.location).toBe(posts)
  // As documents have it: what receivers are told leads to the page.
  return String(site.happened.at(-1)?.body.data.attributes['url'])
}

/** Somebody who pledges five dollars, with or without the tier. */
async function aPatron(tier: string) {
  const patron = await site.aVisitor('pat')
  await patron.open('/c/cleo')
  await patron.send('/c/cleo/pledge', { tier, amount: '5' })
  return patron
}

describe('a creator', () => {
  test('publishes a post, edits it and deletes it after a second question, and all three are told', async () => {
    const creator = await site.aVisitor('cleo')
    await creator.open(`${posts}/new`)

    const made = await creator.send(`${posts}/new`, { title: 'News', content: 'One\r\n\r\nTwo', readers: 'patrons' })
    const { id } = site.happened.at(-1)?.body.data ?? { id: '' }
    const list = (await creator.open(made.location)).text
    expect(list).toContain('“News” is published.')
    for (const path of [`${posts}/${id}`, `/posts/${id}`]) expect(list).toContain(`href="${path}"`)
    expect(site.happened.at(-1)?.body.data.attributes).toMatchObject({ content: 'One\n\nTwo', is_public: false })

    expect((await creator.open(`${posts}/${id}`)).text).toContain('>\nOne\n\nTwo</textarea>')
    const edited = await creator.send(`${posts}/${id}`, { title: 'Old news', content: 'Three', readers: 'everybody' })
    expect((await creator.open(edited.location)).text).toContain('“Old news” is saved.')

    expect((await creator.open(`${posts}/${id}/deletion`)).text).toContain('Delete this post?')
    const gone = await creator.send(`${posts}/${id}/deletion`)
    expect((await creator.open(gone.location)).text).toContain('“Old news” is deleted.')
    expect((await creator.open(`/posts/${id}`)).status).toBe(404)
    expect(triggers()).toEqual(['posts:publish', 'posts:update', 'posts:delete'])
  })

  test('is told at the field what is missing, and nothing is published', async () => {
    const creator = await site.aVisitor('cleo')
    await creator.open(`${posts}/new`)

    const nameless = await creator.send(`${posts}/new`, { title: '', content: 'Kept <i>text</i>' })
    const forNobody = await creator.send(`${posts}/new`, { title: 'News', readers: 'tiers' })

    expect([nameless.status, forNobody.status]).toEqual([422, 422])
    expect(nameless.text).toMatch(/id="title-note">.*An empty text can&#39;t be kept\..*Kept &lt;i&gt;text&lt;\/i&gt;/s)
    expect(forNobody.text).toMatch(/For whom<\/legend>\s*<p class="refusal" role="alert">Choose a tier/)
    expect(triggers()).toEqual([])
  })

  test('publishes once when the form is sent twice, and finds the text kept for another post', async () => {
    const [creator, otherWindow] = [await site.aVisitor('cleo'), await site.aVisitor('cleo')]
    for (const window of [creator, otherWindow]) await window.open(`${posts}/new`)

    const news = { title: 'News', content: 'One' }
    const first = await creator.send(`${posts}/new`, news)
    const again = await otherWindow.send(`${posts}/new`, news)

    expect([first.status, again.status]).toEqual([303, 403])
    expect(again.text).toMatch(/role="alert">“News” was made since this form was shown\..*>\nOne<\/textarea>/s)
    expect(triggers()).toEqual(['posts:publish'])
    expect((await otherWindow.send(`${posts}/new`, { title: 'More', content: 'Two' })).status).toBe(303)
  })

  test('is paid for a post where patrons pay by the creation, and is not asked elsewhere', async () => {
    const monthly = await site.aVisitor('cleo')
    expect((await monthly.open(`${posts}/new`)).text).not.toContain('charged')
    const own = { vanity: 'mel', creationName: 'cuts', summary: '', isMonthly: false }
    await site.run(createCampaign, { actor: as(site.mel), creatorId: site.mel.id, ...own })
    const creator = await site.aVisitor('mel')

    expect((await creator.open('/c/mel/manage/posts/new')).text).toContain('Patrons are charged for it')
    await creator.send('/c/mel/manage/posts/new', { title: 'Cut', paid: 'yes' })

    expect(site.happened.at(-1)?.body.data.attributes).toMatchObject({ title: 'Cut', is_paid: true })
  })

  test('sees twenty posts at once, the newest first, and the rest further on', async () => {
    for (let number = 1; number <= 21; number += 1) {
      const text = { title: `News ${number}`, content: '', isPaid: false, isPublic: true, tierIds: [] }
      await site.run(publishPost, { actor: as(site.creator), campaignId: site.campaign.id, text, ...linked })
    }
    const creator = await site.aVisitor('cleo')

    const first = await creator.open(posts)
    const further = /href="([^"]*\?after=\d+)"/.exec(first.text)?.[1] ?? ''
    const rest = await creator.open(further)

    expect(first.text).toMatch(/>News 21<.*>News 2</s)
    expect(first.text).not.toContain('>News 1<')
    expect(rest.text).toContain('>News 1<')
    expect(rest.text).not.toContain('?after=')
  })
})

describe('a post', () => {
  test('for everybody is read by strangers, at the address that documents have', async () => {
    const { status, text } = await site.aBrowser().open(await published({ readers: 'everybody' }))

    expect(status).toBe(200)
    expect(text).toContain('<p class="summary">The secret</p>')
    expect(text).toContain('for everybody')
  })

  test('for patrons is kept from strangers and from who pledges nothing, who are told how to read it', async () => {
    const path = await published({ readers: 'patrons' })

    const strangers = (await site.aBrowser().open(path)).text
    const members = (await (await site.aVisitor('mel')).open(path)).text

    for (const text of [strangers, members]) {
      expect(text).toContain('<h1>News</h1>')
      expect(text).not.toContain('The secret')
      expect(text).toContain('This post is for patrons. Become a patron to read it:')
      expect(text).toContain('href="/c/cleo"')
    }
    expect(strangers).toContain(`href="/login?next=${encodeURIComponent(path)}"`)
  })

  test('for patrons is read by patrons, until their payment is declined', async () => {
    const path = await published({ readers: 'patrons' })
    const patron = await aPatron('')
    expect((await patron.open(path)).text).toContain('The secret')

    const creator = await site.aVisitor('cleo')
    const member = (await site.records.members.listMembers(site.campaign.id, { after: null, limit: 1 }))[0]?.member
    await creator.open(`/c/cleo/manage/members/${member?.id}`)
    await creator.send(`/c/cleo/manage/members/${member?.id}/declines`)

    const { text } = await patron.open(path)
    expect(text).not.toContain('The secret')
    expect(text).toContain('your payment is declined')
  })

  test('for tiers is read by who has one of them, and leads the others to it', async () => {
    const offer = { title: 'Balcony', description: '', amountCents: 300, userLimit: null }
    const other = await site.run(createTier, { actor: as(site.creator), campaignId: site.campaign.id, ...offer })
    const path = await published({ readers: 'tiers', [`tier_${site.tier.id}`]: 'yes' })
    const patron = await aPatron(other.id)

    const { text } = await patron.open(path)
    expect(text).not.toContain('The secret')
    expect(text).toContain('This post is for “Front row”. Your pledge does not reach it yet:')
    expect(text).toContain(`href="/c/cleo?tier=${site.tier.id}"`)

    await patron.open('/c/cleo')
    await patron.send('/c/cleo/pledge', { tier: site.tier.id, amount: '' })
    expect((await patron.open(path)).text).toContain('The secret')
  })

  test('that is not public is read by its creator, who can edit it from there', async () => {
    const path = await published({ readers: 'tiers', [`tier_${site.tier.id}`]: 'yes' })

    const { text } = await (await site.aVisitor('cleo')).open(path)

    expect(text).toContain('The secret')
    expect(text).toContain(`href="/c/cleo/manage${path}"`)
  })

  test('with hostile content is shown as text, in paragraphs', async () => {
    const content =
      '<script>alert(1)</script>\n\n<img src=x onerror="alert(2)">\nsame\n \n</p></main><form action="//evil.test">'
    const path = await published({ readers: 'everybody', title: '</title><script>3</script>', content })

    const { text } = await site.aBrowser().open(path)

    expect(text).not.toMatch(/<script|<img|<form/)
    expect(text).toContain('<p class="summary">&lt;script&gt;alert(1)&lt;/script&gt;</p>')
    expect(text).toContain('&quot;alert(2)&quot;&gt;\nsame</p>')
    expect(text.match(/<p class="summary">/g)).toHaveLength(3)
  })

  test('that there is not is told by a page', async () => {
    for (const id of ['999', '1e3', '%00']) {
      const { status, text } = await site.aBrowser().open(`/posts/${id}`)
      expect(status).toBe(404)
      expect(text).toContain('There is no post')
    }
  })
})
