import type { Pledge } from '../domain/membership.ts'
import type { Moment } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import { earlierThan, findBefore, memberFrom } from './before.ts'
import { ended } from './charging.ts'
import { keep } from './keeping.ts'

/** A pledge ends, because somebody cancels it or because what was given is over; only who paid ever stays a member. */
export async function endPledge(
  { action, pledge, linkBase }: { action: 'cancel' | 'gift-over'; pledge: Pledge; linkBase: string },
  records: Records,
  at: Moment,
): Promise<Pledge> {
  const place = { campaignId: pledge.campaignId, accountId: pledge.patronId }
  const before = await findBefore(place, records)
  await records.memberships.endPledge(pledge.id, at.now)

  const hasPaid = earlierThan(before) === 'payer'
  const member = ended(await memberFrom(before, place, records, at), { hasPaid, now: at.now })
  const over = { ...pledge, endedAt: at.now }
  await records.postCharges.forgive(member.number)
  await keep({ action, before, member, pledge: over, linkBase }, ['pledge_delete'], records, at)
  return over
}
