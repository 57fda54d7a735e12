import type { Kysely, Selectable } from 'kysely'
import type { Campaign, CampaignStanding, Pledge, PledgeTerms, Tier } from '../../domain/membership.ts'
import type { Instant } from '../../domain/time.ts'
import type { Tables } from '../tables.ts'
import { listenersChanged } from './listeners-version.ts'

/** Campaigns, their tiers, and who pledges what. A pledge that ended stays as a row, so that it is ended rather than unknown. */
export interface Memberships extends Campaigns, Tiers, Pledges {}

interface Campaigns {
  findCampaign(id: string): Promise<Campaign | null>
  findCampaignByVanity(vanity: string): Promise<Campaign | null>
  /** In the order of their ids, starting behind `after`. */
  listCampaigns(page: { after: string | null; limit: number }): Promise<Campaign[]>
  /** The oldest first. */
  listCampaignsOf(creatorId: string): Promise<Campaign[]>
  /** What documents and pages say of a campaign: ended and declined pledges do not count. */
  findStanding(campaignId: string): Promise<CampaignStanding | null>
  insertCampaign(campaign: NewCampaign): Promise<Campaign>
}

interface Tiers {
  findTier(id: string): Promise<Tier | null>
  /** The cheapest first. */
  listTiers(campaignId: string): Promise<Tier[]>
  insertTier(tier: NewTier): Promise<Tier>
}

interface Pledges {
  /** Also one that ended. */
  findPledge(id: string): Promise<Pledge | null>
  findOpenPledge(of: { campaignId: string; patronId: string }): Promise<Pledge | null>
  /** Of one campaign, one patron, or one in the other; in the order of `createdAt`, then of id. */
  listOpenPledges(of: PledgeFilter, page: PledgePage): Promise<Pledge[]>
  countOpenPledges(of: PledgeFilter): Promise<number>
  insertPledge(pledge: NewPledge): Promise<Pledge>
  /** False when it had ended already. */
  endPledge(id: string, now: Instant): Promise<boolean>
}

/** A campaign that is about to be made. */
export type NewCampaign = Omit<Campaign, 'id'>
/** A tier that is about to be made. */
export type NewTier = Omit<Tier, 'id'>
/** A pledge that is about to be made, or to replace another. */
export type NewPledge = PledgeTerms & Pick<Pledge, 'campaignId' | 'patronId' | 'createdAt' | 'declinedSince'>
/** Of one campaign, of one patron, or both. */
export type PledgeFilter = { campaignId?: string; patronId?: string }
/** A part of a long list. */
export type PledgePage = {
  /** The last pledge of the page before. */
  after: Pick<Pledge, 'createdAt' | 'id'> | null
  order: 'oldest-first' | 'newest-first'
  limit: number
}

/** Memberships over one connection. */
export function memberships(db: Kysely<Tables>): Memberships {
  return { ...campaigns(db), ...tiers(db), ...pledges(db) }
}

