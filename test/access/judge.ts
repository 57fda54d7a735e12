/** Tries one row of the matrix with everybody, and says what was not as it should be. */
import assert from 'node:assert/strict'
import { type Asker, doorOf } from './askers.ts'
import type { Cast } from './cast.ts'
import { changedBetween, type Kept } from './kept.ts'
import { isThing, type Thing } from './makers.ts'
import { ask } from './request.ts'
import type { Row } from './table.ts'
import { neverWere, Things } from './things.ts'

type Ids = ReadonlyMap<Thing, string>

/** Who tries, in which world, and what is kept there. */
export type Trying = { askers: readonly Asker[]; cast: Cast; kept: Kept }

/** Everything wrong with a row: first those are tried who shall not get through, then those who shall. */
export async function wrongWith(row: Row, { askers, cast, kept }: Trying): Promise<string[]> {
  const theirs = await idsFor(row, cast.cleos.things)
  await cast.world.quiet()
  const before = kept.now()
  const trying = askers.filter((asker) => tries(asker, row))
  const refused = trying.filter((asker) => !getsThrough(asker, row))
  const wrong = await Promise.all(refused.map((asker) => wrongRefusal({ row, asker, theirs }, cast)))
  const changed = changedBetween(before, kept.now()).map((name) => `a refused call changed ${name}`)

  const found: string[] = []
  for (const asker of trying.filter((one) => getsThrough(one, row)))
    found.push(...(await wrongAnswer(row, asker, cast)))
  return [...wrong.flat(), ...changed, ...found, ...strangersIn(row, askers)]
}

/** The names in a row that are nobody's, so that nothing would be tried. */
function strangersIn([, may, , more]: Row, askers: readonly Asker[]): string[] {
  const names = [...(isForAll(may) ? [] : may.split(' | ')), ...(more?.as ?? []), ...(more?.finds?.slice(0, 1) ?? [])]
  return names
    .filter((name) => name !== nobodyAtAll && !askers.some(({ as }) => as === name))
    .map((name) => `nobody here is called ${name}`)
}

/** Whether somebody tries a row at all. Forms are forged, pages are not; whether operators may send others' forms is open. */
function tries({ as }: Asker, [route, may, , more]: Row): boolean {
  if (more?.as !== undefined) return more.as.includes(as)
  if (as === 'forger') return !route.startsWith('GET ')
  return as !== 'operator' || doorOf(route) !== 'pages' || isForAll(may) || includes(may, as)
}

/** In the place of who gets through, where there is no such person. */
const nobodyAtAll = 'nobody at all'

const isForAll = (may: string): boolean => may === 'everybody' || may === 'anybody'

function getsThrough({ as }: Asker, [route, may]: Row): boolean {
  if (as === 'forger') return false
  const isOperator = as === 'operator' && ['api', 'keyed'].includes(doorOf(route))
  if (may === 'anybody' || isOperator) return true
  return may === 'everybody' ? as !== 'nobody' : includes(may, as)
}

type Trial = { row: Row; asker: Asker; theirs: Ids }

async function wrongRefusal({ row, asker, theirs }: Trial, { world, canaries }: Cast): Promise<string[]> {
  const [, , others, more] = row
  const { url } = world.server
  const { name, reader } = asker
  const { status, location, text, sent } = await ask({ row, ids: theirs, asker }, url)
  const told = canaries.in(text, { reader, isToldSecrets: false, sent }).map((what) => `${name} ${what}`)
  const wanted = wantedFor(asker, row)
  if (!wanted.includes(status)) return [...told, `${name}: ${status}, not ${wanted.join(' or ')}`]
  if (status === 303 && !location.startsWith('/login')) return [...told, `${name} goes to ${location}`]
  const isKnown = others === null || others === 403 || status === 403 || more?.known !== undefined
  if (isKnown || (asker.as === 'nobody' && status === 401)) return told

  const never = neverWere(theirs)
  const empty = await ask({ row, ids: never, asker }, url)
  const emptyText = [...never].reduce((left, [thing, id]) => left.replaceAll(id, theirs.get(thing) ?? ''), empty.text)
  if (empty.status === status && bare(emptyText) === bare(text)) return told
  return [...told, `${name} is told something else of what never was`]
}

/** The statuses that somebody may be told who does not get through. */
function wantedFor({ as, isNarrow }: Asker, [route, , others, more]: Row): number[] {
  const usual = others ?? 403
  if (as === 'forger') return [403]
  // Who is not logged in has no form, and is sent to log in, or told that there is nothing.
  if (as === 'nobody') return doorOf(route) === 'pages' ? [303, 403, usual] : [401]
  return isNarrow || includes(more?.sees ?? '', as) ? [403, usual] : [usual]
}

async function wrongAnswer(row: Row, asker: Asker, cast: Cast): Promise<string[]> {
  const [route, may, , more] = row
  const { name, as, reader, isNarrow } = asker
  const isReading = route.startsWith('GET ') && more?.isOnce !== true
  const ids = await idsFor(row, isReading ? cast.cleos.things : newThings(asker, cast))
  const { status, location, text, sent } = await ask({ row, ids, asker }, cast.world.server.url)
  if (status === 403 && isNarrow && isForAll(may)) return []

  const isToldSecrets = includes(more?.secretsFor ?? '', as) || more?.secretsFor === 'everybody'
  const wrong = cast.canaries.in(text, { reader, isToldSecrets, sent }).map((what) => `${name} ${what}`)
  const [finder, what = ''] = more?.finds ?? []
  if (finder === as && !isNarrow && !text.includes(cast.canaries.text(what)))
    wrong.push(`${name} does not find ${what}`)
  const isWell = more?.status === undefined ? status >= 200 && status < 400 : status === more.status
  return isWell && !location.startsWith('/login') ? wrong : [...wrong, `${name}: ${status} ${location} ${text}`]
}

/** New things to which this person may do what the row does. */
function newThings({ reader }: Asker, cast: Cast): Things {
  const { cleos, robs } = cast
  const patron = [cleos.patron, robs.creator, robs.patron].find((person) => person.reader === reader)
  const main = cleos.things
  return patron === undefined
    ? new Things(cast, cleos, { name: 'creators', main })
    : new Things(cast, { creator: cleos.creator, patron }, { name: 'patrons', main })
}

/** The ids of all things that a row names. */
async function idsFor([route, , , more]: Row, things: Things): Promise<Ids> {
  const text = JSON.stringify([route, more?.query ?? '', more?.body ?? '', more?.form ?? ''])
  const ids = new Map<Thing, string>()
  for (const [, name = ''] of text.matchAll(/\{(\w+)\}/g)) {
    assert(isThing(name), `${route} names {${name}}, which makers.ts does not make`)
    ids.set(name, await things.id(name))
  }
  return ids
}

const includes = (list: string, as: string): boolean => list.split(' | ').includes(as)

/** A text without what is new in every answer. */
const bare = (text: string): string =>
  text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'a UUID')
    .replace(/name="_csrf" value="[^"]*"/g, 'a CSRF token')
    // What is said once, of the form before.
    .replace(/<p class="said"[^>]*>[^<]*<\/p>/g, '')
