/** A small fixed world, for the examples: its people, what they pledge, and what becomes of it. */
import type { Account } from '../domain/account.ts'
import type { Member } from '../domain/member.ts'
import type { CampaignStanding, Pledge } from '../domain/membership.ts'
import type { Post } from '../domain/post.ts'
import { begun, ended } from './charging.ts'

/** Who has a campaign. */
export const ada: Account = {
  id: '1001',
  email: 'ada@example.com',
  fullName: 'Ada Marlowe',
  vanity: 'ada',
  role: 'member',
  createdAt: Date.UTC(2016, 1, 3, 4, 5, 6),
}

/** Who becomes a patron of it. */
export const pat: Account = {
  id: '1002',
  email: 'pat@example.com',
  fullName: 'Pat Tern',
  vanity: 'pat',
  role: 'member',
  createdAt: Date.UTC(2016, 9, 12, 22, 25, 50),
}

const pledgingAt = Date.UTC(2017, 7, 1, 12)

/** Pat's pledge. */
export const first: Pledge = {
  id: '1',
  campaignId: '2001',
  patronId: pat.id,
  tierId: '3001',
  amountCents: 500,
  capCents: null,
  patronPaysFees: false,
  createdAt: pledgingAt,
  declinedSince: null,
  endedAt: null,
  cadenceMonths: 1,
  kind: 'paid',
  freeUntil: null,
}

/** An edit gives a pledge a new id and keeps when it was made. */
export const edited: Pledge = { ...first, id: '2', amountCents: 700 }
/** When Pat goes again. */
export const leavingAt = Date.UTC(2017, 8, 1, 12)

/** The end of it. */
export const cancelled: Pledge = { ...edited, endedAt: leavingAt }

/** The campaign as it stands with so many patrons. */
export function standingWith({
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
    requiresShipping: false,
    image: null,
    patronCount,
  }
  return { campaign, tiers: [tier], patronCount, pledgeSumCents }
}

/** Pat as a member who joined free. */
export const joined: Member = {
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  number: 1,
  campaignId: '2001',
  accountId: pat.id,
  isFollower: false,
  note: '',
  joinedAt: pledgingAt,
  leftAt: null,
  pledgeStartedAt: null,
  lastChargeAt: null,
  lastChargeStatus: null,
  nextChargeAt: null,
  lifetimeCents: 0,
}

/** Pat as a patron. */
export const paying: Member = begun(joined, first, 'Paid')
/** Pat when the patronage is over. */
export const gone: Member = ended(paying, { hasPaid: true, now: leavingAt })

/** What Ada wrote. */
export const post: Post = {
  id: '4001',
  campaignId: '2001',
  title: 'The theatre of August',
  content: '<p>Fold along the lines.</p>',
  isPaid: false,
  isPublic: false,
  tierIds: ['3001'],
  publishedAt: pledgingAt,
  editedAt: pledgingAt,
}
