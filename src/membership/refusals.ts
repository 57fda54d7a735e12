/** What is said when a membership can't be as somebody wants it. */
import { Refusal } from '../domain/refusal.ts'

/** No campaign has this id. */
export const unknownCampaign = (id: string): Refusal =>
  new Refusal('campaign_not_found', { message: `There is no campaign ${quoted(id)}.`, field: 'campaign_id' })

/** No account has this id. */
export const unknownAccount = (id: string, field: string): Refusal =>
  new Refusal('account_not_found', { message: `There is no account ${quoted(id)}.`, field })

/** No tier has this id. */
export const unknownTier = (id: string): Refusal =>
  new Refusal('tier_not_found', {
    message: `There is no tier ${quoted(id)}.`,
    field: 'tier_id',
    expected: 'one of the tiers that this campaign offers, or none',
  })

/** The tier is offered elsewhere. */
export const strangeTier = (id: string): Refusal =>
  new Refusal('tier_of_another_campaign', {
    message: `Tier ${quoted(id)} belongs to another campaign.`,
    field: 'tier_id',
    expected: 'one of the tiers that this campaign offers, or none',
  })

/** As many patrons as it allows have this tier. */
export const fullTier = (title: string, userLimit: number): Refusal =>
  new Refusal('tier_full', {
    message: `“${title}” is for ${userLimit} ${userLimit === 1 ? 'patron' : 'patrons'}, and is full.`,
    field: 'tier_id',
    expected: 'another tier, or none',
  })

/** The creator offers it no more. */
export const unpublishedTier = (title: string): Refusal =>
  new Refusal('tier_unpublished', {
    message: `“${title}” is not offered any more.`,
    field: 'tier_id',
    expected: 'another tier, or none',
  })

/** No member has this id, or it is not for this caller to know. */
export const unknownMember = (id: string): Refusal =>
  new Refusal('member_not_found', { message: `There is no member ${quoted(id)}.`, field: 'member_id' })

/** Who is a member can't become one. */
export const secondMembership = (memberId: string): Refusal =>
  new Refusal('member_exists', {
    message: `This account is a member of this campaign already: ${memberId}.`,
    expected: 'an account that is none yet',
  })

/** There is no charge that this could be done with. */
export const impossibleCharge = (message: string, expected: string): Refusal =>
  new Refusal('charge_impossible', { message, expected })

/** No post has this id, or it was deleted. */
export const unknownPost = (id: string): Refusal =>
  new Refusal('post_not_found', { message: `There is no post ${quoted(id)}.`, field: 'post_id' })

/** No benefit has this id, or it was deleted. */
export const unknownBenefit = (id: string): Refusal =>
  new Refusal('benefit_not_found', { message: `There is no benefit ${quoted(id)}.`, field: 'benefit_id' })

/** No pledge has this id, or it is somebody else's: the two are told alike, so that nobody learns who pledges where. */
export const unknownPledge = (id: string): Refusal =>
  new Refusal('pledge_not_found', { message: `There is no pledge ${quoted(id)}.`, field: 'pledge_id' })

/** It was cancelled, or edited and so replaced. */
export const endedPledge = (id: string): Refusal =>
  new Refusal('pledge_ended', {
    message: `Pledge ${quoted(id)} has ended.`,
    field: 'pledge_id',
    expected: 'an open pledge; an edit gives a pledge a new id',
  })

/** One patron has one pledge to one campaign. */
export const secondPledge = (openPledgeId: string): Refusal =>
  new Refusal('pledge_exists', {
    message: `This patron pledges to this campaign already, with pledge ${openPledgeId}.`,
    expected: 'an edit of that pledge',
  })

/** An amount that can't be pledged or asked for. */
export const invalidAmount = (field: string, message: string, expected: string): Refusal =>
  new Refusal('amount_invalid', { message, field, expected })

/** Something that only somebody else may do. */
export const notPermitted = (message: string): Refusal => new Refusal('not_permitted', { message })

const quoted = (id: string): string => JSON.stringify(id.slice(0, 40))
