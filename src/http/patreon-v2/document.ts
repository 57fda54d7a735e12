/**
 * Makes a document of any kind of thing. Relationships are followed level by level, and everything at the end of one is
 * loaded at once: how many looks into the store it takes depends on what is asked for, never on how many things there are.
 */
import type { V2Scope } from '../../domain/oauth-scope.ts'
import type { Json } from '../../domain/wire-json.ts'
import {
  type V2Identifier,
  type V2Relationship,
  type V2Resource,
  type V2Type,
  writtenRelationship,
} from '../../membership/documents/v2/resource.ts'
import { wayFrom } from './kinds.ts'
import type { Include, Wanted } from './query.ts'

/** Loads many things of one kind; of their relationships only those that were asked for need to be right. */
export type Load = (type: V2Type, ids: readonly string[], asked: ReadonlySet<string>) => Promise<V2Resource[]>

/** What a document is made with. */
export type Making = { wanted: Wanted; opens: ReadonlySet<V2Scope>; load: Load; linkBase: string }

/** The things asked for, and what was included with them; `included` is there if anything was asked to be. */
export type Written = { data: Json[]; included?: Json[] }

/** A thing, and what is shown of where it leads. */
type Seen = { resource: V2Resource; shown: Map<string, V2Relationship> }

/** Things of one kind, and what is to be followed from them. */
type Level = { type: V2Type; ids: readonly string[]; include: Include }

/** Writes these things, in this order, with everything that is asked to stand beside them. */
export async function writtenWith(type: V2Type, ids: readonly string[], making: Making): Promise<Written> {
  const seen = new Map<string, Seen>()
  const include: Include = making.wanted.include ?? new Map()
  await look({ type, ids, include }, seen, making)

  const roots = new Set(ids.map((id) => keyOf({ type, id })))
  const data = [...roots].flatMap((key) => written(seen.get(key), making))
  if (making.wanted.include === null) return { data }
  const others = [...seen].filter(([key]) => !roots.has(key))
  return { data, included: others.flatMap(([, one]) => written(one, making)) }
}

async function look({ type, ids, include }: Level, seen: Map<string, Seen>, making: Making): Promise<void> {
  if (ids.length === 0) return
  const asked = [...include.keys()].filter((name) => isOpen(type, name, making))
  const resources = await making.load(type, ids, new Set(asked))
  for (const resource of resources) note(resource, include, seen)

  for (const name of asked) {
    const to = wayFrom(type, name)?.to ?? null
    if (to === null) continue
    const onward = new Set(resources.flatMap((resource) => endsOf(resource.relationships[name])))
    await look({ type: to, ids: [...onward], include: include.get(name) ?? new Map() }, seen, making)
  }
}

function isOpen(type: V2Type, name: string, { opens }: Making): boolean {
  const needs = wayFrom(type, name)?.needs
  return needs === undefined || opens.has(needs)
}

/** A thing that is reached in two ways is one thing, with the relationships that either way asked for. */
function note(resource: V2Resource, include: Include, seen: Map<string, Seen>): void {
  const key = keyOf(resource)
  const one = seen.get(key) ?? { resource, shown: new Map<string, V2Relationship>() }
  for (const name of include.keys()) {
    const relationship = resource.relationships[name]
    if (relationship !== undefined) one.shown.set(name, relationship)
  }
  seen.set(key, one)
}

function endsOf(relationship: V2Relationship | undefined): string[] {
  return [relationship?.data ?? []].flat().map(({ id }) => id)
}

function written(seen: Seen | undefined, { wanted, linkBase }: Making): Json[] {
  if (seen === undefined) return []
  const { resource, shown } = seen
  const { id, type } = resource
  const attributes: Record<string, Json> = {}
  for (const name of wanted.fields.get(type) ?? []) {
    const value = resource.attributes[name]
    if (value !== undefined) attributes[name] = value
  }
  if (shown.size === 0) return [{ attributes, id, type }]
  const relationships = Object.fromEntries(
    [...shown].map(([name, relationship]) => [name, writtenRelationship(relationship, linkBase)]),
  )
  return [{ attributes, id, relationships, type }]
}

const keyOf = ({ type, id }: V2Identifier): string => `${type} ${id}`
