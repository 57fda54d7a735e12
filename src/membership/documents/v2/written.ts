/** How v2 resources are written into the documents of webhooks: whole, and what stands beside them without relationships. */
import type { Json } from '../../../domain/wire-json.ts'
import { type V2Resource, v2Link, writtenRelationship } from './resource.ts'

/** What an event is about, with the relationships of this name, and what stands beside it. */
export function eventDocument(
  resource: V2Resource,
  { relationships, included, linkBase }: { relationships: readonly string[]; included: Json[]; linkBase: string },
): Json {
  const { type, id, attributes } = resource
  const pointers = relationships.flatMap((name) => {
    const relationship = resource.relationships[name]
    return relationship === undefined ? [] : [[name, writtenRelationship(relationship, linkBase)] as const]
  })
  return {
    data: { type, id, attributes, relationships: Object.fromEntries(pointers) },
    included,
    links: { self: v2Link(resource, linkBase) },
  }
}

/** What stands beside: all that is said of it, but for what the capture does not have. */
export function besides({ type, id, attributes }: V2Resource, without: readonly string[] = []): Json {
  return {
    type,
    id,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([key]) => !without.includes(key))),
  }
}

/** What v2 knows of a campaign, and no captured webhook tells (wire.md §2.4 B). */
export const untoldOfCampaigns = ['currency', 'name', 'show_earnings'] as const

/** What v2 knows of a user, and no captured webhook tells; an e-mail address is the member's, never the user's. */
export const untoldOfUsers = ['can_see_nsfw', 'is_email_verified'] as const
