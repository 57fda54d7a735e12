/** The calls of Patreon's API v1 (wire.md §5). Each reads, decides what may be told, and tells it. */
import type { Campaign, Pledge } from '../../domain/membership.ts'
import type { Access } from '../../domain/oauth-scope.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Json } from '../../domain/wire-json.ts'
import { linkTo } from '../../membership/documents/json-api.ts'
import { unknownCampaign } from '../../membership/refusals.ts'
import type { Readings } from '../../store/records.ts'
import { mustOpen } from '../patreon/bearer.ts'
import { told } from './document.ts'
import { wantsPledgesOf } from './include.ts'
import { cut, pageLinks, pageOf } from './page-links.ts'
import { type Beside, type Pool, poolOf } from './pool.ts'
import { pageIn, type RawQuery, type Wanted, wantedIn } from './query.ts'
import { type Subjects, surroundingsOf } from './surroundings.ts'

/** A call: who makes it, about which thing, and what it wants told. */
export type Asked = { access: Access; id: string; query: RawQuery }

/** What answers it. */
export type Reading = { read: Readings; linkBase: string }

/** More than anybody pledges to. */
const ownPledgesLimit = 1000

/** As many pledges of a campaign as come along with it. */
const pledgesWithCampaign = 20

/** Who logged in, with their campaign and what they pledge. */
export async function currentUser({ access, query }: Asked, reading: Reading): Promise<Json> {
  mustOpen(access, 'identity')
  const wanted = wantedIn(query, 'user')
  const ownPledges = await pledgesMadeBy(access, reading.read)
  const campaigns = wantsPledgesOf('user', wanted.include)
    ? await reading.read.memberships.listCampaignsOf(access.accountId)
    : []
  const first = await firstPledges(campaigns, access, reading)

  const about = { accountIds: [access.accountId], campaignIds: [], pledges: [...(ownPledges ?? []), ...first.pledges] }
  const pool = await gather(about, { access, ownPledges, pledgesOf: first.pledgesOf }, reading)
  const self = { type: 'user', id: access.accountId } as const
  const { data, included } = told([self], pool, wanted)
  return { data: data[0] ?? null, included, links: { self: linkTo(self, reading.linkBase) } }
}

/** The campaigns of who logged in. */
export async function ownCampaigns({ access, query }: Asked, reading: Reading): Promise<Json> {
  mustOpen(access, 'campaigns')
  const wanted = wantedIn(query, 'campaign')
  const campaigns = await reading.read.memberships.listCampaignsOf(access.accountId)
  return await campaignsTold(campaigns, { access, wanted }, reading)
}

/** One campaign. Another creator's is open to those who may see the campaigns of others. */
export async function oneCampaign({ access, id, query }: Asked, reading: Reading): Promise<Json> {
  mustOpen(access, 'campaigns')
  const wanted = wantedIn(query, 'campaign')
  const campaign = await campaignWith(id, reading.read)
  // In v1's words; what the two scopes open is the same in v2's (wire.md §4.4).
  if (campaign.creatorId !== access.accountId && !access.granted.includes('campaigns')) throw notYours(id)
  const { data, included } = await campaignsTold([campaign], { access, wanted }, reading)
  return {
    data: data[0] ?? null,
    included,
    links: { self: linkTo({ type: 'campaign', id: campaign.id }, reading.linkBase) },
  }
}

/** A page of the pledges to one's own campaign. */
export async function campaignPledges({ access, id, query }: Asked, reading: Reading): Promise<Json> {
  mustOpen(access, 'campaigns.members')
  const wanted = wantedIn(query, 'pledge')
  const { count, order, sort, from } = pageIn(query)
  const { memberships } = reading.read
  const campaign = await campaignWith(id, reading.read)
  if (campaign.creatorId !== access.accountId) throw notYours(id)

  const read = (limit: number) => memberships.listPledgesInOrder(campaign.id, { order, from, limit })
  const { page, following } = await pageOf(read, count)
  const pledges = page.map(({ pledge }) => pledge)
  const about = { accountIds: [], campaignIds: [campaign.id], pledges }
  const pool = await gather(about, { access, ownPledges: null, pledgesOf: new Map() }, reading)
  return {
    ...told(pledges.map(pledgeNamed), pool, wanted),
    links: pageLinks({ campaignId: campaign.id, count, sort, query }, following, reading.linkBase),
    meta: { count: await memberships.countOpenPledges({ campaignId: campaign.id }) },
  }
}

