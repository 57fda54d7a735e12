/** Charges by the creation: a paid post makes its patrons owe it, a slice at a time; each then pays it on their own. */
import assert from 'node:assert/strict'
import type { MemberStanding } from '../domain/member.ts'
import type { Pledge } from '../domain/membership.ts'
import type { Instant } from '../domain/time.ts'
import { command, type Moment } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import { findBefore } from './before.ts'
import { chargeOf, creationCents, paid } from './charging.ts'
import { keep } from './keeping.ts'

/** A member who is charged for a pledge. */
type Charging = { standing: MemberStanding; pledge: Pledge; linkBase: string }

/** As many members as are looked at without making everybody else wait for the commit. */
const membersAtOnce = 500

/** A paid post is out: whoever pledges now will be charged for it. The first slice owes it at once, so that a charge is due. */
export async function beginCharging(postId: string, records: Records, at: Moment): Promise<void> {
  await records.postCharges.beginPass(postId)
  await advanceBy(at.now, records)
}

/**
 * Makes the next slice of members owe the oldest post that is not through with them; false when there is none. Safe to
 * repeat, and to stop anywhere: how far a post has come is written down with what its members owe.
 */
export const spreadCharges = command(
  'charges.spread',
  async (records, { by }: { by: Instant }): Promise<boolean> => await advanceBy(by, records),
)

async function advanceBy(by: Instant, { posts, postCharges }: Records): Promise<boolean> {
  const pass = await postCharges.findPass(by)
  if (pass === null) return false
  // What was deleted charges nobody any more.
  const isThere = (await posts.findPost(pass.postId)) !== null
  const goesOn = isThere && (await postCharges.advance(pass, membersAtOnce))
  if (!goesOn) await postCharges.endPass(pass.postId)
  return true
}

/** Takes what a member owes for the oldest post; nothing where it was deleted, or the month has cost as much as they allow. */
export async function takeForPost(
  { standing, pledge, linkBase }: Charging,
  records: Records,
  at: Moment,
): Promise<'charged' | 'passed'> {
  const { number } = standing.member
  const [owed, next] = await records.postCharges.listOwed(number)
  assert(owed !== undefined, `member ${standing.member.id} owes a post`)
  await records.postCharges.dropOwed(number, owed.postId)

  const nextChargeAt = next?.dueAt ?? null
  const before = await findBefore(standing.member, records)
  const isThere = (await records.posts.findPost(owed.postId)) !== null
  const cents = isThere ? creationCents(pledge, before.events, at.now) : 0
  if (cents === 0) {
    await records.members.keepMember({ ...standing.member, nextChargeAt })
    return 'passed'
  }
  const member = paid(standing.member, { cents, now: at.now, nextChargeAt })
  await keep({ action: 'charge', before, member, pledge, linkBase }, [chargeOf(cents, 'Paid')], records, at)
  return 'charged'
}
