import type { Member, PledgeEvent } from '../domain/member.ts'
import { dollars } from '../domain/money.ts'
import { command } from '../store/command.ts'
import { findBefore } from './before.ts'
import { lastPayment, type Refund, refunded } from './charging.ts'
import { keep } from './keeping.ts'
import { type MemberInput, memberSeenBy, mustRun } from './members.ts'
import { impossibleCharge, invalidAmount } from './refusals.ts'

/**
 * Who gets something back, and how much of it; all that is left of the last payment unless it says otherwise. With an id,
 * of that payment only, so that asking twice does not give back the one before.
 */
export type RefundInput = MemberInput & { amountCents?: number; paymentId?: string }

/** A member gets their last payment back, or a part of it; the membership goes on. */
export const refundCharge = command('charges.refund', async (records, input: RefundInput, at): Promise<Member> => {
  const { actor, memberId, linkBase } = input
  const { member: present, pledge } = await memberSeenBy(actor, memberId, records)
  await mustRun(actor, present.campaignId, records)
  const before = await findBefore(present, records)

  const refund = refundOf(before.events, input)
  const member = refunded(present, refund)
  await keep({ action: 'refund', before, member, pledge, linkBase }, [refund], records, at)
  return member
})

function refundOf(events: readonly PledgeEvent[], { amountCents: wanted, paymentId }: RefundInput): Refund {
  const last = lastPayment(events)
  if (last === null) throw impossibleCharge('This member paid nothing that could be refunded.', 'a member who paid')
  const { payment, leftCents } = last
  if (paymentId !== undefined && paymentId !== payment.id) {
    throw impossibleCharge('Another payment is the last one by now.', 'the member’s last payment that was not refunded')
  }
  const amountCents = wanted ?? leftCents
  if (!Number.isSafeInteger(amountCents) || amountCents < 1 || amountCents > leftCents) {
    const message = `Of the last payment ${dollars(leftCents)} are left to be given back.`
    throw invalidAmount('amount_cents', message, `whole cents from 1 to ${leftCents}`)
  }
  const paymentStatus = amountCents === leftCents ? 'Refunded' : 'Partially Refunded'
  return { type: 'subscription', amountCents, paymentStatus }
}
