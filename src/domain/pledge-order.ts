/** The orders in which pledges are listed, and where in one a page begins. */
import type { Pledge } from './membership.ts'
import type { Instant } from './time.ts'

/** By when they were made, or by when their terms last changed. */
export type PledgeOrder = { by: 'created' | 'updated'; isDescending: boolean }

/** Where a page begins: with this patron's pledge, or without one with all of that moment. */
export type PledgePlace = { at: Instant; patronId: string | null }

/** A part of a long list. */
export type PledgesInOrder = { order: PledgeOrder; from: PledgePlace | null; limit: number }

/** A pledge with the moment that it was ordered by. */
export type DatedPledge = { pledge: Pledge; at: Instant }
