/**
 * Which things come along with those that were asked for (wire.md §5). `include=creator,rewards.null` names them instead
 * of the defaults; below what is named without more the defaults hold again, unless `null` stands there.
 */
import { Refusal } from '../../domain/refusal.ts'
import type { ResourceType } from '../../membership/documents/json-api.ts'
import { relationsOf } from './names.ts'

/** What to include, by the name of the relationship; or what comes along unasked. */
export type Include = 'defaults' | ReadonlyMap<string, Include>

/** More names than any client sends; each is looked for in everything that was found. */
const namesLimit = 100

/** The docs once wrote this for the pledges of a campaign. */
const pledgeOfDocs = 'pledge'

/** What a query wants included; null: it says nothing. */
export function includeIn(
  text: string | null,
  { root, useDefaults }: { root: ResourceType; useDefaults: boolean },
): Include {
  if (text === null) return useDefaults ? 'defaults' : new Map()
  const paths = text
    .split(',')
    .map((path) => path.trim().split('.'))
    .filter(([first]) => first !== '' && first !== 'null')
  if (paths.flat().length > namesLimit) throw refused('The list is too long.', `at most ${namesLimit} names`)
  return level(paths, root, useDefaults)
}

/** Whether the pledges of campaigns shall come along; they are there for who asks. */
export const wantsPledgesOf = (type: ResourceType, include: Include): boolean =>
  include !== 'defaults' &&
  [...include].some(([name, below]) => {
    const target = relationsOf(type).get(name)
    return (type === 'campaign' && name === 'pledges') || (target !== undefined && wantsPledgesOf(target, below))
  })

type Path = readonly string[]

function level(paths: readonly Path[], type: ResourceType, useDefaults: boolean): Include {
  const below = new Map<string, Path[]>()
  for (const [written = '', ...rest] of paths) {
    const name = type === 'campaign' && written === pledgeOfDocs ? 'pledges' : written
    const known = below.get(name) ?? []
    below.set(name, rest.length === 0 ? known : [...known, rest])
  }
  return new Map([...below].map(([name, rest]) => [name, under(rest, targetOf(type, name), useDefaults)]))
}

function under(paths: readonly Path[], type: ResourceType, useDefaults: boolean): Include {
  if (paths.length === 0) return useDefaults ? 'defaults' : new Map()
  return level(
    paths.filter(([first]) => first !== 'null'),
    type,
    useDefaults,
  )
}

function targetOf(type: ResourceType, name: string): ResourceType {
  const relations = relationsOf(type)
  const target = relations.get(name)
  if (target !== undefined) return target
  const shown = JSON.stringify(name.slice(0, 100))
  throw refused(`A ${type} has no relationship ${shown}.`, `one of ${[...relations.keys()].join(', ')}, or null`)
}

const refused = (message: string, expected: string): Refusal =>
  new Refusal('parameter_invalid', { message, field: 'include', expected })
