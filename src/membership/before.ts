/** One person before one campaign, as a command finds them; and the member that a command makes of them. */
import type { Member, PledgeEvent } from '../domain/member.ts'
import type { Moment } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import type { Earlier } from './triggers.ts'

/** Which person, in which campaign. */
export type Place = { campaignId: string; accountId: string }

/** What somebody was to a campaign until now. */
export type Before = { member: Member | null; events: readonly PledgeEvent[] }

/** Finds what somebody was to a campaign. */
export async function findBefore(place: Place, { members }: Records): Promise<Before> {
  const standing = await members.findMemberOf(place)
  if (standing === null) return { member: null, events: [] }
  return { member: standing.member, events: await members.listPledgeEvents([standing.member.number]) }
}

/** A payment that was refunded was a payment all the same. */
export function earlierThan({ member, events }: Before): Earlier {
  if (events.some(({ paymentStatus }) => paymentStatus === 'Paid')) return 'payer'
  return member === null || member.leftAt !== null ? 'stranger' : 'unpaid'
}

/** The member that somebody is from now on: a new one, the one from before who comes back, or the one there is. */
export async function memberFrom(before: Before, place: Place, { members }: Records, at: Moment): Promise<Member> {
  const { member } = before
  if (member === null)
    return await members.insertMember({ ...place, ...newcomer, id: at.random.id(at.now), joinedAt: at.now })
  if (member.leftAt === null) return member
  const back = { ...member, leftAt: null, joinedAt: at.now }
  // Who never paid comes back as somebody new.
  return earlierThan(before) === 'payer' ? back : { ...back, ...unpledged }
}

/** Nothing was promised or charged yet. */
const unpledged = { pledgeStartedAt: null, lastChargeAt: null, lastChargeStatus: null, nextChargeAt: null } as const

const newcomer = { ...unpledged, isFollower: false, note: '', leftAt: null, lifetimeCents: 0 } as const
