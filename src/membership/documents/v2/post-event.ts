/** The body of `posts:*` (wire.md §2.4 D): the post, its campaign, and who wrote it. */
import type { CampaignStanding } from '../../../domain/membership.ts'
import type { Post } from '../../../domain/post.ts'
import type { Json } from '../../../domain/wire-json.ts'
import type { Person } from '../user.ts'
import { campaignResource } from './campaign.ts'
import { postResource } from './post.ts'
import { userResource } from './user.ts'
import { besides, eventDocument, untoldOfCampaigns, untoldOfUsers } from './written.ts'

/** A post beside everything that the document tells. */
export type PostScene = { post: Post; campaign: CampaignStanding; creator: Person }

/** The whole document of one post. */
export function postDocument({ post, campaign, creator }: PostScene, linkBase: string): Json {
  const { account, campaignId } = creator
  const user = userResource(account, { campaignId, membershipIds: [], linkBase }, false)
  return eventDocument(postResource(post, account.id), {
    relationships: ['campaign', 'user'],
    included: [besides(campaignResource(campaign, [], linkBase), untoldOfCampaigns), besides(user, untoldOfUsers)],
    linkBase,
  })
}
