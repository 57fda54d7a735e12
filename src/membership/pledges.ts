/** What patrons do. Each of these and its event are one command: neither is ever there without the other. */
import type { Pledge, PledgeTerms } from '../domain/membership.ts'
import { command } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import type { Actor } from './actor.ts'
import { announce, standingFor } from './announce.ts'
import { endedPledge, notPermitted, secondPledge, unknownAccount, unknownCampaign, unknownPledge } from './refusals.ts'
import { mustBeAcceptable } from './terms.ts'

/** Who becomes a patron of what, and on which terms. */
export type PledgeInput = { actor: Actor; campaignId: string; patronId: string; terms: PledgeTerms; linkBase: string }
/** Which pledge changes, and to which terms. */
export type EditInput = { actor: Actor; pledgeId: string; terms: PledgeTerms; linkBase: string }
/** Which pledge ends. */
export type CancelInput = { actor: Actor; pledgeId: string; linkBase: string }

/** Somebody becomes a patron; also somebody who was one before. */
export const pledge = command('pledges.create', async (records, input: PledgeInput, at): Promise<Pledge> => {
  const { actor, campaignId, patronId, terms, linkBase } = input
  const { memberships } = records
  if (!actor.isOperator && actor.accountId !== patronId) throw notPermitted('Nobody can pledge for somebody else.')

  const standing = await memberships.findStanding(campaignId)
  if (standing === null) throw unknownCampaign(campaignId)
  if ((await records.accounts.find(patronId)) === null) throw unknownAccount(patronId, 'patron_id')
  if (standing.campaign.creatorId === patronId) throw notPermitted('A creator cannot pledge to their own campaign.')

  const open = await memberships.findOpenPledge({ campaignId, patronId })
  if (open !== null) throw secondPledge(open.id)
  mustBeAcceptable(terms, { standing, tier: await tierIn(terms, records), current: null })

  const made = await memberships.insertPledge({
    ...terms,
    campaignId,
    patronId,
    createdAt: at.now,
    declinedSince: null,
    ...paidMonthly,
  })
  await announce({ trigger: 'pledges:create', pledge: made, linkBase }, records, at)
  return made
})

const paidMonthly = { cadenceMonths: 1, kind: 'paid', freeUntil: null } as const

/** A patron changes their mind. The pledge gets a new id, as on Patreon: receivers tell patrons apart by user. */
export const editPledge = command('pledges.edit', async (records, input: EditInput, at): Promise<Pledge> => {
  const { actor, pledgeId, terms, linkBase } = input
  const current = await openPledgeOf(actor, pledgeId, records)
  const standing = await standingFor(current, records)
  mustBeAcceptable(terms, { standing, tier: await tierIn(terms, records), current })

  const { campaignId, patronId, createdAt, declinedSince, cadenceMonths, kind, freeUntil } = current
  const kept = { campaignId, patronId, createdAt, declinedSince, cadenceMonths, kind, freeUntil }
  // The old one goes first: a patron never has two open pledges to one campaign.
  await records.memberships.endPledge(current.id, at.now)
  const edited = await records.memberships.insertPledge({ ...kept, ...terms })
  await announce({ trigger: 'pledges:update', pledge: edited, linkBase }, records, at)
  return edited
})

/** A patron leaves. They may come back with a new pledge. */
export const cancelPledge = command('pledges.cancel', async (records, input: CancelInput, at): Promise<Pledge> => {
  const { actor, pledgeId, linkBase } = input
  const current = await openPledgeOf(actor, pledgeId, records)

  await records.memberships.endPledge(current.id, at.now)
  const cancelled = { ...current, endedAt: at.now }
  await announce({ trigger: 'pledges:delete', pledge: cancelled, linkBase }, records, at)
  return cancelled
})

async function openPledgeOf(actor: Actor, id: string, { memberships }: Records): Promise<Pledge> {
  const found = await memberships.findPledge(id)
  if (found === null || !(actor.isOperator || actor.accountId === found.patronId)) throw unknownPledge(id)
  if (found.endedAt !== null) throw endedPledge(id)
  return found
}

const tierIn = async ({ tierId }: PledgeTerms, { memberships }: Records) =>
  tierId === null ? null : await memberships.findTier(tierId)
