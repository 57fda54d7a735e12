/** Every thing that an answer may tell, written as whoever looks may see it; what is asked for is taken from here. */
import type { Account } from '../../domain/account.ts'
import { type CampaignStanding, isDeclined, type Pledge } from '../../domain/membership.ts'
import type { Access } from '../../domain/oauth-scope.ts'
import type { Json } from '../../domain/wire-json.ts'
import { addressResource } from '../../membership/documents/address.ts'
import { campaignResource } from '../../membership/documents/campaign.ts'
import { type Attributes, type Identifier, type Resource, toMany, toOne } from '../../membership/documents/json-api.ts'
import { pledgeResource } from '../../membership/documents/pledge.ts'
import { pseudoRewards, rewardResource } from '../../membership/documents/reward.ts'
import { userResource } from '../../membership/documents/user.ts'
import { isOwn, mayTellAddress, mayTellEmail, patronsOf, type Sight, viewOf } from './sight.ts'
import type { Surroundings } from './surroundings.ts'

/** Things by type and id. */
export type Pool = ReadonlyMap<string, Resource>

/** A thing's name in the pool. */
export const keyOf = ({ type, id }: Identifier): string => `${type} ${id}`

/** What is told beside the things themselves. */
export type Beside = {
  access: Access
  /** The pledges that whoever asks made, as far as the token may see them; null: it may not. */
  ownPledges: readonly Pledge[] | null
  /** Where the pledges of campaigns are told of, by campaign. */
  pledgesOf: ReadonlyMap<string, Json>
  linkBase: string
}

/** Writes them all. */
export function poolOf(found: Surroundings, beside: Beside): Pool {
  const { access, linkBase } = beside
  const campaigns = found.standings.map(({ campaign }) => campaign)
  const sight = { access, patrons: patronsOf(access.accountId, found.pledges, campaigns) }
  const addresses = mayTellAddress(access) ? found.addresses : []
  const resources = [
    ...found.accounts.map((account) => userIn({ account, found, sight }, beside)),
    ...found.standings.map((standing) => campaignIn(standing, beside)),
    // These two are the same for everybody, so of several campaigns the first tells them.
    ...campaigns.slice(0, 1).flatMap((campaign) => pseudoRewards(campaign, linkBase)),
    ...found.standings.flatMap((standing) => rewardsIn(standing, linkBase)),
    ...found.pledges.map(pledgeIn(found, beside)),
    ...addresses.map(addressResource),
  ]
  return new Map(resources.map((resource) => [keyOf(resource), resource]))
}

function userIn(
  { account, found, sight }: { account: Account; found: Surroundings; sight: Sight },
  { access, ownPledges, linkBase }: Beside,
): Resource {
  const view = viewOf(account.id, sight)
  const campaignId = found.campaignOf.get(account.id) ?? null
  const { attributes, relationships, ...named } = userResource({ account, campaignId }, view, linkBase)
  const { email, ...others } = attributes
  const isAsking = account.id === access.accountId && ownPledges !== null
  return {
    ...named,
    // Nobody here likes or comments.
    attributes: {
      ...others,
      ...(email !== undefined && mayTellEmail(view, access) ? { email } : {}),
      like_count: 0,
      comment_count: 0,
    },
    relationships: {
      ...relationships,
      ...(isAsking
        ? {
            pledges: toMany(
              'pledge',
              ownPledges.map(({ id }) => id),
            ),
          }
        : {}),
    },
  }
}

function campaignIn(standing: CampaignStanding, { access, pledgesOf, linkBase }: Beside): Resource {
  const { attributes, relationships, ...named } = campaignResource(standing, linkBase)
  const pledges = pledgesOf.get(standing.campaign.id)
  return {
    ...named,
    attributes: isOwn(standing.campaign, access) ? attributes : othersView(attributes),
    relationships: { ...relationships, ...(pledges === undefined ? {} : { pledges }) },
  }
}

const forCreatorsOnly = new Set(['discord_server_id', 'thanks_embed', 'thanks_msg', 'thanks_video_url'])

const othersView = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([name]) => !forCreatorsOnly.has(name)))

/** Here a missing picture is null, which readers test for; only the webhook says it with an empty text. */
function rewardsIn({ campaign, tiers }: CampaignStanding, linkBase: string): Resource[] {
  const resources = tiers.map((tier) => rewardResource(tier, campaign, linkBase))
  return resources.map(({ attributes, ...named }) => {
    const url = attributes['image_url']
    return { ...named, attributes: { ...attributes, image_url: url === '' || url === undefined ? null : url } }
  })
}

function pledgeIn(found: Surroundings, { access, linkBase }: Beside): (pledge: Pledge) => Resource {
  const creatorOf = new Map(found.standings.map(({ campaign }) => [campaign.id, campaign.creatorId]))
  const addressOf = new Map(found.addresses.map(({ accountId, id }) => [accountId, id]))
  const paidBy = new Map(
    found.members.map(({ campaignId, accountId, lifetimeCents }) => [`${campaignId} ${accountId}`, lifetimeCents]),
  )
  return (pledge) => {
    const addressId = addressOf.get(pledge.patronId)
    const resource = pledgeResource(pledge, creatorOf.get(pledge.campaignId) ?? '', linkBase)
    return {
      ...resource,
      attributes: {
        ...resource.attributes,
        has_shipping_address: addressId !== undefined,
        is_paused: false,
        outstanding_payment_amount_cents: 0,
        status: isDeclined(pledge) ? 'declined' : 'valid',
        total_historical_amount_cents: paidBy.get(`${pledge.campaignId} ${pledge.patronId}`) ?? 0,
        unread_count: 0,
      },
      relationships: {
        ...resource.relationships,
        address: toOne('address', mayTellAddress(access) ? (addressId ?? null) : null, linkBase),
      },
    }
  }
}
