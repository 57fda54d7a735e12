/**
 * What one request has read, and how it reads more: many things of one kind at once. What came along with something else
 * (a member's account, a campaign's tiers) is kept, so that it is not read again.
 */
import type { Account } from '../../domain/account.ts'
import type { Client } from '../../domain/client.ts'
import type { Address, MemberStanding, PledgeEvent } from '../../domain/member.ts'
import type { CampaignStanding } from '../../domain/membership.ts'
import type { Benefit, Post } from '../../domain/post.ts'
import type { TierImage } from '../../domain/tier-image.ts'
import { benefitResource, campaignResource, tierResource } from '../../membership/documents/v2/campaign.ts'
import { mediaResource } from '../../membership/documents/v2/media.ts'
import {
  addressResource,
  memberResource,
  pledgeEventId,
  pledgeEventResource,
} from '../../membership/documents/v2/member.ts'
import { postResource } from '../../membership/documents/v2/post.ts'
import type { V2Resource, V2Type } from '../../membership/documents/v2/resource.ts'
import { userResource } from '../../membership/documents/v2/user.ts'
import type { Readings } from '../../store/records.ts'
import { clientResource, type Fresh, tokenResource } from './client-resources.ts'
import type { Load } from './document.ts'
import type { Wanted } from './query.ts'
import { mayTellEmail, mayTellOwnEmail, owns, type Viewer } from './viewer.ts'

/** What a library reads with, and for whom. */
export type Borrowing = { read: Readings; viewer: Viewer; wanted: Wanted; linkBase: string }

type Loading = (ids: readonly string[], asked: ReadonlySet<string>) => Promise<V2Resource[]>

/** The shelves of one request. */
export class Library {
  readonly #borrowing: Borrowing
  readonly #members = new Map<string, MemberStanding>()
  /** The memberships that somebody is known by. */
  readonly #membershipsOf = new Map<string, MemberStanding[]>()
  readonly #accounts = new Map<string, Account>()
  readonly #addresses = new Map<string, Address>()
  readonly #pledgeEvents = new Map<string, { event: PledgeEvent; standing: MemberStanding }>()
  readonly #standings = new Map<string, CampaignStanding>()
  /** By campaign, whether it has any or none. */
  readonly #benefits = new Map<string, Benefit[]>()
  readonly #images = new Map<string, { image: TierImage; tierId: string }>()
  readonly #posts = new Map<string, { post: Post; creatorId: string }>()
  /** By the id that their developers know. */
  readonly #clients = new Map<string, Client>()
  readonly #fresh = new Map<string, Fresh>()
  readonly #webhooks = new Map<string, V2Resource>()

  constructor(borrowing: Borrowing) {
    this.#borrowing = borrowing
  }

  /** Puts members on the shelf; they are found by their ids afterwards. */
  keepMembers(standings: readonly MemberStanding[]): void {
    for (const standing of standings) {
      const { member, account } = standing
      this.#members.set(member.id, standing)
      this.#accounts.set(account.id, account)
      const known = this.#membershipsOf.get(account.id) ?? []
      if (!known.some((one) => one.member.id === member.id)) this.#membershipsOf.set(account.id, [...known, standing])
    }
  }

  /** Puts posts of one creator on the shelf. */
  keepPosts(posts: readonly Post[], creatorId: string): void {
    for (const post of posts) this.#posts.set(post.id, { post, creatorId })
  }

  /** Puts clients on the shelf. */
  keepClients(clients: readonly Client[]): void {
    for (const client of clients) this.#clients.set(client.clientId, client)
  }

  /** Puts a client on the shelf that was just made, with what is told of it this once. */
  keepNewClient({ client, ...fresh }: Fresh & { client: Client }): void {
    this.keepClients([client])
    this.#fresh.set(client.clientId, fresh)
  }

  /** Puts webhooks on the shelf, written already: nothing but the calls about them leads to them. */
  keepWebhooks(webhooks: readonly V2Resource[]): void {
    for (const webhook of webhooks) this.#webhooks.set(webhook.id, webhook)
  }

  /** Loads things of any kind. */
  readonly load: Load = (type, ids, asked) => this.#loaders[type](ids, asked)

