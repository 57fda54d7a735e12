import type { Kysely, Selectable } from 'kysely'
import type { Benefit } from '../../domain/post.ts'
import type { Tables } from '../tables.ts'
import { rowId } from './row-id.ts'

/** What tiers promise. A benefit that was deleted stays, without tiers: Patreon's documents say that it is deleted. */
export interface Benefits {
  /** Also one that was deleted. */
  findBenefit(id: string): Promise<Benefit | null>
  /** Those that were not deleted, in the order of their ids, starting behind `after`. */
  listBenefits(campaignId: string, page: { after: string | null; limit: number }): Promise<Benefit[]>
  /** Those of many campaigns, deleted or not. */
  listBenefitsOfAll(campaignIds: readonly string[]): Promise<Benefit[]>
  /** Deleted or not. */
  countBenefits(campaignId: string): Promise<number>
  insertBenefit(benefit: Omit<Benefit, 'id'>): Promise<Benefit>
  /** Writes what changed of a benefit, whole. */
  keepBenefit(benefit: Benefit): Promise<void>
}

/** Benefits over one connection. */
export function benefits(db: Kysely<Tables>): Benefits {
  return { ...reading(db), ...writing(db) }
}

function reading(db: Kysely<Tables>): Omit<Benefits, 'insertBenefit' | 'keepBenefit'> {
  const all = () => db.selectFrom('benefits').selectAll()
  return {
    async findBenefit(id) {
      return (await withTiers(db, await all().where('id', '=', rowId(id)).execute()))[0] ?? null
    },

    async listBenefits(campaignId, { after, limit }) {
      const rows = await all()
        .where('campaign_id', '=', rowId(campaignId))
        .where('id', '>', rowId(after ?? '0'))
        .where('deleted_at', 'is', null)
        .orderBy('id')
        .limit(limit)
        .execute()
      return await withTiers(db, rows)
    },

    async listBenefitsOfAll(campaignIds) {
      if (campaignIds.length === 0) return []
      return await withTiers(db, await all().where('campaign_id', 'in', campaignIds.map(rowId)).orderBy('id').execute())
    },

    async countBenefits(campaignId) {
      const { count } = await db
        .selectFrom('benefits')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('campaign_id', '=', rowId(campaignId))
        .executeTakeFirstOrThrow()
      return Number(count)
    },
  }
}

function writing(db: Kysely<Tables>): Pick<Benefits, 'insertBenefit' | 'keepBenefit'> {
  const attach = async (id: number, tierIds: readonly string[]) => {
    if (tierIds.length === 0) return
    const pairs = tierIds.map((tierId) => ({ tier_id: rowId(tierId), benefit_id: id }))
    await db.insertInto('tier_benefits').values(pairs).execute()
  }
  return {
    async insertBenefit(benefit) {
      const row = await db.insertInto('benefits').values(columnsOf(benefit)).returningAll().executeTakeFirstOrThrow()
      await attach(row.id, benefit.tierIds)
      return toBenefit(row, benefit.tierIds)
    },

    async keepBenefit(benefit) {
      const id = rowId(benefit.id)
      await db.updateTable('benefits').set(columnsOf(benefit)).where('id', '=', id).execute()
      await db.deleteFrom('tier_benefits').where('benefit_id', '=', id).execute()
      await attach(id, benefit.tierIds)
    },
  }
}

type Row = Selectable<Tables['benefits']>

/** The tiers of many benefits in one look. */
async function withTiers(db: Kysely<Tables>, rows: readonly Row[]): Promise<Benefit[]> {
  if (rows.length === 0) return []
  const pairs = await db
    .selectFrom('tier_benefits')
    .selectAll()
    .where(
      'benefit_id',
      'in',
      rows.map(({ id }) => id),
    )
    .orderBy('tier_id')
    .execute()
  const tiersOf = (id: number) => pairs.filter((pair) => pair.benefit_id === id).map((pair) => String(pair.tier_id))
  return rows.map((row) => toBenefit(row, tiersOf(row.id)))
}

const columnsOf = (benefit: Omit<Benefit, 'id'>) => ({
  campaign_id: rowId(benefit.campaignId),
  title: benefit.title,
  description: benefit.description,
  created_at: benefit.createdAt,
  deleted_at: benefit.deletedAt,
})

const toBenefit = (row: Row, tierIds: readonly string[]): Benefit => ({
  id: String(row.id),
  campaignId: String(row.campaign_id),
  title: row.title,
  description: row.description,
  createdAt: row.created_at,
  deletedAt: row.deleted_at,
  tierIds,
})
