import type { Kysely } from 'kysely'
import type { Post } from '../../domain/post.ts'
import type { Instant } from '../../domain/time.ts'
import type { Tables } from '../tables.ts'
import { rowId } from './row-id.ts'

/** A post that somebody is to be charged for, and since when. */
export type OwedPost = { postId: string; dueAt: Instant }

/**
 * What patrons are charged for by the creation. A post begins one pass over its campaign's members; a slice of them at a time
 * owes it then, until each was charged.
 */
export interface PostCharges {
  /** Whoever pledges now, and nobody who comes later, is to be charged for this post. */
  beginPass(postId: string): Promise<void>
  /** The oldest post published by then whose pass is not over. */
  findPass(by: Instant): Promise<Pass | null>
  /** The next members of a pass, so many at most, owe the post from now on if they pay and are not declined. False: all did. */
  advance(pass: Pass, limit: number): Promise<boolean>
  /** Nobody else is charged for this post. */
  endPass(postId: string): Promise<void>
  /** What a member owes, the oldest first. */
  listOwed(memberNumber: number): Promise<OwedPost[]>
  /** A member owes one post no more. */
  dropOwed(memberNumber: number, postId: string): Promise<void>
  /** A member owes nothing any more. */
  forgive(memberNumber: number): Promise<void>
}

/** How far the charges of a post have come. */
export type Pass = Pick<Post, 'campaignId' | 'publishedAt'> & {
  postId: string
  /** The number of the member that was looked at last. */
  passed: number
  newestPledgeId: number
}

/** Charges by the creation over one connection. */
export function postCharges(db: Kysely<Tables>): PostCharges {
  return { ...passing(db), ...owing(db), advance: async (pass, limit) => await advance(db, pass, limit) }
}

function passing(db: Kysely<Tables>): Pick<PostCharges, 'beginPass' | 'findPass' | 'endPass'> {
  return {
    async beginPass(postId) {
      const { newest } = await db
        .selectFrom('pledges')
        .select(({ fn }) => fn.max('id').as('newest'))
        .executeTakeFirstOrThrow()
      const columns = { post_id: rowId(postId), passed: 0, newest_pledge_id: Number(newest ?? 0) }
      await db.insertInto('charging_posts').values(columns).execute()
    },

    async findPass(by) {
      const row = await db
        .selectFrom('charging_posts')
        .innerJoin('posts', 'posts.id', 'post_id')
        .select(['post_id', 'passed', 'newest_pledge_id', 'campaign_id', 'published_at'])
        .where('published_at', '<=', by)
        .orderBy('post_id')
        .executeTakeFirst()
      if (row === undefined) return null
      return {
        ...{ postId: String(row.post_id), campaignId: String(row.campaign_id), publishedAt: row.published_at },
        ...{ passed: row.passed, newestPledgeId: row.newest_pledge_id },
      }
    },

    async endPass(postId) {
      await db.deleteFrom('charging_posts').where('post_id', '=', rowId(postId)).execute()
    },
  }
}

async function advance(db: Kysely<Tables>, pass: Pass, limit: number): Promise<boolean> {
  const slice = await db
    .selectFrom('members')
    .select(['number', 'account_id'])
    .where('campaign_id', '=', rowId(pass.campaignId))
    .where('left_at', 'is', null)
    .where('number', '>', pass.passed)
    .orderBy('number')
    .limit(limit)
    .execute()
  const owing = await payingAmong(db, pass, slice)
  if (owing.length > 0) {
    const [post_id, due_at] = [rowId(pass.postId), pass.publishedAt]
    const rows = owing.map((member_number) => ({ member_number, post_id, due_at }))
    await db.insertInto('post_charges').values(rows).execute()
    await db
      .updateTable('members')
      .set({ next_charge_at: due_at })
      .where('number', 'in', owing)
      .where('next_charge_at', 'is', null)
      .execute()
  }
  const passed = slice.at(-1)?.number ?? pass.passed
  await db.updateTable('charging_posts').set({ passed }).where('post_id', '=', rowId(pass.postId)).execute()
  return slice.length === limit
}

type Slice = readonly { number: number; account_id: number }[]

/** The numbers of those who pledged before the post was published; within its millisecond the order of pledges decides. */
async function payingAmong(db: Kysely<Tables>, pass: Pass, slice: Slice): Promise<number[]> {
  if (slice.length === 0) return []
  const rows = await db
    .selectFrom('pledges')
    .select('patron_id')
    .where('campaign_id', '=', rowId(pass.campaignId))
    .where(
      'patron_id',
      'in',
      slice.map(({ account_id }) => account_id),
    )
    .where('ended_at', 'is', null)
    .where('declined_since', 'is', null)
    .where('kind', '=', 'paid')
    .where(({ eb, and, or }) =>
      or([
        eb('created_at', '<', pass.publishedAt),
        and([eb('created_at', '=', pass.publishedAt), eb('id', '<=', pass.newestPledgeId)]),
      ]),
    )
    .execute()
  const paying = new Set(rows.map(({ patron_id }) => patron_id))
  return slice.flatMap(({ number, account_id }) => (paying.has(account_id) ? [number] : []))
}

function owing(db: Kysely<Tables>): Pick<PostCharges, 'listOwed' | 'dropOwed' | 'forgive'> {
  const owed = (memberNumber: number) => db.deleteFrom('post_charges').where('member_number', '=', memberNumber)
  return {
    async listOwed(memberNumber) {
      const rows = await db
        .selectFrom('post_charges')
        .select(['post_id', 'due_at'])
        .where('member_number', '=', memberNumber)
        .orderBy('post_id')
        .execute()
      return rows.map(({ post_id, due_at }) => ({ postId: String(post_id), dueAt: due_at }))
    },

    async dropOwed(memberNumber, postId) {
      await owed(memberNumber).where('post_id', '=', rowId(postId)).execute()
    },

    async forgive(memberNumber) {
      await owed(memberNumber).execute()
    },
  }
}
