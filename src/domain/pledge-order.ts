/** The orders in which pledges are listed, and where in one a page begins. */
import type { Pledge } from './membership.ts'
import type { Instant } from './time.ts'

/** By when they were made, or by when their terms last changed. */
export type PledgeOrder = { by: 'created' | 'updated'; isDescending: boolean }

/**
 * Pledges of one millisecond stand in the order of a microsecond in it that their patron's number gives them. An edit,
 * which gives a pledge a new id, leaves it where it was; nobody's coming or going moves anybody else; and a date can
 * name the place.
 */
export const microsecondsInOne = 1000

/** Where in the millisecond a patron's pledge stands. */
export const microsecondOf = (patronId: string): number => Number(patronId) % microsecondsInOne

/** Where a page begins: at this microsecond of a moment, or without one with all of the moment. */
export type PledgePlace = { at: Instant; microsecond: number | null }

/** A part of a long list. */
export type PledgesInOrder = { order: PledgeOrder; from: PledgePlace | null; limit: number }

/** A pledge with the moment that it was ordered by. */
export type DatedPledge = { pledge: Pledge; at: Instant }
