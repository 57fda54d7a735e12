import { beforeEach, describe, expect, test } from 'vitest'
import { keepAddress } from '#src/membership/addresses.ts'
import { takeCharge } from '#src/membership/charges.ts'
import { tryOut } from '#src/membership/gifts.ts'
import { join, noteOn } from '#src/membership/members.ts'
import { cancelPledge, editPledge, pledge } from '#src/membership/pledges.ts'
import { as, aTheatre, linked, type Theatre } from './theatre.ts'

let theatre: Theatre

beforeEach(async () => {
  theatre = await aTheatre()
})

const terms = (amountCents: number) => ({ amountCents, tierId: null, capCents: null, patronPaysFees: false })
const pat = () => ({ actor: as(theatre.pat), campaignId: theatre.campaign.id, patronId: theatre.pat.id, ...linked })
const memberOf = async () => {
  const { records, campaign, pat } = theatre
  const standing = await records.members.findMemberOf({ campaignId: campaign.id, accountId: pat.id })
  if (standing === null) throw new Error('pat is no member')
  return standing.member
}
const historyOf = async () => await theatre.records.members.listPledgeEvents([(await memberOf()).number])

describe('the history of a pledge', () => {
  test('has its start, its charges, every change of the amount and its end', async () => {
    const { run, tier } = theatre
    const made = await run(pledge, { ...pat(), terms: { ...terms(500), tierId: tier.id } })
    const more = await run(editPledge, { ...pat(), pledgeId: made.id, terms: terms(900) })
    const same = await run(editPledge, { ...pat(), pledgeId: more.id, terms: { ...terms(900), patronPaysFees: true } })
    const less = await run(editPledge, { ...pat(), pledgeId: same.id, terms: terms(200) })
    const { id: memberId, nextChargeAt } = await memberOf()
    await run(takeCharge, { memberId, dueAt: nextChargeAt ?? 0, ...linked })
    await run(cancelPledge, { ...pat(), pledgeId: less.id })

    const history = (await historyOf()).map((event) => [
      ...[event.type, event.amountCents, event.paymentStatus, event.tierTitle],
    ])
    expect(history).toEqual([
      ['pledge_start', 500, null, 'Front row'],
      ['subscription', 500, 'Paid', 'Front row'],
      ['pledge_upgrade', 900, null, null],
      ['pledge_downgrade', 200, null, null],
      ['subscription', 200, 'Paid', null],
      ['pledge_delete', 200, null, null],
    ])
  })

  test('dates a charge by when it was due, however late it was taken', async () => {
    const { run } = theatre
    await run(pledge, { ...pat(), terms: terms(500) })
    const { id: memberId, nextChargeAt } = await memberOf()

    await run(takeCharge, { memberId, dueAt: nextChargeAt ?? 0, ...linked })

    expect((await historyOf()).at(-1)?.happenedAt).toBe(Date.UTC(2017, 8, 1))
    expect(await memberOf()).toMatchObject({
      lastChargeAt: Date.UTC(2017, 8, 1),
      nextChargeAt: Date.UTC(2017, 9, 1),
    })
  })
})

describe('a member', () => {
  test('who never paid and comes back is as good as new, under the same id', async () => {
    const { run, happened, tier } = theatre
    const trial = await run(tryOut, { ...pat(), tierId: tier.id, days: 7 })
    await run(cancelPledge, { ...pat(), pledgeId: trial.id })
    const before = await memberOf()
    happened.length = 0

    await run(join, { ...pat(), accountId: theatre.pat.id, isFollower: false })

    expect(happened).toMatchObject([
      { trigger: 'members:create', body: { data: { id: before.id, attributes: { patron_status: null } } } },
    ])
    expect(await memberOf()).toMatchObject({ pledgeStartedAt: null, lastChargeStatus: null })
  })

  test('is told with a body for each audience: e-mail, address, both', async () => {
    const { run, happened, creator } = theatre
    const at = { addressee: 'Pat', line1: '1 Long Lane', line2: null, postalCode: null, city: 'Ulm', state: null }
    const address = { ...at, country: 'DE', phoneNumber: null }
    await run(keepAddress, { actor: as(theatre.pat), accountId: theatre.pat.id, address })
    await run(pledge, { ...pat(), terms: terms(500) })
    happened.length = 0

    await run(noteOn, { actor: as(creator), memberId: (await memberOf()).id, note: 'kind', ...linked })

    const [told] = happened
    const tells = [told?.body, told?.bodies[1], told?.bodies[2], told?.bodies[3]].map((body) => [
      body?.data.attributes['email'] ?? null,
      body?.included.find(({ type }) => type === 'address')?.attributes['line_1'] ?? null,
    ])
    expect(tells).toEqual([
      [null, null],
      ['pat@example.test', null],
      [null, '1 Long Lane'],
      ['pat@example.test', '1 Long Lane'],
    ])
  })
})
