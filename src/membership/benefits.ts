/** What creators promise with their tiers. Nobody hears of it: Patreon has no trigger for it. */
import type { Benefit } from '../domain/post.ts'
import { command } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import type { Actor } from './actor.ts'
import { descriptionLimit, titleLimit } from './campaigns.ts'
import { mustRun } from './members.ts'
import { mustBeOwnTiers } from './own-tiers.ts'
import { unknownBenefit } from './refusals.ts'
import { mustBeFewer, mustFit } from './texts.ts'

/** What a benefit says, and which tiers have it. */
export type BenefitText = Pick<Benefit, 'title' | 'description' | 'tierIds'>
/** Which benefit it is about. */
export type BenefitInput = { actor: Actor; benefitId: string }

/** Also those that were deleted count: documents list them all. */
const benefitsPerCampaignLimit = 200

/** A creator promises something. */
export const createBenefit = command(
  'benefits.create',
  async (records, input: { actor: Actor; campaignId: string; text: BenefitText }, at): Promise<Benefit> => {
    const { actor, campaignId, text } = input
    await mustRun(actor, campaignId, records)
    mustBeFewer(await records.posts.countBenefits(campaignId), benefitsPerCampaignLimit, 'benefits of one campaign')
    const benefit = { ...text, campaignId, tierIds: once(text.tierIds), createdAt: at.now, deletedAt: null }
    await mustBePromisable(benefit, records)
    return await records.posts.insertBenefit(benefit)
  },
)

/** A creator changes a promise, or which tiers have it; what is left out stays. */
export const editBenefit = command(
  'benefits.edit',
  async (records, input: BenefitInput & { changes: Partial<BenefitText> }): Promise<Benefit> => {
    const current = await benefitRunBy(input, records)
    const edited = { ...current, ...input.changes }
    const benefit = { ...edited, tierIds: once(edited.tierIds) }
    await mustBePromisable(benefit, records)
    await records.posts.keepBenefit(benefit)
    return benefit
  },
)

/** A creator takes a promise back: no tier has it any more, and documents say that it is deleted. */
export const deleteBenefit = command('benefits.delete', async (records, input: BenefitInput, at): Promise<Benefit> => {
  const current = await benefitRunBy(input, records)
  const benefit = { ...current, tierIds: [], deletedAt: at.now }
  await records.posts.keepBenefit(benefit)
  return benefit
})

async function benefitRunBy({ actor, benefitId }: BenefitInput, records: Records): Promise<Benefit> {
  const benefit = await records.posts.findBenefit(benefitId)
  if (benefit === null || benefit.deletedAt !== null) throw unknownBenefit(benefitId)
  await mustRun(actor, benefit.campaignId, records)
  return benefit
}

async function mustBePromisable(benefit: Omit<Benefit, 'id'>, records: Records): Promise<void> {
  mustFit(benefit.title, { field: 'title', shortest: 1, longest: titleLimit })
  mustFit(benefit.description, { field: 'description', shortest: 0, longest: descriptionLimit })
  await mustBeOwnTiers(benefit.tierIds, { campaignId: benefit.campaignId, what: 'tiers of one benefit' }, records)
}

const once = (ids: readonly string[]): string[] => [...new Set(ids)]
