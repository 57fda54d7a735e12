/** What of other people's things a token may be told (wire.md §4.4, §5.1). */
import type { Campaign, Pledge } from '../../domain/membership.ts'
import type { Access } from '../../domain/oauth-scope.ts'
import type { UserView } from '../../membership/documents/user.ts'

/** Who looks, and who is a patron of theirs in what is looked at. */
export type Sight = { access: Access; patrons: ReadonlySet<string> }

/** How much of a user is told. */
export function viewOf(accountId: string, { access, patrons }: Sight): UserView {
  if (accountId === access.accountId && access.opens.has('identity')) return 'own'
  return patrons.has(accountId) && access.opens.has('campaigns.members') ? 'patron' : 'public'
}

/** Who may see more of a person does not yet learn where to write to. */
export function mayTellEmail(view: UserView, { opens }: Access): boolean {
  switch (view) {
    case 'own':
      return opens.has('identity[email]')
    case 'patron':
      return opens.has('campaigns.members[email]')
    case 'public':
      return false
  }
}

/** Whether a campaign is told of as its creator sees it. */
export const isOwn = ({ creatorId }: Campaign, { accountId, opens }: Access): boolean =>
  creatorId === accountId && opens.has('campaigns')

/** Whether a patron's address may be told, also to a client through which the patron looks at their own pledge. */
export const mayTellAddress = ({ opens }: Access): boolean => opens.has('campaigns.members.address')

/** The patrons of whoever looks, among these pledges. */
export function patronsOf(accountId: string, pledges: readonly Pledge[], campaigns: readonly Campaign[]): Set<string> {
  const own = new Set(campaigns.filter(({ creatorId }) => creatorId === accountId).map(({ id }) => id))
  return new Set(pledges.filter(({ campaignId }) => own.has(campaignId)).map(({ patronId }) => patronId))
}
