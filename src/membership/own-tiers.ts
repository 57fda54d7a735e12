import { tiersPerCampaignLimit } from '../domain/membership.ts'
import type { Records } from '../store/records.ts'
import { strangeTier, unknownTier } from './refusals.ts'
import { mustBeFewer } from './texts.ts'

/** Lets tiers pass that this campaign offers. */
export async function mustBeOwnTiers(
  tierIds: readonly string[],
  { campaignId, what }: { campaignId: string; what: string },
  { memberships }: Records,
): Promise<void> {
  mustBeFewer(tierIds.length, tiersPerCampaignLimit + 1, what)
  for (const id of tierIds) {
    const tier = await memberships.findTier(id)
    if (tier === null) throw unknownTier(id)
    if (tier.campaignId !== campaignId) throw strangeTier(id)
  }
}