function campaigns(db: Kysely<Tables>): Campaigns {
  const all = () => db.selectFrom('campaigns').selectAll()

  return {
    async findCampaign(id) {
      return campaignOf(await all().where('id', '=', rowId(id)).executeTakeFirst())
    },

    async findCampaignByVanity(vanity) {
      return campaignOf(await all().where('vanity', '=', vanity).executeTakeFirst())
    },

    async listCampaigns({ after, limit }) {
      const rows = await all()
        .where('id', '>', rowId(after ?? '0'))
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(toCampaign)
    },

    async listCampaignsOf(creatorId) {
      const rows = await all().where('account_id', '=', rowId(creatorId)).orderBy('id').execute()
      return rows.map(toCampaign)
    },

    findStanding: (campaignId) => standingOf(db, campaignId),

    async insertCampaign({ creatorId, vanity, creationName, summary, isMonthly, createdAt, publishedAt }) {
      const row = await db
        .insertInto('campaigns')
        .values({
          account_id: rowId(creatorId),
          vanity,
          creation_name: creationName,
          summary,
          is_monthly: isMonthly ? 1 : 0,
          created_at: createdAt,
          published_at: publishedAt,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      await listenersChanged(db)
      return toCampaign(row)
    },
  }
}

async function standingOf(db: Kysely<Tables>, campaignId: string): Promise<CampaignStanding | null> {
  const campaign = await campaigns(db).findCampaign(campaignId)
  if (campaign === null) return null

  const counts = await db
    .selectFrom('pledges')
    .select(({ fn }) => ['tier_id', fn.countAll<number>().as('patrons'), fn.sum<number>('amount_cents').as('cents')])
    .where('campaign_id', '=', rowId(campaignId))
    .where('ended_at', 'is', null)
    .where('declined_since', 'is', null)
    .groupBy('tier_id')
    .execute()

  // A database may answer with text where a number might be too large for it.
  const patronsOf = new Map(counts.map((row) => [String(row.tier_id), Number(row.patrons)]))
  const offered = await tiers(db).listTiers(campaignId)
  return {
    campaign,
    tiers: offered.map((tier) => ({ ...tier, patronCount: patronsOf.get(tier.id) ?? 0 })),
    patronCount: counts.reduce((sum, row) => sum + Number(row.patrons), 0),
    pledgeSumCents: counts.reduce((sum, row) => sum + Number(row.cents), 0),
  }
}

function tiers(db: Kysely<Tables>): Tiers {
  const all = () => db.selectFrom('tiers').selectAll()

  return {
    async findTier(id) {
      const row = await all().where('id', '=', rowId(id)).executeTakeFirst()
      return row === undefined ? null : toTier(row)
    },

    async listTiers(campaignId) {
      const rows = await all()
        .where('campaign_id', '=', rowId(campaignId))
        .orderBy('amount_cents')
        .orderBy('id')
        .execute()
      return rows.map(toTier)
    },

    async insertTier({ campaignId, title, description, amountCents, userLimit, createdAt, editedAt }) {
      const row = await db
        .insertInto('tiers')
        .values({
          campaign_id: rowId(campaignId),
          title,
          description,
          amount_cents: amountCents,
          user_limit: userLimit,
          created_at: createdAt,
          edited_at: editedAt,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      return toTier(row)
    },
  }
}

function pledges(db: Kysely<Tables>): Pledges {
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

    async insertPledge(pledge) {
      return toPledge(await db.insertInto('pledges').values(columnsOf(pledge)).returningAll().executeTakeFirstOrThrow())
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
})

const noRow = -1

/** A row's number; what can't be an id is the number of no row, so that "1e3" and "" find nothing. */
const rowId = (id: string): number => (/^\d{1,15}$/.test(id) ? Number(id) : noRow)

const campaignOf = (row: Selectable<Tables['campaigns']> | undefined): Campaign | null =>
  row === undefined ? null : toCampaign(row)

const pledgeOf = (row: Selectable<Tables['pledges']> | undefined): Pledge | null =>
  row === undefined ? null : toPledge(row)

const toCampaign = (row: Selectable<Tables['campaigns']>): Campaign => ({
  id: String(row.id),
  creatorId: String(row.account_id),
  vanity: row.vanity,
  creationName: row.creation_name,
  summary: row.summary,
  isMonthly: row.is_monthly === 1,
  createdAt: row.created_at,
  publishedAt: row.published_at,
})

const toTier = (row: Selectable<Tables['tiers']>): Tier => ({
  id: String(row.id),
  campaignId: String(row.campaign_id),
  title: row.title,
  description: row.description,
  amountCents: row.amount_cents,
  userLimit: row.user_limit,
  createdAt: row.created_at,
  editedAt: row.edited_at,
})

const toPledge = (row: Selectable<Tables['pledges']>): Pledge => ({
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
})
