import type { Kysely, Selectable } from 'kysely'
import type { Pledge, PledgeTerms } from '../../domain/membership.ts'
import type { Instant } from '../../domain/time.ts'
import type { Tables } from '../tables.ts'
import { rowId } from './row-id.ts'

/** Who pledges what. A pledge that ended stays as a row, so that it is ended rather than unknown. */
export interface Pledges {
  /** Also one that ended. */
  findPledge(id: string): Promise<Pledge | null>
  findOpenPledge(of: { campaignId: string; patronId: string }): Promise<Pledge | null>
  /** Of one campaign, one patron, or one in the other; in the order of `createdAt`, then of id. */
  listOpenPledges(of: PledgeFilter, page: PledgePage): Promise<Pledge[]>
  countOpenPledges(of: PledgeFilter): Promise<number>
  insertPledge(pledge: NewPledge): Promise<Pledge>
  /** Since when its charge is declined; null when it was recovered. */
  setDeclined(id: string, since: Instant | null): Promise<void>
  /** A trial is over: from now on it is paid. */
  endTrial(id: string): Promise<void>
  /** False when it had ended already. */
  endPledge(id: string, now: Instant): Promise<boolean>
}

/** A pledge that is about to be made, or to replace another. */
export type NewPledge = PledgeTerms &
  Pick<Pledge, 'campaignId' | 'patronId' | 'createdAt' | 'declinedSince' | 'cadenceMonths' | 'kind' | 'freeUntil'> & {
    /** When its terms changed last; when it was made, unless it says otherwise. */
    updatedAt?: Instant
  }
/** Of one campaign, of one patron, or both. */
export type PledgeFilter = { campaignId?: string; patronId?: string }
/** A part of a long list. */
export type PledgePage = {
  /** The last pledge of the page before. */
  after: Pick<Pledge, 'createdAt' | 'id'> | null
  order: 'oldest-first' | 'newest-first'
  limit: number
}

/** Pledges over one connection. */
export function pledges(db: Kysely<Tables>): Pledges {
  return { ...finding(db), ...changing(db) }
}

type Finding = Pick<Pledges, 'findPledge' | 'findOpenPledge' | 'listOpenPledges' | 'countOpenPledges'>

function finding(db: Kysely<Tables>): Finding {
  const open = (of: PledgeFilter) => {
    let query = db.selectFrom('pledges').where('ended_at', 'is', null)
    if (of.campaignId !== undefined) query = query.where('campaign_id', '=', rowId(of.campaignId))
    if (of.patronId !== undefined) query = query.where('patron_id', '=', rowId(of.patronId))
    return query
  }

  return {
    async findPledge(id) {
      return pledgeOf(await db.selectFrom('pledges').selectAll().where('id', '=', rowId(id)).executeTakeFirst())
    },

    async findOpenPledge(of) {
      return pledgeOf(await open(of).selectAll().executeTakeFirst())
    },

    async listOpenPledges(of, { after, order, limit }) {
      const [direction, beyond] = order === 'oldest-first' ? (['asc', '>'] as const) : (['desc', '<'] as const)
      let query = open(of).selectAll().orderBy('created_at', direction).orderBy('id', direction).limit(limit)
      if (after !== null) {
        query = query.where(({ eb, refTuple, tuple }) =>
          eb(refTuple('created_at', 'id'), beyond, tuple(after.createdAt, rowId(after.id))),
        )
      }
      return (await query.execute()).map(toPledge)
    },

    async countOpenPledges(of) {
      const { count } = await open(of)
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
  }
}

function changing(db: Kysely<Tables>): Pick<Pledges, 'insertPledge' | 'setDeclined' | 'endTrial' | 'endPledge'> {
  return {
    async insertPledge(pledge) {
      return toPledge(await db.insertInto('pledges').values(columnsOf(pledge)).returningAll().executeTakeFirstOrThrow())
    },

    async setDeclined(id, since) {
      await db.updateTable('pledges').set({ declined_since: since }).where('id', '=', rowId(id)).execute()
    },

    async endTrial(id) {
      const columns = { kind: 'paid', free_until: null }
      await db.updateTable('pledges').set(columns).where('id', '=', rowId(id)).execute()
    },

    async endPledge(id, now) {
      const { numUpdatedRows } = await db
        .updateTable('pledges')
        .set({ ended_at: now })
        .where('id', '=', rowId(id))
        .where('ended_at', 'is', null)
        .executeTakeFirstOrThrow()
      return numUpdatedRows === 1n
    },
  }
}

const columnsOf = (pledge: NewPledge) => ({
  campaign_id: rowId(pledge.campaignId),
  patron_id: rowId(pledge.patronId),
  tier_id: pledge.tierId === null ? null : rowId(pledge.tierId),
  amount_cents: pledge.amountCents,
  pledge_cap_cents: pledge.capCents,
  patron_pays_fees: pledge.patronPaysFees ? 1 : 0,
  created_at: pledge.createdAt,
  declined_since: pledge.declinedSince,
  cadence_months: pledge.cadenceMonths,
  kind: pledge.kind,
  free_until: pledge.freeUntil,
  updated_at: pledge.updatedAt ?? pledge.createdAt,
})

const pledgeOf = (row: Selectable<Tables['pledges']> | undefined): Pledge | null =>
  row === undefined ? null : toPledge(row)

/** The pledge that lies in a row. */
export const toPledge = (row: Selectable<Tables['pledges']>): Pledge => ({
  id: String(row.id),
  campaignId: String(row.campaign_id),
  patronId: String(row.patron_id),
  tierId: row.tier_id === null ? null : String(row.tier_id),
  amountCents: row.amount_cents,
  capCents: row.pledge_cap_cents,
  patronPaysFees: row.patron_pays_fees === 1,
  createdAt: row.created_at,
  declinedSince: row.declined_since,
  endedAt: row.ended_at,
  cadenceMonths: row.cadence_months === 12 ? 12 : 1,
  kind: row.kind as Pledge['kind'],
  freeUntil: row.free_until,
})