  readonly #loaders: Record<V2Type, Loading> = {
    address: async (ids) => kept(ids, this.#addresses).map(addressResource),
    benefit: async (ids) => this.#benefitsIn(ids).map(benefitResource),
    campaign: async (ids, asked) => await this.#campaigns(ids, asked),
    client: async (ids, asked) => await this.#clientResources('client', ids, asked),
    goal: async () => [],
    media: async (ids) => kept(ids, this.#images).map((image) => mediaResource(image, this.#borrowing.linkBase)),
    member: async (ids, asked) => await this.#memberResources(ids, asked),
    'oauth-client': async (ids, asked) => await this.#clientResources('oauth-client', ids, asked),
    'oauth-token': async (ids) =>
      ids.flatMap((id) => {
        const fresh = this.#fresh.get(id)
        return fresh === undefined ? [] : [tokenResource(id, fresh.creatorTokens)]
      }),
    'pledge-event': async (ids) =>
      kept(ids, this.#pledgeEvents).map(({ event, standing }) => pledgeEventResource(event, standing)),
    post: async (ids) => kept(ids, this.#posts).map(({ post, creatorId }) => postResource(post, creatorId)),
    tier: async (ids, asked) => await this.#tiers(ids, asked),
    user: async (ids, asked) => await this.#users(ids, asked),
    webhook: async (ids) => kept(ids, this.#webhooks),
  }

  async #memberResources(ids: readonly string[], asked: ReadonlySet<string>): Promise<V2Resource[]> {
    const { viewer } = this.#borrowing
    const standings = kept(ids, this.#members)
    const addresses = asked.has('address') ? await this.#addressesOf(standings) : new Map<string, Address>()
    const events = asked.has('pledge_history') ? await this.#eventsOf(standings) : new Map<number, PledgeEvent[]>()
    return standings.map(({ member, ...beside }) => {
      // What a creator notes about somebody is not for their eyes.
      const told = owns(viewer, member.campaignId) ? member : { ...member, note: '' }
      return memberResource(
        { member: told, ...beside },
        {
          mayTellEmail: mayTellEmail(viewer, member),
          address: addresses.get(member.accountId) ?? null,
          pledgeEvents: events.get(member.number) ?? [],
        },
      )
    })
  }

  async #addressesOf(standings: readonly MemberStanding[]): Promise<Map<string, Address>> {
    const { read } = this.#borrowing
    const addresses = await read.members.listAddresses(standings.map(({ account }) => account.id))
    for (const address of addresses) this.#addresses.set(address.id, address)
    return new Map(addresses.map((address) => [address.accountId, address]))
  }

  async #eventsOf(standings: readonly MemberStanding[]): Promise<Map<number, PledgeEvent[]>> {
    const { read } = this.#borrowing
    const byNumber = new Map(standings.map((standing) => [standing.member.number, standing]))
    const eventsOf = new Map<number, PledgeEvent[]>()
    for (const event of await read.members.listPledgeEvents([...byNumber.keys()])) {
      const standing = byNumber.get(event.memberNumber)
      if (standing === undefined) continue
      this.#pledgeEvents.set(pledgeEventId(event), { event, standing })
      const events = eventsOf.get(event.memberNumber)
      if (events === undefined) eventsOf.set(event.memberNumber, [event])
      else events.push(event)
    }
    return eventsOf
  }

  async #users(ids: readonly string[], asked: ReadonlySet<string>): Promise<V2Resource[]> {
    const { read, viewer, wanted, linkBase } = this.#borrowing
    const strangers = ids.filter((id) => !this.#accounts.has(id))
    for (const account of await read.accounts.listThese(strangers)) this.#accounts.set(account.id, account)
    if (asked.has('memberships') && ids.includes(viewer.access.accountId)) await this.#ownMemberships()

    const needsCampaigns = asked.has('campaign') || wanted.fields.get('user')?.has('is_creator') === true
    const campaignOf = await this.#firstCampaigns(needsCampaigns ? ids : [])
    return kept(ids, this.#accounts).map((account) => {
      const memberships = this.#membershipsOf.get(account.id) ?? []
      const campaignId = campaignOf.get(account.id) ?? null
      const membershipIds = memberships.map(({ member }) => member.id)
      const isToldEmail =
        mayTellOwnEmail(viewer, account.id) || memberships.some(({ member }) => mayTellEmail(viewer, member))
      return userResource(account, { campaignId, membershipIds, linkBase }, isToldEmail)
    })
  }

  /** All of the viewer's own, or, without the scope for all, those that the client's creator knows of anyway. */
  async #ownMemberships(): Promise<void> {
    const { read, viewer } = this.#borrowing
    const { access } = viewer
    const memberships = await read.members.listMembershipsOf(access.accountId)
    if (access.opens.has('identity.memberships')) return this.keepMembers(memberships)
    const client = await read.clients.find(access.clientId)
    const campaigns = client === null ? [] : await read.memberships.listCampaignsOf(client.accountId)
    const known = new Set(campaigns.map(({ id }) => id))
    this.keepMembers(memberships.filter(({ member }) => known.has(member.campaignId)))
  }

