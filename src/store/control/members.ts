import type { Kysely, Selectable } from 'kysely'
import type { ChargeStatus, Member, MemberStanding, PledgeEvent } from '../../domain/member.ts'
import type { Instant } from '../../domain/time.ts'
import type { Tables } from '../tables.ts'
import { toAccount } from './accounts.ts'
import { type Addresses, addresses } from './addresses.ts'
import { toPledge } from './pledges.ts'
import { rowId } from './row-id.ts'

/** Who belongs to which campaign, what happened to their pledges, and where they live. */
export interface Members extends Addresses {
  /** By its UUID; also one who left. */
  findMember(id: string): Promise<MemberStanding | null>
  findMemberOf(of: { campaignId: string; accountId: string }): Promise<MemberStanding | null>
  /** Those who did not leave, in the order of joining, starting behind `after`. */
  listMembers(campaignId: string, page: MemberPage): Promise<MemberStanding[]>
  countMembers(campaignId: string): Promise<number>
  /** One person's memberships in all campaigns, without those that ended; all of them, or a page that starts behind `after`. */
  listMembershipsOf(accountId: string, page?: MemberPage): Promise<MemberStanding[]>
  /** Those of these people in these campaigns; also who left. */
  listMembersAmong(of: { campaignIds: readonly string[]; accountIds: readonly string[] }): Promise<Member[]>
  /** Whose charge is due by then, the longest waiting first. */
  listChargeable(by: Instant, limit: number): Promise<MemberStanding[]>
  listPledgeEvents(memberNumbers: readonly number[]): Promise<PledgeEvent[]>

  insertMember(member: Omit<Member, 'number'>): Promise<Member>
  /** Writes what changed of a member, whole. */
  keepMember(member: Member): Promise<void>
  insertPledgeEvent(event: Omit<PledgeEvent, 'id'>): Promise<PledgeEvent>
}

/** A part of a long list: behind the member with this number. */
export type MemberPage = { after: number | null; limit: number }

/** Members over one connection. */
export function members(db: Kysely<Tables>): Members {
  return { ...finding(db), ...listing(db), ...remembering(db), ...writing(db), ...addresses(db) }
}

const accountColumns = ['account.email', 'account.full_name', 'account.vanity', 'account.role'] as const

/** Members with their accounts and open pledges, in one look. */
const standings = (db: Kysely<Tables>) =>
  db
    .selectFrom('members')
    .innerJoin('accounts as account', 'account.id', 'members.account_id')
    .selectAll('members')
    .select([...accountColumns, 'account.created_at as account_created_at'])

type StandingRow = Awaited<ReturnType<ReturnType<typeof standings>['executeTakeFirstOrThrow']>>

function finding(db: Kysely<Tables>): Pick<Members, 'findMember' | 'findMemberOf' | 'countMembers'> {
  const one = async (rows: StandingRow[]) => (await withPledges(db, rows))[0] ?? null
  return {
    findMember: async (id) => await one(await standings(db).where('members.id', '=', id).execute()),

    async findMemberOf({ campaignId, accountId }) {
      const rows = await standings(db)
        .where('members.campaign_id', '=', rowId(campaignId))
        .where('members.account_id', '=', rowId(accountId))
        .execute()
      return await one(rows)
    },

    async countMembers(campaignId) {
      const { count } = await db
        .selectFrom('members')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .where('campaign_id', '=', rowId(campaignId))
        .where('left_at', 'is', null)
        .executeTakeFirstOrThrow()
      return Number(count)
    },
  }
}

type Listing = Pick<Members, 'listMembers' | 'listMembershipsOf' | 'listMembersAmong' | 'listChargeable'>

function listing(db: Kysely<Tables>): Listing {
  return {
    async listMembersAmong({ campaignIds, accountIds }) {
      if (campaignIds.length === 0 || accountIds.length === 0) return []
      const rows = await db
        .selectFrom('members')
        .selectAll()
        .where('campaign_id', 'in', campaignIds.map(rowId))
        .where('account_id', 'in', accountIds.map(rowId))
        .execute()
      return rows.map(toMember)
    },

    async listMembers(campaignId, { after, limit }) {
      const rows = await standings(db)
        .where('members.campaign_id', '=', rowId(campaignId))
        .where('members.left_at', 'is', null)
        .where('members.number', '>', after ?? 0)
        .orderBy('members.number')
        .limit(limit)
        .execute()
      return await withPledges(db, rows)
    },

    async listMembershipsOf(accountId, page) {
      let query = standings(db)
        .where('members.account_id', '=', rowId(accountId))
        .where('members.left_at', 'is', null)
        .orderBy('members.number')
      if (page !== undefined) query = query.where('members.number', '>', page.after ?? 0).limit(page.limit)
      return await withPledges(db, await query.execute())
    },

    async listChargeable(by, limit) {
      const rows = await standings(db)
        .where('members.next_charge_at', '<=', by)
        .orderBy('members.next_charge_at')
        .limit(limit)
        .execute()
      return await withPledges(db, rows)
    },
  }
}

