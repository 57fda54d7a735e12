import type { ExpressionBuilder, Kysely } from 'kysely'
import type { Pledge } from '../../domain/membership.ts'
import {
  type DatedPledge,
  microsecondsInOne,
  type PledgeOrder,
  type PledgePlace,
  type PledgesInOrder,
} from '../../domain/pledge-order.ts'
import type { Tables } from '../tables.ts'
import { toPledge } from './pledges.ts'
import { rowId } from './row-id.ts'

/**
 * Open pledges in the order of a moment, and of the microsecond in it that their patron gives them; those that share this
 * too, in the order of their patrons, who have one open pledge each to a campaign.
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
        .select(`${momentIn(order)} as moment`)
        .where('campaign_id', '=', rowId(campaignId))
        .where('ended_at', 'is', null)
      if (from !== null) query = query.where((eb) => isFrom(from, order, eb))
      const rows = await query
        .orderBy(momentIn(order), direction)
        .orderBy(microsecondIn, direction)
        .orderBy('patron_id', direction)
        .limit(limit)
        .execute()
      return rows.map((row) => ({ pledge: toPledge(row), at: row.moment }))
    },

    async listFirstPledges(campaignIds, limit) {
      if (campaignIds.length === 0) return []
      // By campaign, so that of each only these few are read, however many it has.
      const rows = await db
        .selectFrom('campaigns')
        .innerJoin('pledges', (join) =>
          join.on('pledges.id', 'in', (eb) =>
            eb
              .selectFrom('pledges as oldest')
              .select('oldest.id')
              .whereRef('oldest.campaign_id', '=', 'campaigns.id')
              .where('oldest.ended_at', 'is', null)
              .orderBy('oldest.created_at')
              .orderBy((inner) => inner('oldest.patron_id', '%', inner.lit(microsecondsInOne)))
              .orderBy('oldest.patron_id')
              .limit(limit),
          ),
        )
        .selectAll('pledges')
        .where('campaigns.id', 'in', campaignIds.map(rowId))
        .orderBy('campaigns.id')
        .orderBy('pledges.created_at')
        .orderBy((eb) => eb('pledges.patron_id', '%', eb.lit(microsecondsInOne)))
        .orderBy('pledges.patron_id')
        .execute()
      return rows.map(toPledge)
    },
  }
}

type Pledging = ExpressionBuilder<Tables, 'pledges'>

/** Each order has an index, in which the patron's microsecond and the patron stand behind the moment. */
const momentIn = ({ by }: PledgeOrder) =>
  by === 'created' ? ('pledges.created_at' as const) : ('pledges.updated_at' as const)

// Written out, because an index on an expression is used for the same expression only.
const microsecondIn = (eb: Pledging) => eb('pledges.patron_id', '%', eb.lit(microsecondsInOne))

function isFrom({ at, microsecond }: PledgePlace, order: PledgeOrder, eb: Pledging) {
  const moment = momentIn(order)
  const [beyond, onwards] = order.isDescending ? (['<', '<='] as const) : (['>', '>='] as const)
  const reached = eb(moment, onwards, at)
  if (microsecond === null) return reached
  // In this form the index finds the moment, and only what shares it is looked at twice.
  return eb.and([reached, eb.or([eb(moment, beyond, at), eb(microsecondIn(eb), onwards, microsecond)])])
}
