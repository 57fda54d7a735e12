import { type Account, namesOf } from '../../../domain/account.ts'
import { many, one, type V2Resource, v2Timestamp } from './resource.ts'

/** What stands beside an account in a document. */
export type UserSurroundings = { campaignId: string | null; membershipIds: readonly string[]; linkBase: string }

/** A user with every attribute that v2 knows (wire.md §6.3); whether the e-mail address is told is for scopes to say. */
export function userResource(
  account: Account,
  { campaignId, membershipIds, linkBase }: UserSurroundings,
  mayTellEmail: boolean,
): V2Resource {
  const { firstName, lastName } = namesOf(account)
  return {
    type: 'user',
    id: account.id,
    attributes: {
      about: null,
      can_see_nsfw: null,
      created: v2Timestamp(account.createdAt),
      ...(mayTellEmail ? { email: account.email } : {}),
      first_name: firstName,
      full_name: account.fullName,
      hide_pledges: true,
      image_url: `${linkBase}/assets/portrait.svg`,
      is_creator: campaignId !== null,
      is_email_verified: true,
      last_name: lastName,
      like_count: 0,
      social_connections: noConnections,
      thumb_url: `${linkBase}/assets/portrait.svg`,
      url: `${linkBase}/user?u=${account.id}`,
      vanity: account.vanity,
    },
    relationships: { campaign: one('campaign', campaignId), memberships: many('member', membershipIds) },
  }
}

const noConnections = {
  discord: null,
  facebook: null,
  google: null,
  instagram: null,
  reddit: null,
  spotify: null,
  spotify_open_access: null,
  twitch: null,
  twitter: null,
  vimeo: null,
  youtube: null,
} as const
