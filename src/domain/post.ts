/** What a creator writes for patrons, and what tiers promise. */
import type { Instant } from './time.ts'

/** Something a creator published. */
export type Post = {
  /** Digits. */
  id: string
  campaignId: string
  title: string
  content: string
  /** Patrons are charged for it, where the campaign charges by the creation. */
  isPaid: boolean
  isPublic: boolean
  /** Whom it is for when it is not public; none of them means all patrons. */
  tierIds: readonly string[]
  publishedAt: Instant
  editedAt: Instant
}

/** Whether somebody who is entitled to so much may read a post. */
export function isFor(
  { isPublic, tierIds }: Pick<Post, 'isPublic' | 'tierIds'>,
  entitled: { amountCents: number; tierIds: readonly string[] },
): boolean {
  if (isPublic) return true
  if (tierIds.length === 0) return entitled.amountCents > 0
  return tierIds.some((id) => entitled.tierIds.includes(id))
}

/** What a tier promises. */
export type Benefit = {
  /** Digits. */
  id: string
  campaignId: string
  title: string
  description: string
  createdAt: Instant
  deletedAt: Instant | null
  /** The tiers that promise it; none once it is deleted. */
  tierIds: readonly string[]
}
