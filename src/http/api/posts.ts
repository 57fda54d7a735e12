import { z } from 'zod'
import type { Post } from '../../domain/post.ts'
import { mustRun } from '../../membership/members.ts'
import { deletePost, editPost, publishPost } from '../../membership/posts.ts'
import { unknownPost } from '../../membership/refusals.ts'
import { type Endpoint, endpoint, moment, nextOf, nothing, pageOf, pageSize, written } from '../endpoint.ts'
import { given } from '../given.ts'
import { actorIn, digits } from './actor.ts'
import type { ApiTools } from './tools.ts'

const text = {
  title: z.string(),
  content: z.string(),
  is_paid: z.boolean().describe('for patrons who are charged by the creation'),
  is_public: z.boolean(),
  tier_ids: z.array(digits).describe('whom it is for when it is not public; none of them means all patrons'),
}

const postShape = z
  .object({ id: z.string(), campaign_id: z.string(), ...text, published_at: moment, edited_at: moment })
  .meta({ id: 'Post' })

const byId = z.object({ id: digits })

const calls = { tag: 'memberships', scope: 'memberships' } as const

/** What creators write; for the campaign’s creator. */
export const postCalls = (tools: ApiTools) => ({
  list: listPostsCall(tools),
  publish: publishCall(tools),
  show: showPostCall(tools),
  edit: editPostCall(tools),
  delete: deletePostCall(tools),
})

const listPostsCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'listPosts',
    summary: 'List a campaign’s posts, the oldest first; for its creator',
    params: byId,
    query: z.object({ after: digits.optional(), limit: pageSize }),
    answer: pageOf(postShape),
    async handle({ caller, params: { id }, query: { after = null, limit } }) {
      await mustRun(actorIn(caller), id, store.read)
      const posts = await store.read.posts.listPosts(id, { after, limit })
      return { data: posts.map(shownPost), next: nextOf(posts, limit, (last) => last.id) }
    },
  })

const publishCall = ({ store, clock, linkBase }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'publishPost',
    summary: 'Publish a post; for the campaign’s creator',
    params: byId,
    body: z.strictObject({
      title: text.title,
      content: text.content.default(''),
      is_paid: text.is_paid.default(false),
      is_public: text.is_public.default(false),
      tier_ids: text.tier_ids.default([]),
    }),
    status: 201,
    answer: postShape,
    async handle({ caller, params: { id: campaignId }, body }) {
      const { title, content, is_paid: isPaid, is_public: isPublic, tier_ids: tierIds } = body
      const post = { title, content, isPaid, isPublic, tierIds }
      const input = { actor: actorIn(caller), campaignId, text: post, linkBase }
      return shownPost(await store.execute(publishPost, input, clock.now()))
    },
  })

const showPostCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'showPost',
    summary: 'Show a post; for the campaign’s creator',
    params: byId,
    answer: postShape,
    async handle({ caller, params: { id } }) {
      const post = await store.read.posts.findPost(id)
      if (post === null) throw unknownPost(id)
      await mustRun(actorIn(caller), post.campaignId, store.read)
      return shownPost(post)
    },
  })

const editPostCall = ({ store, clock, linkBase }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'editPost',
    summary: 'Change a post; what is left out stays',
    params: byId,
    body: z.strictObject(text).partial(),
    answer: postShape,
    async handle({ caller, params: { id: postId }, body }) {
      const { title, content, is_paid: isPaid, is_public: isPublic, tier_ids: tierIds } = body
      const changes = given({ title, content, isPaid, isPublic, tierIds })
      return shownPost(
        await store.execute(editPost, { actor: actorIn(caller), postId, changes, linkBase }, clock.now()),
      )
    },
  })

const deletePostCall = ({ store, clock, linkBase }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'deletePost',
    summary: 'Delete a post',
    params: byId,
    status: 204,
    answer: nothing,
    async handle({ caller, params: { id: postId } }) {
      await store.execute(deletePost, { actor: actorIn(caller), postId, linkBase }, clock.now())
      return null
    },
  })

const shownPost = (post: Post): z.output<typeof postShape> => ({
  id: post.id,
  campaign_id: post.campaignId,
  title: post.title,
  content: post.content,
  is_paid: post.isPaid,
  is_public: post.isPublic,
  tier_ids: [...post.tierIds],
  published_at: written(post.publishedAt),
  edited_at: written(post.editedAt),
})
