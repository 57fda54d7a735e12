/** What the forms on a campaign's page do. Each is about whoever sends it, whatever ids stand in the form. */
import type { CampaignStanding } from '../domain/membership.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Actor } from '../membership/actor.ts'
import { recoverCharge } from '../membership/charges.ts'
import { tryOut } from '../membership/gifts.ts'
import { join, leave } from '../membership/members.ts'
import { cancelPledge, editPledge, pledge } from '../membership/pledges.ts'
import { endedPledge } from '../membership/refusals.ts'
import { fieldIn } from './fields.ts'
import { fieldsSent, termsIn } from './pledge-form.ts'
import type { PageTools } from './tools.ts'
import { trialSent } from './trial.ts'
import type { Visitor } from './visitor.ts'

/** A form that somebody sent. */
export type Sent = {
  actor: Actor
  visitor: Pick<Visitor, 'pledge' | 'member'>
  standing: CampaignStanding
  body: unknown
}

type Step = (sent: Sent, tools: PageTools) => Promise<unknown>

/** Does what the form was shown for: a form sent twice, or from an old window, does not do something else instead. */
export const makeOrEdit: Step = async ({ actor, visitor, standing, body }, { store, clock, linkBase }) => {
  const { terms, cadenceMonths } = termsIn(fieldsSent(body), standing)
  const about = { actor, terms, cadenceMonths, linkBase }
  const pledgeId = shownPledge(body, visitor)
  if (pledgeId !== null) return await store.execute(editPledge, { ...about, pledgeId }, clock.now())

  const place = { campaignId: standing.campaign.id, patronId: actor.accountId }
  return await store.execute(pledge, { ...about, ...place }, clock.now())
}

const cancel: Step = async ({ actor, visitor, body }, { store, clock, linkBase }) => {
  const pledgeId = shownPledge(body, visitor) ?? ''
  return await store.execute(cancelPledge, { actor, pledgeId, linkBase }, clock.now())
}

const joinAs =
  (isFollower: boolean): Step =>
  async ({ actor, standing }, { store, clock, linkBase }) => {
    const place = { campaignId: standing.campaign.id, accountId: actor.accountId }
    return await store.execute(join, { actor, ...place, isFollower, linkBase }, clock.now())
  }

const depart: Step = async ({ actor, visitor, body }, { store, clock, linkBase }) =>
  await store.execute(leave, { actor, memberId: shownMember(body, visitor), linkBase }, clock.now())

const pay: Step = async ({ actor, visitor, body }, { store, clock, linkBase }) =>
  await store.execute(recoverCharge, { actor, memberId: shownMember(body, visitor), linkBase }, clock.now())

const tryTier: Step = async ({ actor, standing, body }, { store, clock, linkBase }) => {
  const { tierId, days } = trialSent(body)
  const place = { campaignId: standing.campaign.id, patronId: actor.accountId }
  return await store.execute(tryOut, { actor, ...place, tierId, days: Number(days), linkBase }, clock.now())
}

/** The forms by the last part of the address that they are sent to, and what the next page says of each. */
export const steps: Readonly<Record<string, { take: Step; said: string }>> = {
  pledge: { take: makeOrEdit, said: 'Your pledge is as you wanted it.' },
  cancellation: { take: cancel, said: 'Your pledge has ended.' },
  membership: { take: joinAs(false), said: 'Welcome!' },
  following: { take: joinAs(true), said: 'Thank you for following.' },
  departure: { take: depart, said: 'You have left.' },
  payment: { take: pay, said: 'Thank you: the charge went through.' },
  trial: { take: tryTier, said: 'Your trial has begun.' },
}

function shownPledge(body: unknown, { pledge: current }: Pick<Visitor, 'pledge'>): string | null {
  const shown = fieldIn(body, 'pledge')
  if (shown === '') return null
  if (shown !== current?.id) throw endedPledge(shown)
  return shown
}

/** Creators and operators may do some of this for others, but not with a form that says “you”. */
function shownMember(body: unknown, { member }: Pick<Visitor, 'member'>): string {
  if (member !== null && fieldIn(body, 'member') === member.id) return member.id
  throw new Refusal('member_not_found', { message: 'You are not a member of this campaign any more.', field: 'member' })
}
