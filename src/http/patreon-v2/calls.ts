/** The calls of v2 that read (wire.md §6.1). */
import type { Campaign } from '../../domain/membership.ts'
import { Refusal } from '../../domain/refusal.ts'
import { mustOpen } from '../patreon/bearer.ts'
import type { PatreonTools } from '../patreon/scope.ts'
import { type Asked, about, listDocument, singleDocument, type V2Call } from './call.ts'
import { isFromTheEnd, orderIn, pageAmong, pageIn, pageOf, pagingTo } from './paging.ts'
import { owns } from './viewer.ts'

/** A page of members; what Patreon takes at most. */
const memberPages = { usual: 1000, most: 1000 }

/** Histories are long, so there are fewer on a page. */
const historyPages = { usual: 500, most: 500 }

/** A page of posts. */
const postPages = { usual: 20, most: 500 }

/** More campaigns than anybody has. */
const campaignPages = { usual: 100, most: 100 }

type Handle = (asked: Asked, tools: PatreonTools) => ReturnType<V2Call['handle']>

/** All of them. */
export function readCalls(tools: PatreonTools): V2Call[] {
  const at = (path: string, handle: Handle): V2Call => ({
    method: 'GET',
    path,
    handle: (asked) => handle(asked, tools),
  })
  return [
    at('/identity', showIdentity),
    at('/campaigns', listCampaigns),
    at('/campaigns/:id', showCampaign),
    at('/campaigns/:id/members', listMembers),
    at('/campaigns/:id/posts', listPosts),
    at('/members/:id', showMember),
    at('/posts/:id', showPost),
  ]
}

const showIdentity: Handle = async (asked, tools) => {
  mustOpen(asked.viewer.access, 'identity')
  return await singleDocument(asked.viewer.access.accountId, about('user', asked, tools))
}

const listCampaigns: Handle = async (asked, tools) => {
  const { viewer, parameters, address } = asked
  mustOpen(viewer.access, 'campaigns')
  const subject = about('campaign', asked, tools)
  const asks = pageIn(parameters, campaignPages)
  const isDescending = isFromTheEnd(parameters, 'created_at')
  const all = viewer.ownCampaignIds
  const { page, next } = pageAmong(all, asks, { keyOf: (id) => id, isDescending })
  return await listDocument(page, pagingTo(next, { address, total: all.length }), subject)
}

const showCampaign: Handle = async (asked, tools) => {
  mustOpen(asked.viewer.access, 'campaigns')
  const subject = about('campaign', asked, tools)
  const campaign = await campaignOf(asked.id, tools)
  mustOwn(asked, campaign)
  return await singleDocument(campaign.id, subject)
}

const listMembers: Handle = async (asked, tools) => {
  const { viewer, parameters, address } = asked
  mustOpen(viewer.access, 'campaigns.members')
  const subject = about('member', asked, tools)
  const hasHistory = subject.wanted.include?.has('pledge_history') === true
  const asks = pageIn(parameters, hasHistory ? historyPages : memberPages)
  orderIn(parameters, [])
  const campaign = await campaignOf(asked.id, tools)
  mustOwn(asked, campaign)

  const { members } = tools.store.read
  const after = asks.after === null ? null : Number(asks.after)
  const standings = await members.listMembers(campaign.id, { after, limit: asks.limit + 1 })
  const total = await members.countMembers(campaign.id)
  const { page, next } = pageOf(standings, asks, ({ member }) => member.number)
  subject.library.keepMembers(page)
  const ids = page.map(({ member }) => member.id)
  return await listDocument(ids, pagingTo(next, { address, total }), subject)
}

const showMember: Handle = async (asked, tools) => {
  const { viewer, id } = asked
  const { opens, accountId } = viewer.access
  if (!opens.has('identity.memberships')) mustOpen(viewer.access, 'campaigns.members')
  const subject = about('member', asked, tools)
  const standing = await tools.store.read.members.findMember(id)
  const isOwns = standing !== null && opens.has('campaigns.members') && owns(viewer, standing.member.campaignId)
  // Members of others are no more to be found than those that never were.
  if (standing === null || !(isOwns || standing.member.accountId === accountId)) {
    throw new Refusal('member_not_found', { message: 'There is no such member among those you may see.', field: 'id' })
  }
  subject.library.keepMembers([standing])
  return await singleDocument(id, subject)
}

const listPosts: Handle = async (asked, tools) => {
  const { viewer, parameters, address } = asked
  mustOpen(viewer.access, 'campaigns.posts')
  const subject = about('post', asked, tools)
  const asks = pageIn(parameters, postPages)
  const isNewestFirst = isFromTheEnd(parameters, 'published_at')
  const campaign = await campaignOf(asked.id, tools)
  // Others have no posts, as Patreon has it (wire.md §6.2).
  if (!owns(viewer, campaign.id)) return await listDocument([], pagingTo(null, { address, total: 0 }), subject)

  const { posts } = tools.store.read
  const found = await posts.listPosts(campaign.id, { after: asks.after, limit: asks.limit + 1, isNewestFirst })
  const { page, next } = pageOf(found, asks, (post) => post.id)
  subject.library.keepPosts(page, campaign.creatorId)
  const paging = pagingTo(next, { address, total: await posts.countPosts(campaign.id) })
  return await listDocument(
    page.map((post) => post.id),
    paging,
    subject,
  )
}

const showPost: Handle = async (asked, tools) => {
  mustOpen(asked.viewer.access, 'campaigns.posts')
  const subject = about('post', asked, tools)
  const post = await tools.store.read.posts.findPost(asked.id)
  if (post === null) throw new Refusal('post_not_found', { message: 'There is no such post.', field: 'id' })
  const campaign = await campaignOf(post.campaignId, tools)
  mustOwn(asked, campaign)
  subject.library.keepPosts([post], campaign.creatorId)
  return await singleDocument(post.id, subject)
}

async function campaignOf(id: string, { store }: PatreonTools): Promise<Campaign> {
  const campaign = await store.read.memberships.findCampaign(id)
  if (campaign !== null) return campaign
  throw new Refusal('campaign_not_found', { message: 'There is no such campaign.', field: 'id' })
}

function mustOwn({ viewer }: Asked, { id }: Campaign): void {
  if (owns(viewer, id)) return
  throw new Refusal('view_forbidden', {
    message: 'This belongs to the campaign of another creator.',
    expected: 'a campaign of the account that the token speaks for',
  })
}
