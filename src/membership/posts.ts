/** What creators write. Each of these and its event are one command. */
import { campaignTenant } from '../domain/event.ts'
import type { Post } from '../domain/post.ts'
import type { PostTrigger } from '../domain/trigger.ts'
import { wireBytes } from '../domain/wire-json.ts'
import { command, type Moment } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import type { Actor } from './actor.ts'
import { personWith, standingOf } from './announce.ts'
import { beginCharging } from './creation-charges.ts'
import { postDocument } from './documents/v2/post-event.ts'
import { mustRun } from './members.ts'
import { mustHaveSeen } from './newest-seen.ts'
import { mustBeOwnTiers } from './own-tiers.ts'
import { unknownPost } from './refusals.ts'
import { mustFit } from './texts.ts'

/** What a creator writes. */
export type PostText = Pick<Post, 'title' | 'content' | 'isPaid' | 'isPublic' | 'tierIds'>
/** What is published where; with the newest post that its writer saw, only while there is no newer one. */
export type PublishInput = {
  actor: Actor
  campaignId: string
  text: PostText
  linkBase: string
  /** Empty: there was none. */
  newestSeenId?: string
}
/** Which post it is about. */
export type PostInput = { actor: Actor; postId: string; linkBase: string }

/** A headline. */
const postTitleLimit = 200
/** With every character escaped, a post and its campaign still fit into an event's body. */
const contentLimit = 30_000

/** A creator publishes a post; it is out at once. A paid one is charged for where the campaign charges by the creation. */
export const publishPost = command('posts.publish', async (records, input: PublishInput, at): Promise<Post> => {
  const { actor, campaignId, text, linkBase, newestSeenId } = input
  await mustRun(actor, campaignId, records)
  if (newestSeenId !== undefined) {
    const [newest] = await records.posts.listPosts(campaignId, { after: null, limit: 1, isNewestFirst: true })
    mustHaveSeen(newest, { seenId: newestSeenId, kind: 'post' })
  }
  await mustBeReadable(text, campaignId, records)

  const post = await records.posts.insertPost({ ...text, campaignId, publishedAt: at.now, editedAt: at.now })
  const campaign = await records.memberships.findCampaign(campaignId)
  if (post.isPaid && campaign?.isMonthly === false) await beginCharging(post.id, records, at)
  await announcePost('posts:publish', { post, linkBase }, records, at)
  return post
})

/** A creator changes a post; what is left out stays. Nobody is charged: that was decided when it came out. */
export const editPost = command(
  'posts.edit',
  async (records, input: PostInput & { changes: Partial<PostText> }, at): Promise<Post> => {
    const current = await postRunBy(input, records)
    const post = { ...current, ...input.changes, editedAt: at.now }
    await mustBeReadable(post, post.campaignId, records)

    await records.posts.keepPost(post)
    await announcePost('posts:update', { post, linkBase: input.linkBase }, records, at)
    return post
  },
)

/** A creator deletes a post. */
export const deletePost = command('posts.delete', async (records, input: PostInput, at): Promise<Post> => {
  const post = await postRunBy(input, records)
  await records.posts.deletePost(post.id, at.now)
  await announcePost('posts:delete', { post, linkBase: input.linkBase }, records, at)
  return post
})

async function postRunBy({ actor, postId }: PostInput, records: Records): Promise<Post> {
  const post = await records.posts.findPost(postId)
  if (post === null) throw unknownPost(postId)
  await mustRun(actor, post.campaignId, records)
  return post
}

async function mustBeReadable(text: PostText, campaignId: string, records: Records): Promise<void> {
  mustFit(text.title, { field: 'title', shortest: 1, longest: postTitleLimit })
  mustFit(text.content, { field: 'content', shortest: 0, longest: contentLimit })
  await mustBeOwnTiers(text.tierIds, { campaignId, what: 'tiers of one post' }, records)
}

async function announcePost(
  trigger: PostTrigger,
  { post, linkBase }: { post: Post; linkBase: string },
  records: Records,
  at: Moment,
): Promise<void> {
  const campaign = await standingOf(post.campaignId, records)
  const creator = await personWith(campaign.campaign.creatorId, records)
  const body = wireBytes(postDocument({ post, campaign, creator }, linkBase))
  at.happens({ tenant: campaignTenant(post.campaignId), trigger, body })
}
