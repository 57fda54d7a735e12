/** Who looks, and what they may be told of others. */
import type { Access } from '../../domain/oauth-scope.ts'
import type { Readings } from '../../store/records.ts'

/** Somebody with a token, and the campaigns that are theirs. */
export type Viewer = {
  access: Access
  /** The oldest first. */
  ownCampaignIds: readonly string[]
}

/** Whose a token is, as far as documents depend on it. */
export async function viewerOf(access: Access, read: Readings): Promise<Viewer> {
  const campaigns = await read.memberships.listCampaignsOf(access.accountId)
  return { access, ownCampaignIds: campaigns.map(({ id }) => id) }
}

/** Whether a campaign is the viewer's own. */
export const owns = ({ ownCampaignIds }: Viewer, campaignId: string): boolean => ownCampaignIds.includes(campaignId)

/** A membership is the business of two: its creator's and its patron's. */
export const mayTellEmail = (viewer: Viewer, { accountId, campaignId }: Membership): boolean =>
  mayTellOwnEmail(viewer, accountId) ||
  (owns(viewer, campaignId) && viewer.access.opens.has('campaigns.members[email]'))

/** Whether somebody's address is told to themselves. */
export const mayTellOwnEmail = ({ access }: Viewer, accountId: string): boolean =>
  accountId === access.accountId && access.opens.has('identity[email]')

/** One person in one campaign. */
export type Membership = { accountId: string; campaignId: string }