  /** Each creator's campaign: the oldest. */
  async #firstCampaigns(creatorIds: readonly string[]): Promise<Map<string, string>> {
    const campaigns = await this.#borrowing.read.memberships.listCampaignsOfAll(creatorIds)
    // The oldest comes last, and stays.
    return new Map(campaigns.reverse().map(({ creatorId, id }) => [creatorId, id]))
  }

  async #clientResources(
    type: 'client' | 'oauth-client',
    ids: readonly string[],
    asked: ReadonlySet<string>,
  ): Promise<V2Resource[]> {
    const clients = kept(ids, this.#clients)
    const campaignOf = await this.#firstCampaigns(asked.has('campaign') ? clients.map((one) => one.accountId) : [])
    return clients.map((client) => {
      const campaignId = campaignOf.get(client.accountId) ?? null
      return clientResource(type, client, { campaignId, fresh: this.#fresh.get(client.clientId) ?? null })
    })
  }

  async #campaigns(ids: readonly string[], asked: ReadonlySet<string>): Promise<V2Resource[]> {
    const standings = await this.#standingsOf(ids)
    if (asked.has('benefits')) await this.#loadBenefits(ids)
    const { linkBase } = this.#borrowing
    return standings.map((standing) =>
      campaignResource(standing, this.#benefits.get(standing.campaign.id) ?? [], linkBase),
    )
  }

  async #tiers(ids: readonly string[], asked: ReadonlySet<string>): Promise<V2Resource[]> {
    const { read, linkBase } = this.#borrowing
    const campaignIds = [...new Set((await read.memberships.listTheseTiers(ids)).map(({ campaignId }) => campaignId))]
    const standings = await this.#standingsOf(campaignIds)
    if (asked.has('benefits')) await this.#loadBenefits(campaignIds)
    const isAsked = new Set(ids)
    return standings.flatMap((standing) => {
      const benefits = this.#benefits.get(standing.campaign.id) ?? []
      return standing.tiers
        .filter(({ id }) => isAsked.has(id))
        .map((tier) => {
          if (tier.image !== null) this.#images.set(tier.image.id, { image: tier.image, tierId: tier.id })
          return tierResource(tier, { standing, benefits, linkBase })
        })
    })
  }

  async #standingsOf(campaignIds: readonly string[]): Promise<CampaignStanding[]> {
    const { read, wanted } = this.#borrowing
    const strangers = campaignIds.filter((id) => !this.#standings.has(id))
    const standings = showsCounts(wanted)
      ? await read.memberships.listStandings(strangers)
      : await read.memberships.listUncounted(strangers)
    for (const standing of standings) this.#standings.set(standing.campaign.id, standing)
    return kept(campaignIds, this.#standings)
  }

  async #loadBenefits(campaignIds: readonly string[]): Promise<void> {
    const strangers = campaignIds.filter((id) => !this.#benefits.has(id))
    const benefits = await this.#borrowing.read.posts.listBenefitsOfAll(strangers)
    for (const id of strangers) {
      this.#benefits.set(
        id,
        benefits.filter(({ campaignId }) => campaignId === id),
      )
    }
  }

  /** Whoever leads to a benefit has loaded those of its campaign. */
  #benefitsIn(ids: readonly string[]): Benefit[] {
    const isAsked = new Set(ids)
    return [...this.#benefits.values()].flat().filter(({ id }) => isAsked.has(id))
  }
}

/** Whether anything is shown that pledges are counted for. */
const showsCounts = ({ fields }: Wanted): boolean =>
  fields.get('campaign')?.has('patron_count') === true ||
  fields.get('tier')?.has('patron_count') === true ||
  fields.get('tier')?.has('remaining') === true

const kept = <Value>(ids: readonly string[], shelf: ReadonlyMap<string, Value>): Value[] =>
  ids.flatMap((id) => {
    const value = shelf.get(id)
    return value === undefined ? [] : [value]
  })
