/** The forms of JSON:API that Patreon's v2 documents are made of (wire.md §6). */

import type { Instant } from '../../../domain/time.ts'
import type { Json } from '../../../domain/wire-json.ts'

/** Every kind of thing that v2 speaks of. */
export type V2Type =
  | 'address'
  | 'benefit'
  | 'campaign'
  | 'client'
  | 'goal'
  | 'media'
  | 'member'
  | 'oauth-client'
  | 'oauth-token'
  | 'pledge-event'
  | 'post'
  | 'tier'
  | 'user'
  | 'webhook'

/** What names one thing. */
export type V2Identifier = { readonly type: V2Type; readonly id: string }

/** One thing with all that can be said of it; who asks for less is given less. */
export type V2Resource = V2Identifier & {
  readonly attributes: { readonly [name: string]: Json }
  readonly relationships: { readonly [name: string]: V2Relationship }
}

/** One thing, none, or a list of them. */
export type V2Relationship = { readonly data: V2Identifier | null | readonly V2Identifier[] }

/** The path of each kind of thing in links: that of users is in the singular (wire.md §11, 9). */
const pathOf: Partial<Record<V2Type, string>> = {
  address: 'address',
  benefit: 'benefits',
  campaign: 'campaigns',
  client: 'clients',
  member: 'members',
  'oauth-client': 'clients',
  post: 'posts',
  tier: 'tiers',
  user: 'user',
  webhook: 'webhooks',
}

/** Where a thing is to be found, in absolute form. */
export const v2Link = ({ type, id }: V2Identifier, linkBase: string): string =>
  `${linkBase}/api/oauth2/v2/${pathOf[type] ?? type}/${id}`

/** Points to one thing, or to none. */
export const one = (type: V2Type, id: string | null): V2Relationship => ({ data: id === null ? null : { type, id } })

/** Points to any number of things. */
export const many = (type: V2Type, ids: readonly string[]): V2Relationship => ({
  data: ids.map((id) => ({ type, id })),
})

/** A relationship as it is written: only one thing that is there has a link (wire.md §2.4 B). */
export function writtenRelationship(relationship: V2Relationship, linkBase: string): Json {
  const { data } = relationship
  if (data === null || !('type' in data)) return { data: data as Json }
  return { data: { id: data.id, type: data.type }, links: { related: v2Link(data, linkBase) } }
}

/** A moment as v2 writes it: with milliseconds, and `+00:00` where others write `Z` (wire.md §2.4 B). */
export const v2Timestamp = (at: Instant): string => `${new Date(at).toISOString().slice(0, -1)}+00:00`

/** The same for a moment that may not have come. */
export const v2TimestampOrNull = (at: Instant | null): string | null => (at === null ? null : v2Timestamp(at))
