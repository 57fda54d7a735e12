/** What a query asks for (wire.md §5, "Query params"). What means nothing here is passed over, as Patreon does. */
import type { PledgeOrder, PledgePlace } from '../../domain/pledge-order.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { ResourceType } from '../../membership/documents/json-api.ts'
import { placeAt } from './cursor.ts'
import { type Include, includeIn } from './include.ts'
import { attributesOf, isResourceType, relationsOf, resourceTypes } from './names.ts'

/** The query as the web framework reads it; a name that is given twice has a list. */
export type RawQuery = Readonly<Record<string, string | readonly string[] | undefined>>

/** The attributes that shall be told of each kind of thing; of a kind that is not here, the usual ones. */
export type Fields = ReadonlyMap<ResourceType, ReadonlySet<string>>

/** What an answer shall tell. */
export type Wanted = { include: Include; fields: Fields }

/** Which part of a list is asked for. */
export type PageWanted = { count: number; order: PledgeOrder; sort: string; from: PledgePlace | null }

/** As many pledges as Patreon's page has when nothing is said. */
const usualPageCount = 10

/** The most pledges on one page: everything about them is held in memory while it is written. Who asks for more gets these. */
export const pageCountLimit = 500

/** What shall be told. */
export function wantedIn(query: RawQuery, root: ResourceType): Wanted {
  const useDefaults = textIn(query, 'json-api-use-default-includes')?.toLowerCase() !== 'false'
  const include = textIn(query, 'include') ?? textIn(query, 'includes')
  return { include: includeIn(include, { root, useDefaults }), fields: fieldsIn(query) }
}

/** Which part of the list shall be told. */
export function pageIn(query: RawQuery): PageWanted {
  const sort = textIn(query, 'sort') ?? 'created'
  const order = orderIn(sort)
  const cursor = textIn(query, 'page[cursor]')
  // Clients send an empty cursor for the first page.
  const from = cursor === null || cursor === '' ? null : placeAt(cursor, order)
  return { count: countIn(textIn(query, 'page[count]')), order, sort, from }
}

/** A name that is given twice counts as one list. */
export function textIn(query: RawQuery, name: string): string | null {
  const value = query[name]
  if (value === undefined) return null
  return typeof value === 'string' ? value : value.join(',')
}

/** `fields[user]=a,b` for any number of kinds. */
function fieldsIn(query: RawQuery): Fields {
  const named = Object.keys(query).flatMap((parameter) => {
    const type = /^fields\[(.*)\]$/.exec(parameter)?.[1]
    return type === undefined ? [] : [{ parameter, type }]
  })
  return new Map(named.map(({ parameter, type }) => namesIn(textIn(query, parameter) ?? '', type, parameter)))
}

function namesIn(text: string, type: string, parameter: string): [ResourceType, ReadonlySet<string>] {
  if (!isResourceType(type)) {
    throw invalid(parameter, `There is no type ${quoted(type)}.`, `one of ${resourceTypes.join(', ')}`)
  }
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  const known = attributesOf(type)
  // JSON:API lets relationships be named here too; they are always told.
  const unknown = names.find((name) => !known.includes(name) && !relationsOf(type).has(name))
  if (unknown === undefined) return [type, new Set(names)]
  throw invalid(parameter, `A ${type} has no attribute ${quoted(unknown)}.`, `any of ${known.join(', ')}`)
}

function countIn(text: string | null): number {
  if (text === null) return usualPageCount
  if (/^\d{1,9}$/.test(text) && Number(text) >= 1) return Math.min(Number(text), pageCountLimit)
  throw invalid('page[count]', `${quoted(text)} is no number of pledges.`, `a number from 1 to ${pageCountLimit}`)
}

/** The first name orders the list; another could only matter between pledges of the same millisecond. */
function orderIn(sort: string): PledgeOrder {
  const names = sort.split(',').map((name) => name.trim())
  const [first, ...rest] = names.map(orderNamed)
  if (first !== null && first !== undefined && !rest.includes(null)) return first
  throw invalid('sort', `Pledges can't be sorted by ${quoted(sort)}.`, 'created or updated, with - for descending')
}

function orderNamed(name: string): PledgeOrder | null {
  const by = name.replace(/^-/, '')
  return by === 'created' || by === 'updated' ? { by, isDescending: name.startsWith('-') } : null
}

const quoted = (text: string): string => JSON.stringify(text.slice(0, 100))

const invalid = (field: string, message: string, expected: string): Refusal =>
  new Refusal('parameter_invalid', { message, field, expected })
