import type { Kysely, Selectable } from 'kysely'
import type { Campaign, CampaignStanding, Tier } from '../../domain/membership.ts'
import type { Tables } from '../tables.ts'
import { listenersChanged } from './listeners-version.ts'
import { type Pledges, pledges } from './pledges.ts'
import { rowId } from './row-id.ts'

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
  /** Writes what changed of a campaign, whole. */
  keepCampaign(campaign: Campaign): Promise<void>
}

interface Tiers {
  findTier(id: string): Promise<Tier | null>
  /** The cheapest first. */
  listTiers(campaignId: string): Promise<Tier[]>
  insertTier(tier: NewTier): Promise<Tier>
  /** Writes what changed of a tier, whole. */
  keepTier(tier: Tier): Promise<void>
}

/** A campaign that is about to be made. */
export type NewCampaign = Omit<Campaign, 'id'>
/** A tier that is about to be made. */
export type NewTier = Omit<Tier, 'id'>
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

    async insertCampaign(campaign) {
      const row = await db
        .insertInto('campaigns')
        .values(campaignColumns(campaign))
        .returningAll()
        .executeTakeFirstOrThrow()
      await listenersChanged(db)
      return toCampaign(row)
    },

    async keepCampaign(campaign) {
      await db.updateTable('campaigns').set(campaignColumns(campaign)).where('id', '=', rowId(campaign.id)).execute()
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

    async insertTier(tier) {
      const row = await db.insertInto('tiers').values(tierColumns(tier)).returningAll().executeTakeFirstOrThrow()
      return toTier(row)
    },

    async keepTier(tier) {
      await db.updateTable('tiers').set(tierColumns(tier)).where('id', '=', rowId(tier.id)).execute()
    },
  }
}

const campaignColumns = (campaign: NewCampaign) => ({
  account_id: rowId(campaign.creatorId),
  vanity: campaign.vanity,
  creation_name: campaign.creationName,
  summary: campaign.summary,
  is_monthly: campaign.isMonthly ? 1 : 0,
  created_at: campaign.createdAt,
  published_at: campaign.publishedAt,
  one_liner: campaign.oneLiner,
  thanks_msg: campaign.thanksMessage,
  is_nsfw: campaign.isNsfw ? 1 : 0,
})

const tierColumns = (tier: NewTier) => ({
  campaign_id: rowId(tier.campaignId),
  title: tier.title,
  description: tier.description,
  amount_cents: tier.amountCents,
  user_limit: tier.userLimit,
  created_at: tier.createdAt,
  edited_at: tier.editedAt,
  unpublished_at: tier.unpublishedAt,
})

const campaignOf = (row: Selectable<Tables['campaigns']> | undefined): Campaign | null =>
  row === undefined ? null : toCampaign(row)

const toCampaign = (row: Selectable<Tables['campaigns']>): Campaign => ({
  id: String(row.id),
  creatorId: String(row.account_id),
  vanity: row.vanity,
  creationName: row.creation_name,
  summary: row.summary,
  isMonthly: row.is_monthly === 1,
  createdAt: row.created_at,
  publishedAt: row.published_at,
  oneLiner: row.one_liner,
  thanksMessage: row.thanks_msg,
  isNsfw: row.is_nsfw === 1,
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
  unpublishedAt: row.unpublished_at,
})