async function campaignsTold(
  campaigns: readonly Campaign[],
  { access, wanted }: { access: Access; wanted: Wanted },
  reading: Reading,
): Promise<{ data: Json[]; included: Json[] }> {
  const withPledges = wantsPledgesOf('campaign', wanted.include) ? campaigns : []
  const { pledges, pledgesOf } = await firstPledges(withPledges, access, reading)
  const about = { accountIds: [], campaignIds: campaigns.map(({ id }) => id), pledges }
  const pool = await gather(about, { access, ownPledges: null, pledgesOf }, reading)
  return told(
    campaigns.map(({ id }) => ({ type: 'campaign', id })),
    pool,
    wanted,
  )
}

/** The first pledges to those campaigns whose creator asks and may see them, and where the rest is. */
async function firstPledges(
  campaigns: readonly Campaign[],
  { accountId, opens }: Access,
  { read, linkBase }: Reading,
): Promise<{ pledges: Pledge[]; pledgesOf: Map<string, Json> }> {
  const own = campaigns.filter(({ creatorId }) => creatorId === accountId && opens.has('campaigns.members'))
  const listed = await read.memberships.listFirstPledges(
    own.map(({ id }) => id),
    pledgesWithCampaign + 1,
  )
  const pages = own.map(({ id }) => {
    const dated = listed
      .filter(({ campaignId }) => campaignId === id)
      .map((pledge) => ({ pledge, at: pledge.createdAt }))
    const { page, following } = cut(dated, pledgesWithCampaign)
    const named = { campaignId: id, count: pledgesWithCampaign, sort: 'created', query: {} }
    return { id, pledges: page.map(({ pledge }) => pledge), links: pageLinks(named, following, linkBase) }
  })
  return {
    pledges: pages.flatMap(({ pledges }) => pledges),
    pledgesOf: new Map(pages.map(({ id, pledges, links }) => [id, { data: pledges.map(pledgeNamed), links }])),
  }
}

/** What a token shows of the pledges that its person made; null: nothing. */
async function pledgesMadeBy(access: Access, { memberships, clients }: Readings): Promise<Pledge[] | null> {
  if (!access.opens.has('identity.memberships')) return null
  const pledges = await memberships.listOpenPledges(
    { patronId: access.accountId },
    { after: null, order: 'oldest-first', limit: ownPledgesLimit },
  )
  if (access.granted.includes('identity.memberships')) return pledges
  // What v1 calls `pledges-to-me` is the pledge to the creator whose client this is, and no other.
  const client = await clients.find(access.clientId)
  const campaigns = client === null ? [] : await memberships.listCampaignsOf(client.accountId)
  return pledges.filter(({ campaignId }) => campaigns.some(({ id }) => id === campaignId))
}

async function gather(about: Subjects, beside: Omit<Beside, 'linkBase'>, { read, linkBase }: Reading): Promise<Pool> {
  return poolOf(await surroundingsOf(about, read), { ...beside, linkBase })
}

async function campaignWith(id: string, { memberships }: Readings): Promise<Campaign> {
  const campaign = await memberships.findCampaign(id)
  if (campaign === null) throw unknownCampaign(id)
  return campaign
}

const pledgeNamed = ({ id }: Pledge) => ({ type: 'pledge', id }) as const

const notYours = (id: string): Refusal =>
  new Refusal('view_forbidden', {
    message: `Campaign ${JSON.stringify(id.slice(0, 100))} is another creator’s.`,
    expected: 'a token of the campaign’s own creator',
  })
