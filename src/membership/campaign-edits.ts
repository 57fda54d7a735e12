/** What creators change about a campaign and its tiers. Nobody hears of it: Patreon has no trigger for it. */
import { type Campaign, isOffered, type Tier } from '../domain/membership.ts'
import { command } from '../store/command.ts'
import type { Actor } from './actor.ts'
import { mustBeATier, mustSayWhatItIs, summaryLimit } from './campaigns.ts'
import { mustRun } from './members.ts'
import { unknownCampaign, unknownTier } from './refusals.ts'
import { mustFit } from './texts.ts'

/** What of a campaign may change; how it charges stays, because members were promised it. */
export type CampaignChanges = Partial<
  Pick<Campaign, 'creationName' | 'summary' | 'oneLiner' | 'thanksMessage' | 'isNsfw'>
>
/** What of a tier may change; who has it keeps the price. */
export type TierChanges = Partial<
  Pick<Tier, 'title' | 'description' | 'amountCents' | 'userLimit' | 'requiresShipping'>
> & {
  isPublished?: boolean
}

/** One line under a title. */
const oneLinerLimit = 200

/** A creator says something else about a campaign; what is left out stays. */
export const editCampaign = command(
  'campaigns.edit',
  async (records, input: { actor: Actor; campaignId: string; changes: CampaignChanges }): Promise<Campaign> => {
    const current = await records.memberships.findCampaign(input.campaignId)
    if (current === null) throw unknownCampaign(input.campaignId)
    await mustRun(input.actor, current.id, records)

    const campaign = { ...current, ...input.changes }
    mustSayWhatItIs(campaign)
    mustFit(campaign.oneLiner ?? '', { field: 'one_liner', shortest: 0, longest: oneLinerLimit })
    mustFit(campaign.thanksMessage ?? '', { field: 'thanks_msg', shortest: 0, longest: summaryLimit })
    await records.memberships.keepCampaign(campaign)
    return campaign
  },
)

/** A creator changes a tier, or offers it no more; what is left out stays. */
export const editTier = command(
  'tiers.edit',
  async (records, input: { actor: Actor; tierId: string; changes: TierChanges }, at): Promise<Tier> => {
    const current = await records.memberships.findTier(input.tierId)
    if (current === null) throw unknownTier(input.tierId)
    await mustRun(input.actor, current.campaignId, records)

    const { isPublished = isOffered(current), ...changes } = input.changes
    const unpublishedAt = isPublished ? null : (current.unpublishedAt ?? at.now)
    const tier = { ...current, ...changes, unpublishedAt, editedAt: at.now }
    mustBeATier(tier)
    await records.memberships.keepTier(tier)
    return tier
  },
)
