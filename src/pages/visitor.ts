import type { Account } from '../domain/account.ts'
import type { Member } from '../domain/member.ts'
import { type CampaignStanding, hasPlaceLeft, isOffered, type Pledge } from '../domain/membership.ts'
import type { Store } from '../store/store.ts'

/** Somebody who is logged in, as they stand with one campaign. */
export type Visitor = {
  account: Account
  /** Creators see what is theirs, and pledge nothing to it. */
  isCreator: boolean
  /** The one that is open. */
  pledge: Pledge | null
  /** Null for who is no member, or not any more. */
  member: Member | null
  /** A trial is for who never pledged. */
  mayTry: boolean
  /** Whether there is somewhere to send things to. */
  hasAddress: boolean
}

/** How somebody stands with a campaign. */
export async function findVisitor(account: Account, standing: CampaignStanding, { read }: Store): Promise<Visitor> {
  const { id: campaignId, creatorId, isMonthly } = standing.campaign
  const found = await read.members.findMemberOf({ campaignId, accountId: account.id })
  const events = found === null ? [] : await read.members.listPledgeEvents([found.member.number])
  const isCreator = creatorId === account.id
  return {
    account,
    isCreator,
    hasAddress: (await read.members.findAddress(account.id)) !== null,
    pledge: found?.pledge ?? null,
    member: found?.member.leftAt === null ? found.member : null,
    mayTry:
      !isCreator &&
      isMonthly &&
      events.length === 0 &&
      standing.tiers.some((tier) => isOffered(tier) && hasPlaceLeft(tier)),
  }
}
