/** The forms of JSON:API that Patreon's v1 documents are made of (wire.md §2.4 A, §5). */
import type { Json } from '../../domain/wire-json.ts'

/** Every kind of thing that v1 speaks of. */
export type ResourceType = 'user' | 'campaign' | 'reward' | 'pledge' | 'goal' | 'address' | 'card'
/** What names one thing. */
export type Identifier = { readonly type: ResourceType; readonly id: string }
/** Values by name. */
export type Attributes = { readonly [name: string]: Json }

/** One thing with what is said of it and what it points to. */
export type Resource = Identifier & { readonly attributes: Attributes; readonly relationships: Attributes }

/** The path of each kind of thing in links, as Patreon has it: one of them is in the singular. */
const pathOf: Record<ResourceType, string> = {
  user: 'user',
  campaign: 'campaigns',
  reward: 'rewards',
  pledge: 'pledges',
  goal: 'goals',
  address: 'addresses',
  card: 'cards',
}

/** Where a thing is to be found, in absolute form. */
export const linkTo = ({ type, id }: Identifier, linkBase: string): string => `${linkBase}/api/${pathOf[type]}/${id}`

/** Points to one thing, or to none; only what is there has a link. */
export function toOne(type: ResourceType, id: string | null, linkBase: string): Json {
  if (id === null) return { data: null }
  return { data: { id, type }, links: { related: linkTo({ type, id }, linkBase) } }
}

/** Points to any number of things; Patreon gives such a list no link. */
export const toMany = (type: ResourceType, ids: readonly string[]): Json => ({ data: ids.map((id) => ({ id, type })) })
