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
