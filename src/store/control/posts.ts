import type { Kysely, Selectable } from 'kysely'
import type { Post } from '../../domain/post.ts'
import type { Instant } from '../../domain/time.ts'
import type { Tables } from '../tables.ts'
import { type Benefits, benefits } from './benefits.ts'
import { jsonIn, jsonText } from './json-text.ts'
import { rowId } from './row-id.ts'

/** What creators publish, and what their tiers promise; a deleted post is found no more. */
export interface Posts extends Benefits {
  findPost(id: string): Promise<Post | null>
  /** In the order of their ids, or against it, starting behind `after`. */
  listPosts(campaignId: string, page: PostPage): Promise<Post[]>
  countPosts(campaignId: string): Promise<number>
  insertPost(post: Omit<Post, 'id'>): Promise<Post>
  keepPost(post: Post): Promise<void>
  /** False when it was deleted already. */
  deletePost(id: string, now: Instant): Promise<boolean>
}

/** A part of a long list; the oldest first, unless told otherwise. */
export type PostPage = { after: string | null; limit: number; isNewestFirst?: boolean }

/** Posts and benefits over one connection. */
export function posts(db: Kysely<Tables>): Posts {
  return { ...reading(db), ...writing(db), ...benefits(db) }
}

const present = (db: Kysely<Tables>) => db.selectFrom('posts').selectAll().where('deleted_at', 'is', null)

function reading(db: Kysely<Tables>): Pick<Posts, 'findPost' | 'listPosts' | 'countPosts'> {
  return {
    async findPost(id) {
      const row = await present(db).where('id', '=', rowId(id)).executeTakeFirst()
      return row === undefined ? null : toPost(row)
    },

    async listPosts(campaignId, { after, limit, isNewestFirst = false }) {
      const [direction, beyond] = isNewestFirst ? (['desc', '<'] as const) : (['asc', '>'] as const)
      let query = present(db).where('campaign_id', '=', rowId(campaignId)).orderBy('id', direction).limit(limit)
      if (after !== null) query = query.where('id', beyond, rowId(after))
      return (await query.execute()).map(toPost)
    },

    async countPosts(campaignId) {
      const { count } = await db
        .selectFrom('posts')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('campaign_id', '=', rowId(campaignId))
        .where('deleted_at', 'is', null)
        .executeTakeFirstOrThrow()
      return Number(count)
    },
  }
}

function writing(db: Kysely<Tables>): Pick<Posts, 'insertPost' | 'keepPost' | 'deletePost'> {
  return {
    async insertPost(post) {
      return toPost(await db.insertInto('posts').values(columnsOf(post)).returningAll().executeTakeFirstOrThrow())
    },

    async keepPost(post) {
      await db.updateTable('posts').set(columnsOf(post)).where('id', '=', rowId(post.id)).execute()
    },

    async deletePost(id, now) {
      const { numUpdatedRows } = await db
        .updateTable('posts')
        .set({ deleted_at: now })
        .where('id', '=', rowId(id))
        .where('deleted_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },
  }
}

const columnsOf = (post: Omit<Post, 'id'>) => ({
  campaign_id: rowId(post.campaignId),
  title: post.title,
  content: post.content,
  is_paid: post.isPaid ? 1 : 0,
  is_public: post.isPublic ? 1 : 0,
  tiers: jsonText(post.tierIds),
  published_at: post.publishedAt,
  edited_at: post.editedAt,
})

const toPost = (row: Selectable<Tables['posts']>): Post => ({
  id: String(row.id),
  campaignId: String(row.campaign_id),
  title: row.title,
  content: row.content,
  isPaid: row.is_paid === 1,
  isPublic: row.is_public === 1,
  tierIds: jsonIn<string[]>(row.tiers),
  publishedAt: row.published_at,
  editedAt: row.edited_at,
})
