/** What is charged by the creation, in slices that may stop anywhere, and never more than the patron allows. */
import fc from 'fast-check'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Account } from '#src/domain/account.ts'
import type { Campaign } from '#src/domain/membership.ts'
import { Refusal } from '#src/domain/refusal.ts'
import { createCampaign } from '#src/membership/campaigns.ts'
import { declineCharge, recoverCharge, takeCharge } from '#src/membership/charges.ts'
import { turnOfMonth } from '#src/membership/charging.ts'
import { spreadCharges } from '#src/membership/creation-charges.ts'
import { cancelPledge, pledge } from '#src/membership/pledges.ts'
import { publishPost } from '#src/membership/posts.ts'
import { refundCharge } from '#src/membership/refunds.ts'
import { as, aTheatre, linked, type Theatre } from './theatre.ts'

const patronsWanted = 7
const sequencesTried = 40
const farAhead = Date.UTC(2100, 0, 1)

type Studio = Theatre & { studio: Campaign; patrons: Account[] }

/** A campaign that charges by the creation, and people who pledge to it. */
async function aStudio(patronCount = patronsWanted, capCents: number | null = null): Promise<Studio> {
  const theatre = await aTheatre()
  const about = { vanity: 'studio', creationName: 'songs', summary: '', isMonthly: false }
  const opening = { actor: as(theatre.creator), creatorId: theatre.creator.id, ...about }
  const studio = await theatre.run(createCampaign, opening)
  const patrons: Account[] = []
  for (let number = 0; number < patronCount; number += 1) {
    const who = { email: `p${number}@example.test`, fullName: `P${number}`, vanity: null, passwordHash: null }
    const patron = await theatre.records.accounts.insert({ ...who, role: 'member' }, 0)
    patrons.push(patron)
    const terms = { amountCents: 500, tierId: null, capCents, patronPaysFees: false }
    await theatre.run(pledge, { actor: as(patron), campaignId: studio.id, patronId: patron.id, terms, ...linked })
  }
  return { ...theatre, studio, patrons }
}

const firstPage = { after: null, order: 'oldest-first', limit: 100 } as const
const text = { title: 'A song', content: '', isPaid: true, isPublic: false, tierIds: [] }
const publish = async ({ run, creator, studio }: Studio) =>
  await run(publishPost, { actor: as(creator), campaignId: studio.id, text, ...linked })

const membersOf = async ({ records, studio }: Studio) =>
  await records.members.listMembers(studio.id, { after: null, limit: 100 })

/** Charges so many of those whose charge is due, and says how many those were. */
async function charge({ records, run }: Studio, limit: number): Promise<number> {
  const due = await records.members.listChargeable(farAhead, limit)
  for (const { member } of due)
    await run(takeCharge, { memberId: member.id, dueAt: member.nextChargeAt ?? 0, ...linked })
  return due.length
}

