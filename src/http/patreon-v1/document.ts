import type { Json } from '../../domain/wire-json.ts'
import type { Identifier, Resource } from '../../membership/documents/json-api.ts'
import type { Include } from './include.ts'
import { defaultsOf, onRequest } from './names.ts'
import { keyOf, type Pool } from './pool.ts'
import type { Fields, Wanted } from './query.ts'

/** The things that an answer is about, and with them what was asked to come along: each once. */
export function told(
  subjects: readonly Identifier[],
  pool: Pool,
  { include, fields }: Wanted,
): { data: Json[]; included: Json[] } {
  const data = found(subjects, pool)
  const included = new Map<string, Resource>()
  walk(data, include, { pool, included, done: new Set() })
  for (const resource of data) included.delete(keyOf(resource))
  return {
    data: data.map((resource) => shown(resource, fields)),
    included: [...included.values()].map((resource) => shown(resource, fields)),
  }
}

/** `done` has what was followed by default: there the things point at each other in circles. */
type Walk = { pool: Pool; included: Map<string, Resource>; done: Set<string> }

/** Goes from all these things to what they point to, a name at a time, so that each is met once for each name. */
function walk(resources: readonly Resource[], include: Include, state: Walk): void {
  const open = include === 'defaults' ? resources.filter((resource) => isNew(resource, state)) : resources
  for (const [name, below] of include === 'defaults' ? usuallyBelow(open) : include) {
    const targets = found(
      open.flatMap((resource) => targetsOf(resource, name)),
      state.pool,
    )
    for (const target of targets) state.included.set(keyOf(target), target)
    if (targets.length > 0) walk(targets, below, state)
  }
}

function isNew(resource: Resource, { done }: Walk): boolean {
  const isKnown = done.has(keyOf(resource))
  done.add(keyOf(resource))
  return !isKnown
}

const usuallyBelow = (resources: readonly Resource[]): [string, Include][] =>
  [...new Set(resources.flatMap(({ type }) => defaultsOf(type)))].map((name) => [name, 'defaults'])

/** Each of these that may be seen, once. */
function found(wanted: readonly Identifier[], pool: Pool): Resource[] {
  const resources = new Map(wanted.map((identifier) => [keyOf(identifier), pool.get(keyOf(identifier))]))
  return [...resources.values()].filter((resource) => resource !== undefined)
}

function targetsOf({ relationships }: Resource, name: string): readonly Identifier[] {
  // Written by the documents' own builders: one identifier, none, or a list.
  const relationship = relationships[name] as { data: Identifier | null | readonly Identifier[] } | undefined
  return [relationship?.data ?? []].flat()
}

/** A thing with the attributes that were asked for, or those that it usually has. */
function shown({ type, id, attributes, relationships }: Resource, fields: Fields): Json {
  const asked = fields.get(type)
  const hidden = onRequest[type] ?? []
  const isShown = (name: string) => (asked === undefined ? !hidden.includes(name) : asked.has(name))
  return {
    type,
    id,
    attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => isShown(name))),
    relationships,
  }
}
