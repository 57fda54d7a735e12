import type { Pledge } from '../domain/membership.ts'
import type { Moment } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import { earlierThan, findBefore, memberFrom } from './before.ts'
import { ended, lapsed } from './charging.ts'
import { keep } from './keeping.ts'

/**
 * A pledge ends, because somebody cancels it or because what was given is over. Who paid once stays a member, and so does
 * who had joined before they were given something; nobody else does.
 */
export async function endPledge(
  { action, pledge, linkBase }: { action: 'cancel' | 'gift-over'; pledge: Pledge; linkBase: string },
  records: Records,
  at: Moment,
): Promise<Pledge> {
  const place = { campaignId: pledge.campaignId, accountId: pledge.patronId }
  const before = await findBefore(place, records)
  await records.memberships.endPledge(pledge.id, at.now)

  const present = await memberFrom(before, place, records, at)
  const hasPaid = earlierThan(before) === 'payer'
  const isLapse = !hasPaid && pledge.kind === 'gift' && present.joinedAt < pledge.createdAt
  const member = isLapse ? lapsed(present) : ended(present, { hasPaid, now: at.now })
  const over = { ...pledge, endedAt: at.now }
  await records.postCharges.forgive(member.number)
  const news = { action: isLapse ? ('lapse' as const) : action, before, member, pledge: over, linkBase }
  await keep(news, ['pledge_delete'], records, at)
  return over
}
