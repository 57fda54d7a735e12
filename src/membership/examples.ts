/** A small fixed world, for the trigger catalogue and for test events: made by the same hands as real bodies. */
import type { Account } from '../domain/account.ts'
import type { CampaignStanding, Pledge } from '../domain/membership.ts'
import type { PledgeTrigger } from '../domain/trigger.ts'
import { wireBytes } from '../domain/wire-json.ts'
import { pledgeDocument } from './documents/pledge.ts'

/** The body that a receiver of this trigger will get, about somebody who does not exist. */
export function exampleBody(trigger: PledgeTrigger, linkBase: string): Uint8Array {
  const { pledge, standing } = sceneOf[trigger]
  const creator = { account: ada, campaignId: standing.campaign.id }
  const patron = { account: pat, campaignId: null }
  return wireBytes(pledgeDocument({ pledge, standing, creator, patron }, linkBase))
}

const ada: Account = {
  id: '1001',
  email: 'ada@example.com',
  fullName: 'Ada Marlowe',
  vanity: 'ada',
  role: 'member',
  createdAt: Date.UTC(2016, 1, 3, 4, 5, 6),
}

const pat: Account = {
  id: '1002',
  email: 'pat@example.com',
  fullName: 'Pat Tern',
  vanity: 'pat',
  role: 'member',
  createdAt: Date.UTC(2016, 9, 12, 22, 25, 50),
}

const first: Pledge = {
  id: '1',
  campaignId: '2001',
  patronId: pat.id,
  tierId: '3001',
  amountCents: 500,
  capCents: null,
  patronPaysFees: false,
  createdAt: Date.UTC(2017, 7, 1, 12),
  declinedSince: null,
  endedAt: null,
  cadenceMonths: 1,
  kind: 'paid',
  freeUntil: null,
}

// An edit gives a pledge a new id and keeps when it was made.
const edited: Pledge = { ...first, id: '2', amountCents: 700 }
const cancelled: Pledge = { ...edited, endedAt: Date.UTC(2017, 8, 1, 12) }

const sceneOf: Record<PledgeTrigger, { pledge: Pledge; standing: CampaignStanding }> = {
  'pledges:create': { pledge: first, standing: standingWith({ patronCount: 12, pledgeSumCents: 6000 }) },
  'pledges:update': { pledge: edited, standing: standingWith({ patronCount: 12, pledgeSumCents: 6200 }) },
  'pledges:delete': { pledge: cancelled, standing: standingWith({ patronCount: 11, pledgeSumCents: 5500 }) },
}

function standingWith({
  patronCount,
  pledgeSumCents,
}: {
  patronCount: number
  pledgeSumCents: number
}): CampaignStanding {
  const openedAt = Date.UTC(2016, 4, 1)
  const campaign = {
    id: '2001',
    creatorId: ada.id,
    vanity: 'ada',
    creationName: 'small paper theatres',
    summary: 'A new paper theatre every month.',
    isMonthly: true,
    createdAt: openedAt,
    publishedAt: openedAt,
    oneLiner: null,
    thanksMessage: null,
    isNsfw: false,
  }
  const tier = {
    id: '3001',
    campaignId: campaign.id,
    title: 'Front row',
    description: 'The plans of every theatre, to print and fold.',
    amountCents: 500,
    userLimit: null,
    createdAt: openedAt,
    editedAt: openedAt,
    unpublishedAt: null,
    patronCount,
  }
  return { campaign, tiers: [tier], patronCount, pledgeSumCents }
}
