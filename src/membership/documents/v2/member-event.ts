/** The body of `members:*` (wire.md §2.4 B), told to whoever may know so much. */
import type { Audience } from '../../../domain/event.ts'
import { type Address, entitlement, type MemberStanding } from '../../../domain/member.ts'
import type { CampaignStanding } from '../../../domain/membership.ts'
import type { Json } from '../../../domain/wire-json.ts'
import { campaignResource, tierResource } from './campaign.ts'
import { addressResource, memberResource } from './member.ts'
import { userResource } from './user.ts'
import { besides, eventDocument, untoldOfCampaigns, untoldOfUsers } from './written.ts'

/** A member beside everything that the document tells. */
export type MemberScene = {
  standing: MemberStanding
  campaign: CampaignStanding
  /** Of the member's own, if they are a creator too. */
  ownCampaignId: string | null
  address: Address | null
}

/** The whole document of one member for one audience. */
export function memberDocument(scene: MemberScene, audience: Audience, linkBase: string): Json {
  const address = audience === 2 || audience === 3 ? scene.address : null
  const surroundings = { mayTellEmail: audience === 1 || audience === 3, address, pledgeEvents: [] }
  return eventDocument(memberResource(scene.standing, surroundings), {
    relationships: ['address', 'campaign', 'currently_entitled_tiers', 'user'],
    included: included(scene, address, linkBase),
    linkBase,
  })
}

/** In the captured order: receivers take the first for the campaign. */
function included({ standing, campaign, ownCampaignId }: MemberScene, address: Address | null, linkBase: string) {
  const { tierIds } = entitlement(standing.pledge)
  const entitled = campaign.tiers.filter(({ id }) => tierIds.includes(id))
  const user = userResource(standing.account, { campaignId: ownCampaignId, membershipIds: [], linkBase }, false)
  return [
    besides(campaignResource(campaign, [], linkBase), untoldOfCampaigns),
    besides(user, untoldOfUsers),
    ...entitled.map((tier) => besides(tierResource(tier, { standing: campaign, benefits: [], linkBase }))),
    ...(address === null ? [] : [besides(addressResource(address))]),
  ]
}
