/** The campaign that a page's address names, and who made it. */
import type { CampaignStanding } from '../domain/membership.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Store } from '../store/store.ts'

/** A campaign's address has its vanity in it. */
export type WithVanity = { Params: { vanity: string } }

/** The campaign of this name. */
export async function standingCalled(vanity: string, { store }: { store: Store }): Promise<CampaignStanding> {
  const campaign = await store.read.memberships.findCampaignByVanity(vanity.toLowerCase())
  const standing = campaign === null ? null : await store.read.memberships.findStanding(campaign.id)
  if (standing !== null) return standing
  throw new Refusal('campaign_not_found', { message: 'There is no campaign of this name.', field: 'vanity' })
}

/** What its creator is called, where the page says by whom it is. */
export async function creatorNameOf({ campaign }: CampaignStanding, { read }: Store): Promise<string> {
  return (await read.accounts.find(campaign.creatorId))?.fullName ?? 'a creator'
}
