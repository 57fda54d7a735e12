import { beforeEach, describe, expect, test } from 'vitest'
import { join } from '#src/membership/members.ts'
import { pledge } from '#src/membership/pledges.ts'
import { as, linked } from '../membership/theatre.ts'
import { aSite, type Browser } from './site.ts'

let site: Awaited<ReturnType<typeof aSite>>

beforeEach(async () => {
  site = await aSite()
})

const members = '/c/cleo/manage/members'

/** The creator before the page of a patron who paid five dollars. */
async function beforeAPatron(): Promise<{ creator: Browser; path: string }> {
  const terms = { tierId: site.tier.id, amountCents: 500, capCents: null, patronPaysFees: false }
  const { id: campaignId } = site.campaign
  await site.run(pledge, { actor: as(site.pat), campaignId, patronId: site.pat.id, terms, ...linked })
  const found = await site.records.members.findMemberOf({ campaignId, accountId: site.pat.id })
  const path = `${members}/${found?.member.id}`
  const creator = await site.aVisitor('cleo')
  await creator.open(path)
  site.happened.length = 0
  return { creator, path }
}

const triggers = () => site.happened.map(({ trigger }) => trigger)

describe('the members of a campaign', () => {
  test('are listed with tier, standing and charges', async () => {
    const { creator, path } = await beforeAPatron()
    const free = { actor: as(site.mel), campaignId: site.campaign.id, accountId: site.mel.id, isFollower: false }
    await site.run(join, { ...free, ...linked })

    const { text } = await creator.open(members)

    expect(text).toContain(`<a href="${path}">pat</a> · patron<br>\nFront row, $5.00 per month`)
    expect(text).toMatch(/Last charge: paid, <time datetime="2017-08-01T/)
    expect(text).toMatch(/Next charge: <time datetime="2017-09-01T00:00:00.000Z">/)
    expect(text).toMatch(/mel<\/a> · free member<br>\s*<span class="faint">Last charge: none<br>Next charge: none/)
  })

  test('are shown twenty at once, and the rest further on', async () => {
    for (let number = 1; number <= 21; number += 1) {
      const about = {
        email: `m${number}@example.test`,
        fullName: `Member ${number}.`,
        vanity: null,
        passwordHash: null,
      }
      const account = await site.records.accounts.insert({ ...about, role: 'member' }, 0)
      const place = { campaignId: site.campaign.id, accountId: account.id }
      await site.run(join, { ...place, actor: as(account), isFollower: number === 21, ...linked })
    }
    const creator = await site.aVisitor('cleo')

    const first = (await creator.open(members)).text
    const rest = (await creator.open(/href="([^"]*\?after=\d+)"/.exec(first)?.[1] ?? '')).text

    expect(first).toMatch(/>Member 1\.<.*>Member 20\.</s)
    expect(first).not.toContain('Member 21.')
    expect(rest).toMatch(/>Member 21\.<\/a> · follower/)
    expect(rest).not.toContain('Member 20.')
    expect(rest).toContain(`<a href="${members}">To the beginning</a>`)
    expect(rest).not.toContain('?after=')
  })

  test('are told of in an empty list too, and by a cursor of somebody’s own making', async () => {
    const creator = await site.aVisitor('cleo')

    expect((await creator.open(members)).text).toContain('Nobody belongs to this campaign yet.')
    expect((await creator.open(`${members}?after=7e1`)).status).toBe(200)
  })
})

describe('a member', () => {
  test('is shown with everything that happened to the pledge', async () => {
    const { creator, path } = await beforeAPatron()

    const { text } = await creator.open(path)

    expect(text).toContain('<h1>pat</h1>')
    expect(text).toContain('<dt>Paid in all</dt><dd>$5.00</dd>')
    expect(text).toMatch(/Charge paid: \$5\.00 for “Front row”.*Pledge began: \$5\.00 for “Front row”/s)
  })

  test('is declined and recovered, and the page says so and offers what is possible next', async () => {
    const { creator, path } = await beforeAPatron()

    const declined = await creator.send(`${path}/declines`)
    const after = await creator.open(declined.location)
    expect(after.text).toContain('<p class="said" role="status">The charge of pat is declined.</p>')
    expect(after.text).toContain('patron, payment declined')
    expect(after.text).not.toContain('Decline the charge')

    const recovered = await creator.send(`${path}/recoveries`)
    const now = await creator.open(recovered.location)
    expect(now.text).toContain('The charge of pat is recovered.')
    expect(now.text).toContain('Decline the charge')
    expect(triggers()).toEqual(['members:update', 'members:update'])
  })

  test('can’t be declined twice or recovered twice, and the reason stands with the form that was sent', async () => {
    const { creator, path } = await beforeAPatron()
    const otherWindow = await site.aVisitor('cleo')
    await otherWindow.open(path)

    await creator.send(`${path}/declines`)
    const declinedTwice = await otherWindow.send(`${path}/declines`)
    await creator.open(path)
    await creator.send(`${path}/recoveries`)
    const recoveredTwice = await otherWindow.send(`${path}/recoveries`)

    expect([declinedTwice.status, recoveredTwice.status]).toEqual([409, 409])
    expect(declinedTwice.text).toMatch(/\/declines">(?:(?!<\/form>).)*role="alert">This member is not charged/s)
    expect(recoveredTwice.text).toMatch(
      /\/recoveries">(?:(?!<\/form>).)*role="alert">No charge of this member is declined/s,
    )
    expect(triggers()).toEqual(['members:update', 'members:update'])
  })

  test('gets the last payment back, and only that one when the form is sent twice', async () => {
    const { creator, path } = await beforeAPatron()
    await creator.send(`${path}/declines`)
    await creator.open(path)
    await creator.send(`${path}/recoveries`)
    await creator.open(path)

    const twice = await Promise.all([creator.send(`${path}/refunds`), creator.send(`${path}/refunds`)])

    expect(twice.map(({ status }) => status).sort((one, other) => one - other)).toEqual([303, 409])
    const refused = twice.find(({ status }) => status === 409)?.text ?? ''
    expect(refused).toMatch(
      /members\/[^"]*\/refunds">.*role="alert">Another payment is the last one by now\..*Refund the last payment/s,
    )
    expect((await creator.open(path)).text).toContain('<dt>Paid in all</dt><dd>$5.00</dd>')
    expect(triggers()).toEqual(['members:update', 'members:update', 'members:update'])
  })

  test('has a note, which is kept when it can be and stays in the field when it can’t', async () => {
    const { creator, path } = await beforeAPatron()

    const kept = await creator.send(`${path}/note`, { note: 'Likes\r\ncats' })
    const { text } = await creator.open(kept.location)
    expect(text).toContain('The note is kept.')
    expect(text).toContain('>\nLikes\ncats</textarea>')

    const long = await creator.send(`${path}/note`, { note: '<'.repeat(1001) })
    expect(long.status).toBe(422)
    expect(long.text).toMatch(/id="note-note">.*A text of 1001 characters can&#39;t be kept; 1000 can\./s)
    expect(long.text).toContain('&lt;'.repeat(1001))
    expect(triggers()).toEqual(['members:update'])
  })
})
