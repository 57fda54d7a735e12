import { type ExpressionBuilder, type Kysely, sql } from 'kysely'
import type { Pledge } from '../../domain/membership.ts'
import type { DatedPledge, PledgeOrder, PledgePlace, PledgesInOrder } from '../../domain/pledge-order.ts'
import type { Tables } from '../tables.ts'
import { toPledge } from './pledges.ts'
import { rowId } from './row-id.ts'

/**
 * Open pledges in the order of a moment. Those that share it stand in the order of their patrons: a patron has one open
 * pledge to a campaign, and keeps the place when an edit gives the pledge a new id.
 */
export interface PledgeLists {
  /** Of one campaign, from a place in the order on. */
  listPledgesInOrder(campaignId: string, page: PledgesInOrder): Promise<DatedPledge[]>
  /** The oldest of each of these campaigns. */
  listFirstPledges(campaignIds: readonly string[], limit: number): Promise<Pledge[]>
}

/** Lists of pledges over one connection. */
export function pledgeLists(db: Kysely<Tables>): PledgeLists {
  return {
    async listPledgesInOrder(campaignId, { order, from, limit }) {
      const direction = order.isDescending ? 'desc' : 'asc'
      let query = db
        .selectFrom('pledges')
        .selectAll()
        .select((eb) => momentIn(order, eb).as('moment'))
        .where('campaign_id', '=', rowId(campaignId))
        .where('ended_at', 'is', null)
      if (from !== null) query = query.where((eb) => isFrom(from, order, eb))
      const rows = await query.orderBy('moment', direction).orderBy('patron_id', direction).limit(limit).execute()
      return rows.map((row) => ({ pledge: toPledge(row), at: row.moment }))
    },

    async listFirstPledges(campaignIds, limit) {
      if (campaignIds.length === 0) return []
      const ranked = db
        .selectFrom('pledges')
        .selectAll()
        .select(sql<number>`row_number() over (partition by campaign_id order by created_at, patron_id)`.as('place'))
        .where('campaign_id', 'in', campaignIds.map(rowId))
        .where('ended_at', 'is', null)
      const rows = await db
        .selectFrom(ranked.as('ranked'))
        .selectAll()
        .where('place', '<=', limit)
        .orderBy('campaign_id')
        .orderBy('place')
        .execute()
      return rows.map(toPledge)
    },
  }
}

type Pledging = ExpressionBuilder<Tables, 'pledges'>

/** An edit ends a pledge and makes another with the same beginning; so the latest such end is when the terms changed. */
function momentIn({ by }: PledgeOrder, eb: Pledging) {
  if (by === 'created') return eb.ref('pledges.created_at')
  const lastEdit = eb
    .selectFrom('pledges as earlier')
    .select(({ fn }) => fn.max('earlier.ended_at').as('at'))
    .whereRef('earlier.campaign_id', '=', 'pledges.campaign_id')
    .whereRef('earlier.patron_id', '=', 'pledges.patron_id')
    .whereRef('earlier.ended_at', '>=', 'pledges.created_at')
  return eb.fn.coalesce(lastEdit, 'pledges.created_at')
}

function isFrom({ at, patronId }: PledgePlace, order: PledgeOrder, eb: Pledging) {
  const moment = momentIn(order, eb)
  const [beyond, onwards] = order.isDescending ? (['<', '<='] as const) : (['>', '>='] as const)
  if (patronId === null) return eb(moment, onwards, at)
  return eb.or([
    eb(moment, beyond, at),
    eb.and([eb(moment, '=', at), eb('pledges.patron_id', onwards, rowId(patronId))]),
  ])
}
