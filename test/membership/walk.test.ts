/** A random walk of everything that can be done to one member: whatever was done, their standing makes sense. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { entitlement, patronStatus } from '#src/domain/member.ts'
import { Refusal } from '#src/domain/refusal.ts'
import { declineCharge, markFraud, recoverCharge, takeCharge } from '#src/membership/charges.ts'
import { give, tryOut } from '#src/membership/gifts.ts'
import { join, leave, noteOn } from '#src/membership/members.ts'
import { cancelPledge, editPledge, pledge } from '#src/membership/pledges.ts'
import { refundCharge } from '#src/membership/refunds.ts'
import { as, aTheatre, linked, type Theatre } from './theatre.ts'

const walksTried = 60

/** What a charge can have come to (wire.md §6.3). */
const documented = [
  ...['Paid', 'Declined', 'Deleted', 'Pending', 'Refunded', 'Fraud', 'Refunded by Patreon', 'Other'],
  ...['Partially Refunded', 'Free Trial'],
]

type Step = (theatre: Theatre) => Promise<unknown>

const place = ({ campaign, pat }: Theatre) => ({ campaignId: campaign.id, accountId: pat.id })
const standingIn = async (theatre: Theatre) => await theatre.records.members.findMemberOf(place(theatre))
const member = async (theatre: Theatre) => ({
  actor: as(theatre.operator),
  memberId: (await standingIn(theatre))?.member.id ?? 'nobody',
  ...linked,
})
const patron = ({ operator, campaign, pat, tier }: Theatre) => ({
  actor: as(operator),
  ...{ campaignId: campaign.id, patronId: pat.id, tierId: tier.id },
  ...linked,
})
const pledgeOf = async (theatre: Theatre) => (await standingIn(theatre))?.pledge?.id ?? '0'
const terms = (amountCents: number, tierId: string | null = null) => ({
  ...{ amountCents, tierId, capCents: null, patronPaysFees: false },
})

const steps = {
  follow: (it) => it.run(join, { actor: as(it.pat), ...place(it), isFollower: true, ...linked }),
  join: (it) => it.run(join, { actor: as(it.pat), ...place(it), isFollower: false, ...linked }),
  leave: async (it) => it.run(leave, await member(it)),
  pledge: (it) => it.run(pledge, { ...patron(it), terms: terms(700, it.tier.id) }),
  'pledge and be declined': (it) => it.run(pledge, { ...patron(it), terms: terms(700), firstCharge: 'Declined' }),
  'pledge for a year': (it) => it.run(pledge, { ...patron(it), terms: terms(300), cadenceMonths: 12 }),
  give: (it) => it.run(give, { ...patron(it), months: 2 }),
  try: (it) => it.run(tryOut, { ...patron(it), days: 7 }),
  raise: async (it) =>
    it.run(editPledge, { actor: as(it.pat), pledgeId: await pledgeOf(it), terms: terms(900), ...linked }),
  lower: async (it) =>
    it.run(editPledge, { actor: as(it.pat), pledgeId: await pledgeOf(it), terms: terms(200), ...linked }),
  cancel: async (it) => it.run(cancelPledge, { actor: as(it.pat), pledgeId: await pledgeOf(it), ...linked }),
  note: async (it) => it.run(noteOn, { ...(await member(it)), note: 'kind' }),
  decline: async (it) => it.run(declineCharge, await member(it)),
  recover: async (it) => it.run(recoverCharge, await member(it)),
  'take for fraud': async (it) => it.run(markFraud, await member(it)),
  refund: async (it) => it.run(refundCharge, await member(it)),
  'refund a dollar': async (it) => it.run(refundCharge, { ...(await member(it)), amountCents: 100 }),
  'refund the rest of it': async (it) => it.run(refundCharge, { ...(await member(it)), amountCents: 600 }),
  'turn of the month': turnTheMonth,
} satisfies Record<string, Step>

/** Takes the next charge, and finds nothing more to do when it is taken again at once. */
async function turnTheMonth(it: Theatre): Promise<void> {
  const { id: memberId, nextChargeAt: dueAt } = (await standingIn(it))?.member ?? { id: '', nextChargeAt: null }
  if (dueAt === null) return
  await it.run(takeCharge, { memberId, dueAt, ...linked })

  const told = it.happened.length
  expect(await it.run(takeCharge, { memberId, dueAt, ...linked })).toBe('passed')
  expect(it.happened).toHaveLength(told)
}

async function expectSense(theatre: Theatre): Promise<void> {
  const standing = await standingIn(theatre)
  if (standing === null) return
  const { member: now, pledge: open } = standing
  const events = await theatre.records.members.listPledgeEvents([now.number])
  const sum = (status: string) =>
    events
      .filter(({ paymentStatus }) => paymentStatus === status)
      .reduce((cents, event) => cents + event.amountCents, 0)

  expect(now.lifetimeCents).toBe(sum('Paid') - sum('Refunded') - sum('Partially Refunded'))
  expect(now.lifetimeCents).toBeGreaterThanOrEqual(0)
  if (entitlement(open).amountCents > 0) expect(patronStatus(standing)).toBe('active_patron')
  if (open !== null) expect([now.leftAt, now.isFollower]).toEqual([null, false])
  expect(now.nextChargeAt === null).toBe(open === null || open.declinedSince !== null)
  const isFailed = now.lastChargeStatus === 'Declined' || now.lastChargeStatus === 'Fraud'
  expect(isFailed).toBe(open !== null && open.declinedSince !== null)
  for (const status of [now.lastChargeStatus, ...events.map(({ paymentStatus }) => paymentStatus)])
    expect([null, ...documented]).toContain(status)
}

/** Does a step, which may be refused; what is refused leaves nothing behind. */
async function attempt(theatre: Theatre, step: Step): Promise<void> {
  const told = theatre.happened.length
  const before = await standingIn(theatre)
  try {
    await step(theatre)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    expect(error.status).toBeLessThan(500)
    expect(theatre.happened).toHaveLength(told)
    expect(await standingIn(theatre)).toEqual(before)
  }
}

test('whatever a member does, what is kept and told of them makes sense', async () => {
  const names = Object.keys(steps) as (keyof typeof steps)[]
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 25, size: 'max' }),
      async (walk) => {
        const theatre = await aTheatre()
        for (const name of walk) {
          await attempt(theatre, steps[name])
          await expectSense(theatre)
        }
        const last = theatre.happened.filter(({ trigger }) => trigger.startsWith('members:')).at(-1)
        const standing = await standingIn(theatre)
        if (last !== undefined && standing !== null && standing.member.leftAt === null) {
          expect(last.body.data.attributes).toMatchObject({
            patron_status: patronStatus(standing),
            lifetime_support_cents: standing.member.lifetimeCents,
          })
        }
      },
    ),
    { numRuns: walksTried },
  )
})