/** The open pledges of many members in one look; a patron has one in a campaign at most. */
async function withPledges(db: Kysely<Tables>, rows: readonly StandingRow[]): Promise<MemberStanding[]> {
  if (rows.length === 0) return []
  const pledges = await db
    .selectFrom('pledges')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('campaign_id', 'in', [...new Set(rows.map((row) => row.campaign_id))])
    .where(
      'patron_id',
      'in',
      rows.map((row) => row.account_id),
    )
    .execute()
  const key = (campaign: number, patron: number) => `${campaign} ${patron}`
  const pledgeOf = new Map(pledges.map((row) => [key(row.campaign_id, row.patron_id), toPledge(row)]))
  return rows.map((row) => ({
    member: toMember(row),
    account: toAccount({ ...row, id: row.account_id, created_at: row.account_created_at }),
    pledge: pledgeOf.get(key(row.campaign_id, row.account_id)) ?? null,
  }))
}

function remembering(db: Kysely<Tables>): Pick<Members, 'listPledgeEvents'> {
  return {
    async listPledgeEvents(numbers) {
      if (numbers.length === 0) return []
      const rows = await db
        .selectFrom('pledge_events')
        .selectAll()
        .where('member_number', 'in', numbers)
        .orderBy('member_number')
        .orderBy('id')
        .execute()
      return rows.map(toPledgeEvent)
    },
  }
}

function writing(db: Kysely<Tables>): Pick<Members, 'insertMember' | 'keepMember' | 'insertPledgeEvent'> {
  return {
    async insertMember(member) {
      const row = await db.insertInto('members').values(columnsOf(member)).returningAll().executeTakeFirstOrThrow()
      return toMember(row)
    },

    async keepMember(member) {
      await db.updateTable('members').set(columnsOf(member)).where('number', '=', member.number).execute()
    },

    async insertPledgeEvent(event) {
      const row = await db
        .insertInto('pledge_events')
        .values({
          member_number: event.memberNumber,
          type: event.type,
          amount_cents: event.amountCents,
          happened_at: event.happenedAt,
          payment_status: event.paymentStatus,
          tier_id: event.tierId === null ? null : rowId(event.tierId),
          tier_title: event.tierTitle,
        })
        .returningAll()
        .executeTakeFirstOrThrow()
      return toPledgeEvent(row)
    },
  }
}

const columnsOf = (member: Omit<Member, 'number'>) => ({
  id: member.id,
  campaign_id: rowId(member.campaignId),
  account_id: rowId(member.accountId),
  is_follower: member.isFollower ? 1 : 0,
  note: member.note,
  joined_at: member.joinedAt,
  left_at: member.leftAt,
  pledge_started_at: member.pledgeStartedAt,
  last_charge_at: member.lastChargeAt,
  last_charge_status: member.lastChargeStatus,
  next_charge_at: member.nextChargeAt,
  lifetime_cents: member.lifetimeCents,
})

const toMember = (row: Selectable<Tables['members']>): Member => ({
  id: row.id,
  number: row.number,
  campaignId: String(row.campaign_id),
  accountId: String(row.account_id),
  isFollower: row.is_follower === 1,
  note: row.note,
  joinedAt: row.joined_at,
  leftAt: row.left_at,
  pledgeStartedAt: row.pledge_started_at,
  lastChargeAt: row.last_charge_at,
  lastChargeStatus: row.last_charge_status as ChargeStatus | null,
  nextChargeAt: row.next_charge_at,
  lifetimeCents: row.lifetime_cents,
})

const toPledgeEvent = (row: Selectable<Tables['pledge_events']>): PledgeEvent => ({
  id: String(row.id),
  memberNumber: row.member_number,
  type: row.type as PledgeEvent['type'],
  amountCents: row.amount_cents,
  happenedAt: row.happened_at,
  paymentStatus: row.payment_status as ChargeStatus | null,
  tierId: row.tier_id === null ? null : String(row.tier_id),
  tierTitle: row.tier_title,
})
