/** What a request asks to be shown: `fields[type]=a,b` and `include=a,b.c` (JSON:API 1.1, "Fetching Data"). */
import { Refusal } from '../../domain/refusal.ts'
import type { V2Type } from '../../membership/documents/v2/resource.ts'
import { attributesOf, kinds, wayFrom } from './kinds.ts'

/** The parameters of an address, decoded; one that is written twice is a list. */
export type Parameters = { readonly [name: string]: string | readonly string[] | undefined }

/** Which relationships are followed, and from their ends which others. */
export type Include = Map<string, Include>

/** What is shown of each kind, and what is followed. */
export type Wanted = {
  fields: ReadonlyMap<string, ReadonlySet<string>>
  /** Null when nothing was said of it: then the document has no `included`. */
  include: Include | null
}

/** Longer ways only go round in circles: member, campaign, tiers, benefits, tiers. */
const includeDepthLimit = 5

/** More than there are sensible ways from anything. */
const includePathsLimit = 50

/** Reads what a request asks for, as seen from the kind of thing that it is about. */
export const wantedIn = (parameters: Parameters, root: V2Type): Wanted => ({
  fields: fieldsIn(parameters),
  include: parameters['include'] === undefined ? null : includeIn(listOf(parameters['include']), root),
})

/** The same, but everything of these kinds where nothing else was asked for: who makes or changes a thing is told all of it. */
export function withAllOf(types: readonly V2Type[], { fields, include }: Wanted): Wanted {
  const all = types.map((type) => [type, new Set(kinds[type].attributes)] as const)
  return { fields: new Map<string, ReadonlySet<string>>([...all, ...fields]), include }
}

function fieldsIn(parameters: Parameters): Wanted['fields'] {
  const fields = new Map<string, ReadonlySet<string>>()
  for (const [parameter, value] of Object.entries(parameters)) {
    const [, type] = /^fields\[([^\]]*)\]$/.exec(parameter) ?? []
    if (type === undefined || value === undefined) continue
    fields.set(type, new Set(fieldsOf(type, listOf(value), parameter)))
  }
  return fields
}

function fieldsOf(type: string, names: string[], parameter: string): string[] {
  const known = attributesOf(type)
  if (known === null) throw unknown(parameter, `There is no type ${quoted(type)}.`, Object.keys(kinds))
  const stranger = names.find((name) => !known.has(name))
  if (stranger === undefined) return names
  throw unknown(parameter, `${quoted(stranger)} is no attribute of ${type}.`, [...known])
}

function includeIn(paths: string[], root: V2Type): Include {
  if (paths.length > includePathsLimit) throw tooMuch(`at most ${includePathsLimit} paths`)
  const include: Include = new Map()
  for (const path of paths) {
    const names = path.split('.')
    if (names.length > includeDepthLimit) throw tooMuch(`paths of at most ${includeDepthLimit} names`)
    follow(names, root, include)
  }
  return include
}

function follow(names: readonly string[], root: V2Type, include: Include): void {
  let [type, branch]: [V2Type | null, Include] = [root, include]
  for (const name of names) {
    const way = wayFrom(type, name)
    if (way === null) throw unknownWay(type, name)
    const next: Include = branch.get(name) ?? new Map()
    branch.set(name, next)
    ;[type, branch] = [way.to, next]
  }
}

const listOf = (value: string | readonly string[]): string[] =>
  [value]
    .flat()
    .flatMap((text) => text.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '')

const unknownWay = (type: V2Type | null, name: string): Refusal =>
  unknown(
    'include',
    `${quoted(name)} is no relationship of ${type ?? 'what it is asked of'}.`,
    type === null ? [] : Object.keys(kinds[type].relationships),
  )

const unknown = (field: string, message: string, expected: readonly string[]): Refusal =>
  new Refusal('parameter_invalid', {
    message,
    field: field.slice(0, 100),
    ...(expected.length === 0 ? {} : { expected: `any of ${expected.join(', ')}` }),
  })

const tooMuch = (expected: string): Refusal =>
  new Refusal('parameter_invalid', { message: 'This asks for too much.', field: 'include', expected })

const quoted = (text: string): string => JSON.stringify(text.slice(0, 100))
