/** What patrons do. Each of these and its events are one command: neither is ever there without the other. */
import type { ChargeOutcome } from '../domain/member.ts'
import type { Cadence, Pledge, PledgeTerms } from '../domain/membership.ts'
import { Refusal } from '../domain/refusal.ts'
import { command } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import type { Actor } from './actor.ts'
import { standingOf } from './announce.ts'
import { findBefore, memberFrom } from './before.ts'
import { beginPledge, mustBeFreeToBegin } from './beginning.ts'
import { changeOf } from './charging.ts'
import { endPledge } from './ending.ts'
import { keep, tierNamed } from './keeping.ts'
import { endedPledge, notPermitted, unknownPledge } from './refusals.ts'
import { mustBeAcceptable } from './terms.ts'

/** Who becomes a patron of what, and on which terms; every month unless it says otherwise. */
export type PledgeInput = {
  actor: Actor
  campaignId: string
  patronId: string
  terms: PledgeTerms
  cadenceMonths?: Cadence
  /** How the first charge of a monthly campaign ends; it is taken unless it says otherwise. */
  firstCharge?: ChargeOutcome
  linkBase: string
}
/** Which pledge changes, and to which terms. */
export type EditInput = {
  actor: Actor
  pledgeId: string
  terms: PledgeTerms
  cadenceMonths?: Cadence
  linkBase: string
}
/** Which pledge ends. */
export type CancelInput = { actor: Actor; pledgeId: string; linkBase: string }

/** Somebody becomes a patron; also somebody who was one before. By the month, they are charged at once. */
export const pledge = command('pledges.create', async (records, input: PledgeInput, at): Promise<Pledge> => {
  const { actor, campaignId, patronId, terms, cadenceMonths = 1, firstCharge = 'Paid', linkBase } = input
  if (!actor.isOperator && actor.accountId !== patronId) throw notPermitted('Nobody can pledge for somebody else.')

  const standing = await mustBeFreeToBegin(input, records)
  mustBeAcceptable(terms, { standing, tier: await tierNamed(terms.tierId, records), current: null })

  const { isMonthly } = standing.campaign
  if (!isMonthly) mustBeByCreation(cadenceMonths, firstCharge)
  const declinedSince = firstCharge === 'Paid' ? null : at.now
  const paid = { cadenceMonths, kind: 'paid', freeUntil: null, declinedSince, createdAt: at.now } as const
  const made = { ...terms, ...paid, campaignId, patronId }
  return await beginPledge({ action: 'pledge', pledge: made, isMonthly, firstCharge, linkBase }, records, at)
})

/**
 * A patron changes their mind. The pledge gets a new id, as on Patreon: receivers tell patrons apart by user.
 * The next charge takes the new amount; nothing is charged now.
 */
export const editPledge = command('pledges.edit', async (records, input: EditInput, at): Promise<Pledge> => {
  const { actor, pledgeId, terms, linkBase } = input
  const current = await openPledgeOf(actor, pledgeId, records)
  if (current.kind === 'gift') throw notPermitted('A gift cannot be edited; who wants another tier pledges after it.')
  const standing = await standingOf(current.campaignId, records)
  const cadenceMonths = input.cadenceMonths ?? current.cadenceMonths
  if (!standing.campaign.isMonthly) mustBeByCreation(input.cadenceMonths ?? 1, 'Paid')
  mustBeAcceptable(terms, { standing, tier: await tierNamed(terms.tierId, records), current })

  const place = { campaignId: current.campaignId, accountId: current.patronId }
  const before = await findBefore(place, records)
  const { id: _replaced, endedAt: _open, ...kept } = current
  // The old one goes first: a patron never has two open pledges to one campaign.
  await records.memberships.endPledge(current.id, at.now)
  const edited = await records.memberships.insertPledge({ ...kept, ...terms, cadenceMonths, updatedAt: at.now })

  const member = await memberFrom(before, place, records, at)
  const change = changeOf(current, edited)
  const history = change === null ? [] : [change]
  await keep({ action: 'edit', before, member, pledge: edited, linkBase }, history, records, at)
  return edited
})

/** A patron leaves. They may come back with a new pledge. */
export const cancelPledge = command('pledges.cancel', async (records, input: CancelInput, at): Promise<Pledge> => {
  const { actor, pledgeId, linkBase } = input
  const current = await openPledgeOf(actor, pledgeId, records)
  return await endPledge({ action: 'cancel', pledge: current, linkBase }, records, at)
})

/** Lets terms pass that make sense where each creation is charged: there is no year, and nothing to be charged at once. */
function mustBeByCreation(cadenceMonths: Cadence, firstCharge: ChargeOutcome): void {
  const about = 'This campaign charges by the creation'
  if (cadenceMonths !== 1) throw invalidField('cadence_months', `${about}, not by the year.`, '1, or nothing')
  if (firstCharge === 'Paid') return
  throw invalidField('first_charge', `${about}: nothing is charged at once.`, '"paid", or nothing')
}

const invalidField = (field: string, message: string, expected: string): Refusal =>
  new Refusal('field_invalid', { message, field, expected })

async function openPledgeOf(actor: Actor, id: string, { memberships }: Records): Promise<Pledge> {
  const found = await memberships.findPledge(id)
  if (found === null || !(actor.isOperator || actor.accountId === found.patronId)) throw unknownPledge(id)
  if (found.endedAt !== null) throw endedPledge(id)
  return found
}