describe('the patrons of a post', () => {
  let it: Studio

  beforeEach(async () => {
    it = await aStudio()
  })

  test('are gone through a slice at a time, each of them once, wherever it stops between two', async () => {
    const { id } = await it.records.posts.insertPost({
      ...{ ...text, campaignId: it.studio.id, publishedAt: farAhead, editedAt: farAhead },
    })
    await it.records.postCharges.beginPass(id)

    const owing: number[] = []
    for (let slices = 0; slices < 4; slices += 1) {
      const pass = await it.records.postCharges.findPass(farAhead)
      if (pass === null) throw new Error('the pass is over too early')
      await it.records.postCharges.advance(pass, 2)
      owing.push((await it.records.members.listChargeable(farAhead, 100)).length)
    }

    expect(owing).toEqual([2, 4, 6, 7])
  })

  test('that were charged before somebody stopped are not charged by who goes on', async () => {
    await publish(it)
    await charge(it, 3)

    expect(await charge(it, 100)).toBe(4)
    expect(await it.run(spreadCharges, { by: farAhead })).toBe(false)
    expect(await charge(it, 100)).toBe(0)
    expect((await membersOf(it)).map(({ member }) => member.lifetimeCents)).toEqual(
      Array.from({ length: patronsWanted }, () => 500),
    )
  })

  test('owe nothing for it after they left, also when they come back', async () => {
    await publish(it)
    const [first] = await membersOf(it)
    if (first === undefined || first.pledge === null) throw new Error('nobody pledges')
    const actor = as(first.account)
    await it.run(cancelPledge, { actor, pledgeId: first.pledge.id, ...linked })
    const { amountCents, tierId, capCents, patronPaysFees } = first.pledge
    const terms = { amountCents, tierId, capCents, patronPaysFees }
    await it.run(pledge, { actor, campaignId: it.studio.id, patronId: first.account.id, terms, ...linked })

    expect(await charge(it, 100)).toBe(6)
    await publish(it)
    expect(await charge(it, 100)).toBe(7)
    expect(await charge(it, 100)).toBe(0)
    const paid = (await membersOf(it)).map(({ member }) => member.lifetimeCents)
    expect(paid).toEqual([500, ...Array.from({ length: patronsWanted - 1 }, () => 1000)])
  })

  test('are those whose pledge was there before it, also when both came in the same moment', async () => {
    const { memberships, posts, postCharges, members } = it.records
    const before = await memberships.listOpenPledges({ campaignId: it.studio.id }, firstPage)
    const fourth = before[3]
    if (fourth === undefined) throw new Error('there are more')
    const publishedAt = fourth.createdAt
    const post = { ...text, campaignId: it.studio.id, publishedAt, editedAt: publishedAt }
    await postCharges.beginPass((await posts.insertPost(post)).id)
    await memberships.endPledge(before[0]?.id ?? '', publishedAt)
    await memberships.insertPledge({ ...fourth, patronId: before[0]?.patronId ?? '' })

    const pass = await postCharges.findPass(farAhead)
    if (pass === null) throw new Error('the pass is over too early')
    await postCharges.advance(pass, 100)

    const owing = (await members.listChargeable(farAhead, 100)).map(({ account }) => account.id)
    expect(owing).toEqual(before.slice(1, 4).map(({ patronId }) => patronId))
  })
})

const steps = {
  publish,
  charge: async (it) => await charge(it, 1),
  spread: async (it) => await it.run(spreadCharges, { by: farAhead }),
  decline: async (it) => await it.run(declineCharge, await theOne(it)),
  recover: async (it) => await it.run(recoverCharge, await theOne(it)),
  refund: async (it) => await it.run(refundCharge, await theOne(it)),
  'refund a cent': async (it) => await it.run(refundCharge, { ...(await theOne(it)), amountCents: 1 }),
} satisfies Record<string, (it: Studio) => Promise<unknown>>

const theOne = async (it: Studio) => {
  const [standing] = await membersOf(it)
  return { actor: as(it.creator), memberId: standing?.member.id ?? '', ...linked }
}

/** Does a step, which may be refused. */
async function attempt(it: Studio, step: (it: Studio) => Promise<unknown>): Promise<void> {
  try {
    await step(it)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

test('whatever happens, a patron pays in no month more than they allow, and what was paid adds up', async () => {
  const capCents = 1300
  const names = Object.keys(steps) as (keyof typeof steps)[]
  await fc.assert(
    fc.asyncProperty(fc.array(fc.constantFrom(...names), { maxLength: 30, size: 'max' }), async (sequence) => {
      const it = await aStudio(1, capCents)
      for (const name of sequence) await attempt(it, steps[name])
      const [standing] = await membersOf(it)
      const events = await it.records.members.listPledgeEvents([standing?.member.number ?? 0])
      const sum = (status: string) =>
        events
          .filter(({ paymentStatus }) => paymentStatus === status)
          .reduce((cents, one) => cents + one.amountCents, 0)
      const months = new Map<number, number>()
      for (const { paymentStatus, happenedAt, amountCents } of events) {
        const month = turnOfMonth(happenedAt, 1)
        if (paymentStatus === 'Paid') months.set(month, (months.get(month) ?? 0) + amountCents)
      }

      expect(standing?.member.lifetimeCents).toBe(sum('Paid') - sum('Refunded') - sum('Partially Refunded'))
      expect(standing?.member.lifetimeCents).toBeGreaterThanOrEqual(0)
      expect(Math.max(0, ...months.values())).toBeLessThanOrEqual(capCents)
    }),
    { numRuns: sequencesTried },
  )
})
