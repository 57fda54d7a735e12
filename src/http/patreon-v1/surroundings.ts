import type { Account } from '../../domain/account.ts'
import type { Address, Member } from '../../domain/member.ts'
import type { CampaignStanding, Pledge } from '../../domain/membership.ts'
import type { Readings } from '../../store/records.ts'

/** What an answer is about. */
export type Subjects = {
  accountIds: readonly string[]
  campaignIds: readonly string[]
  pledges: readonly Pledge[]
}

/** Everything that a document about them may tell. */
export type Surroundings = {
  pledges: readonly Pledge[]
  accounts: readonly Account[]
  /** Each creator's campaign: the oldest. */
  campaignOf: ReadonlyMap<string, string>
  /** Those that the answer is about come first. */
  standings: readonly CampaignStanding[]
  addresses: readonly Address[]
  members: readonly Member[]
}

/** Reads all of it in a fixed number of looks, however many pledges there are. */
export async function surroundingsOf(
  { accountIds, campaignIds, pledges }: Subjects,
  { accounts, memberships, members }: Readings,
): Promise<Surroundings> {
  const patronIds = unique(pledges.map(({ patronId }) => patronId))
  const pledgedTo = unique([...campaignIds, ...pledges.map(({ campaignId }) => campaignId)])
  const known = await memberships.listStandings(pledgedTo)

  const people = unique([...accountIds, ...patronIds, ...known.map(({ campaign }) => campaign.creatorId)])
  const campaignOf = await campaignsOf(people, memberships)
  const others = [...campaignOf.values()].filter((id) => !pledgedTo.includes(id))
  return {
    pledges,
    accounts: await accounts.listThese(people),
    campaignOf,
    // Whoever opened these is among the people already, so nothing that is found points beyond what is found.
    standings: [...known, ...(await memberships.listStandings(others))],
    addresses: await members.listAddresses(patronIds),
    members: await members.listMembersAmong({ campaignIds: pledgedTo, accountIds: patronIds }),
  }
}

async function campaignsOf(people: readonly string[], memberships: Readings['memberships']) {
  const campaigns = await memberships.listCampaignsOfAll(people)
  return new Map(campaigns.toReversed().map(({ id, creatorId }) => [creatorId, id]))
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)]
