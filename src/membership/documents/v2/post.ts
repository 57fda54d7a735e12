import type { Post } from '../../../domain/post.ts'
import { one, type V2Resource, v2Timestamp } from './resource.ts'

/** A post with every attribute that v2 knows (wire.md §6.3). */
export const postResource = (post: Post, creatorId: string): V2Resource => ({
  type: 'post',
  id: post.id,
  attributes: {
    app_id: null,
    app_status: null,
    content: post.content,
    embed_data: null,
    embed_url: null,
    is_paid: post.isPaid,
    is_public: post.isPublic,
    published_at: v2Timestamp(post.publishedAt),
    tiers: post.tierIds.map(Number),
    title: post.title,
    url: `/posts/${post.id}`,
  },
  relationships: { campaign: one('campaign', post.campaignId), user: one('user', creatorId) },
})
