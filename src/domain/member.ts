/** A patron's standing with one campaign (wire.md §6.3), and what follows from it. */
import type { Account } from './account.ts'
import { isDeclined, type Pledge } from './membership.ts'
import type { Instant } from './time.ts'

/** What came of a charge; the words are Patreon's. */
export type ChargeStatus =
  | ('Paid' | 'Declined' | 'Fraud')
  | ('Refunded' | 'Partially Refunded' | 'Refunded by Patreon')
  | ('Deleted' | 'Pending' | 'Other' | 'Free Trial')

/** How a charge ends that is taken, or is tried and fails. */
export type ChargeOutcome = 'Paid' | 'Declined' | 'Fraud'

/** One person in one campaign. There is one at most: who leaves and comes back is the same member. */
export type Member = {
  /** A UUID, as v2 has it. */
  id: string
  /** In the order of joining; what lists are cut by. */
  number: number
  campaignId: string
  accountId: string
  /** Follows the campaign without having joined it. */
  isFollower: boolean
  /** The creator's own, about this member. */
  note: string
  joinedAt: Instant
  leftAt: Instant | null
  /** When the present or the last pledge began. */
  pledgeStartedAt: Instant | null
  lastChargeAt: Instant | null
  lastChargeStatus: ChargeStatus | null
  /** When it is charged next, or when a gift ends; null while there is nothing to charge, or a charge is declined. */
  nextChargeAt: Instant | null
  /** All that was paid to this campaign, without what was refunded. */
  lifetimeCents: number
}

/** A member beside who it is and what they pledge now. */
export type MemberStanding = { member: Member; account: Account; pledge: Pledge | null }

/** Patreon's word for it; null for who joined free or follows, and never pledged. */
export type PatronStatus = 'active_patron' | 'declined_patron' | 'former_patron'

/** What a member's pledge makes of them. */
export function patronStatus({ member, pledge }: Pick<MemberStanding, 'member' | 'pledge'>): PatronStatus | null {
  if (pledge !== null) return isDeclined(pledge) ? 'declined_patron' : 'active_patron'
  return member.pledgeStartedAt === null ? null : 'former_patron'
}

/** What a member may have now. Nothing while a charge is declined: benefits end with the money. */
export function entitlement(pledge: Pledge | null): { amountCents: number; tierIds: string[] } {
  if (pledge === null || isDeclined(pledge)) return { amountCents: 0, tierIds: [] }
  return { amountCents: pledge.amountCents, tierIds: pledge.tierId === null ? [] : [pledge.tierId] }
}

/** What one charge takes: the amount of every month that it is for. */
export const chargeCents = ({ amountCents, cadenceMonths }: Pick<Pledge, 'amountCents' | 'cadenceMonths'>): number =>
  amountCents * cadenceMonths

/** What a member will be charged next: nothing for a gift. */
export const willPayCents = (pledge: Pledge | null): number =>
  pledge === null || pledge.kind === 'gift' ? 0 : chargeCents(pledge)

/** What happened to a pledge, in the order in which it happened (wire.md §6.3, `pledge-event`). */
export type PledgeEvent = {
  /** Digits; on the wire it stands behind the type: `subscription:123`. */
  id: string
  memberNumber: number
  type: 'pledge_start' | 'pledge_upgrade' | 'pledge_downgrade' | 'pledge_delete' | 'subscription'
  amountCents: number
  happenedAt: Instant
  /** Of a charge (`subscription`); null for everything else. */
  paymentStatus: ChargeStatus | null
  tierId: string | null
  tierTitle: string | null
}

/** Where a patron wants things sent. */
export type Address = {
  /** Digits. */
  id: string
  accountId: string
  addressee: string | null
  line1: string | null
  line2: string | null
  postalCode: string | null
  city: string
  state: string | null
  /** Two letters (ISO 3166-1). */
  country: string
  phoneNumber: string | null
  createdAt: Instant
}
