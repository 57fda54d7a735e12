import {
  type Address,
  entitlement,
  type MemberStanding,
  type PledgeEvent,
  patronStatus,
  willPayCents,
} from '../../../domain/member.ts'
import { many, one, type V2Resource, v2Timestamp, v2TimestampOrNull } from './resource.ts'

/** What may be told of a member, and what was found beside it. */
export type MemberSurroundings = {
  mayTellEmail: boolean
  /** Null: there is none, or it may not be told. */
  address: Address | null
  pledgeEvents: readonly PledgeEvent[]
}

/** A member with every attribute that v2 knows (wire.md §6.3). */
export function memberResource(standing: MemberStanding, surroundings: MemberSurroundings): V2Resource {
  const { member, account, pledge } = standing
  const { amountCents, tierIds } = entitlement(pledge)
  return {
    type: 'member',
    id: member.id,
    attributes: {
      campaign_lifetime_support_cents: member.lifetimeCents,
      currently_entitled_amount_cents: amountCents,
      ...(surroundings.mayTellEmail ? { email: account.email } : {}),
      full_name: account.fullName,
      is_follower: member.isFollower,
      is_free_trial: pledge?.kind === 'trial',
      is_gifted: pledge?.kind === 'gift',
      last_charge_date: v2TimestampOrNull(member.lastChargeAt),
      last_charge_status: member.lastChargeStatus,
      lifetime_support_cents: member.lifetimeCents,
      next_charge_date: pledge?.kind === 'gift' ? null : v2TimestampOrNull(member.nextChargeAt),
      note: member.note,
      patron_status: patronStatus(standing),
      pledge_cadence: pledge?.cadenceMonths ?? null,
      pledge_relationship_start: v2TimestampOrNull(member.pledgeStartedAt),
      will_pay_amount_cents: willPayCents(pledge),
    },
    relationships: {
      address: one('address', surroundings.address?.id ?? null),
      campaign: one('campaign', member.campaignId),
      currently_entitled_tiers: many('tier', tierIds),
      pledge_history: many('pledge-event', surroundings.pledgeEvents.map(pledgeEventId)),
      user: one('user', member.accountId),
    },
  }
}

/** What a pledge event is called on the wire: its type stands before its number. */
export const pledgeEventId = ({ type, id }: PledgeEvent): string => `${type}:${id}`

/** Something that happened to a member's pledge. */
export const pledgeEventResource = (event: PledgeEvent, { member, account }: MemberStanding): V2Resource => ({
  type: 'pledge-event',
  id: pledgeEventId(event),
  attributes: {
    amount_cents: event.amountCents,
    currency_code: 'USD',
    date: v2Timestamp(event.happenedAt),
    payment_status: event.paymentStatus,
    pledge_payment_status: event.type === 'subscription' ? null : 'valid',
    tier_id: event.tierId,
    tier_title: event.tierTitle,
    type: event.type,
  },
  relationships: {
    campaign: one('campaign', member.campaignId),
    patron: one('user', account.id),
    tier: one('tier', event.tierId),
  },
})

/** Where a patron wants things sent. */
export const addressResource = (address: Address): V2Resource => ({
  type: 'address',
  id: address.id,
  attributes: {
    addressee: address.addressee,
    city: address.city,
    country: address.country,
    created_at: v2Timestamp(address.createdAt),
    line_1: address.line1,
    line_2: address.line2,
    phone_number: address.phoneNumber,
    postal_code: address.postalCode,
    state: address.state,
  },
  relationships: { campaigns: { data: [] }, user: one('user', address.accountId) },
})
