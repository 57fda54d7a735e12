/**
 * The body of `pledges:create`, `pledges:update` and `pledges:delete` (wire.md §2.4 A).
 *
 * Receivers were written against two generations: 2017 points to card and creator, 2020 to the campaign instead.
 * One document has all of it, so both find what they look for.
 */
import type { CampaignStanding, Pledge } from '../../domain/membership.ts'
import type { Json } from '../../domain/wire-json.ts'
import { campaignResource } from './campaign.ts'
import { linkTo, type Resource, toOne } from './json-api.ts'
import { pseudoRewards, rewardResource } from './reward.ts'
import { timestamp, timestampOrNull } from './timestamp.ts'
import { type Person, userResource } from './user.ts'

/** A pledge beside everything that its document tells. */
export type Scene = { pledge: Pledge; standing: CampaignStanding; creator: Person; patron: Person }

/** The whole document of one pledge. */
export function pledgeDocument(scene: Scene, linkBase: string): Json {
  const data = pledgeResource(scene.pledge, scene.standing.campaign.creatorId, linkBase)
  return { data, included: included(scene, linkBase), links: { self: linkTo(data, linkBase) } }
}

/** A pledge with its attributes and what it points to. */
export function pledgeResource(pledge: Pledge, creatorId: string, linkBase: string): Resource {
  return {
    type: 'pledge',
    id: pledge.id,
    attributes: {
      amount_cents: pledge.amountCents,
      created_at: timestamp(pledge.createdAt),
      // Not there in 2017. Readers of that year pass over it as they did when Patreon added it to the same webhooks;
      // readers from 2020 on format amounts with it, and fail without.
      currency: 'USD',
      declined_since: timestampOrNull(pledge.declinedSince),
      patron_pays_fees: pledge.patronPaysFees,
      pledge_cap_cents: pledge.capCents,
    },
    relationships: {
      address: toOne('address', null, linkBase),
      campaign: toOne('campaign', pledge.campaignId, linkBase),
      card: toOne('card', null, linkBase),
      creator: toOne('user', creatorId, linkBase),
      patron: toOne('user', pledge.patronId, linkBase),
      reward: toOne('reward', pledge.tierId, linkBase),
    },
  }
}

/** In the captured order: users, the chosen reward, campaign, pseudo rewards; then the campaign's other rewards. */
function included({ pledge, standing, creator, patron }: Scene, linkBase: string): Resource[] {
  const { campaign, tiers } = standing
  const users = patron.account.id === creator.account.id ? [patron] : [patron, creator]
  const chosen = tiers.filter((tier) => tier.id === pledge.tierId)
  const others = tiers.filter((tier) => tier.id !== pledge.tierId)

  return [
    // The capture has all 23 attributes, and what the view for creators leaves out is the same for everybody here:
    // so receivers get every key they were written against, and nobody's secrets are told.
    ...users.map((user) => userResource(user, 'own', linkBase)),
    ...chosen.map((tier) => rewardResource(tier, campaign, linkBase)),
    campaignResource(standing, linkBase),
    ...pseudoRewards(campaign, linkBase),
    ...others.map((tier) => rewardResource(tier, campaign, linkBase)),
  ]
}
