import type { Kysely, Selectable } from 'kysely'
import type { Campaign, CampaignStanding, Tier } from '../../domain/membership.ts'
import type { TierImage } from '../../domain/tier-image.ts'
import type { Tables } from '../tables.ts'
import { jsonIn, jsonText } from './json-text.ts'
import { listenersChanged } from './listeners-version.ts'
import { type PledgeLists, pledgeLists } from './pledge-lists.ts'
import { type Pledges, pledges } from './pledges.ts'
import { rowId } from './row-id.ts'
import { type TierImages, tierImages } from './tier-images.ts'

/** Campaigns, their tiers, and who pledges what. A pledge that ended stays as a row, so that it is ended rather than unknown. */
export interface Memberships extends Campaigns, Tiers, TierImages, Pledges, PledgeLists {}

interface Campaigns {
  findCampaign(id: string): Promise<Campaign | null>
  findCampaignByVanity(vanity: string): Promise<Campaign | null>
  /** In the order of their ids, starting behind `after`. */
  listCampaigns(page: { after: string | null; limit: number }): Promise<Campaign[]>
  /** The oldest first. */
  listCampaignsOf(creatorId: string): Promise<Campaign[]>
  /** Those of many creators, the oldest first. */
  listCampaignsOfAll(creatorIds: readonly string[]): Promise<Campaign[]>
  /** What documents and pages say of a campaign: ended and declined pledges do not count. */
  findStanding(campaignId: string): Promise<CampaignStanding | null>
  /** The same of many campaigns. */
  listStandings(campaignIds: readonly string[]): Promise<CampaignStanding[]>
  /** The same with nothing counted, for documents that show no counts. */
  listUncounted(campaignIds: readonly string[]): Promise<CampaignStanding[]>
  insertCampaign(campaign: NewCampaign): Promise<Campaign>
  /** Writes what changed of a campaign, whole. */
  keepCampaign(campaign: Campaign): Promise<void>
}

interface Tiers {
  findTier(id: string): Promise<Tier | null>
  /** Those of these ids that there are. */
  listTheseTiers(ids: readonly string[]): Promise<Tier[]>
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
  return { ...campaigns(db), ...changing(db), ...tiers(db), ...tierImages(db), ...pledges(db), ...pledgeLists(db) }
}

type Changing = Pick<Campaigns, 'insertCampaign' | 'keepCampaign'>

function campaigns(db: Kysely<Tables>): Omit<Campaigns, keyof Changing> {
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

    async listCampaignsOfAll(creatorIds) {
      if (creatorIds.length === 0) return []
      const rows = await all().where('account_id', 'in', creatorIds.map(rowId)).orderBy('id').execute()
      return rows.map(toCampaign)
    },

    findStanding: async (campaignId) => (await standingsOf(db, [campaignId]))[0] ?? null,

    listStandings: (campaignIds) => standingsOf(db, campaignIds),

    listUncounted: (campaignIds) => standingsOf(db, campaignIds, async () => []),
  }
}

function changing(db: Kysely<Tables>): Changing {
  return {
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

/** Many campaigns with what they have, in three looks however many they are. */
async function standingsOf(
  db: Kysely<Tables>,
  campaignIds: readonly string[],
  count: typeof pledgedTo = pledgedTo,
): Promise<CampaignStanding[]> {
  if (campaignIds.length === 0) return []
  const ids = campaignIds.map(rowId)
  const campaignRows = await db.selectFrom('campaigns').selectAll().where('id', 'in', ids).orderBy('id').execute()
  const tierRows = await db
    .selectFrom('tiers')
    .selectAll()
    .where('campaign_id', 'in', ids)
    .orderBy('amount_cents')
    .orderBy('id')
    .execute()
  const counts = await count(db, ids)

  // A database may answer with text where a number might be too large for it.
  const patronsOf = new Map(counts.map((row) => [String(row.tier_id), Number(row.patrons)]))
  return campaignRows.map((row) => {
    const own = counts.filter(({ campaign_id }) => campaign_id === row.id)
    const offered = tierRows.filter(({ campaign_id }) => campaign_id === row.id).map(toTier)
    return {
      campaign: toCampaign(row),
      tiers: offered.map((tier) => ({ ...tier, patronCount: patronsOf.get(tier.id) ?? 0 })),
      patronCount: own.reduce((sum, { patrons }) => sum + Number(patrons), 0),
      pledgeSumCents: own.reduce((sum, { cents }) => sum + Number(cents), 0),
    }
  })
}

const pledgedTo = (db: Kysely<Tables>, campaignIds: readonly number[]) =>
  db.selectFrom('pledge_sums').selectAll().where('campaign_id', 'in', campaignIds).execute()

function tiers(db: Kysely<Tables>): Tiers {
  const all = () => db.selectFrom('tiers').selectAll()

  return {
    async findTier(id) {
      const row = await all().where('id', '=', rowId(id)).executeTakeFirst()
      return row === undefined ? null : toTier(row)
    },

    async listTheseTiers(ids) {
      if (ids.length === 0) return []
      return (await all().where('id', 'in', ids.map(rowId)).execute()).map(toTier)
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
  requires_shipping: tier.requiresShipping ? 1 : 0,
  image: tier.image === null ? null : jsonText(tier.image),
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
  requiresShipping: row.requires_shipping === 1,
  image: row.image === null ? null : jsonIn<TierImage>(row.image),
})
