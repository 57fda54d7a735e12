import { type DatedPledge, microsecondOf } from '../../domain/pledge-order.ts'
import type { Json } from '../../domain/wire-json.ts'
import { cursorBefore } from './cursor.ts'
import { type RawQuery, textIn } from './query.ts'

/** A page of a campaign's pledges, as its links name it. */
export type PageNamed = { campaignId: string; count: number; sort: string; query: RawQuery }

/** What follows a page: the first pledge of the next one, behind its own last. */
export type Following = { last: DatedPledge | null; next: DatedPledge }

/** A page, and what follows it; null on the last one. */
export type Page = { page: DatedPledge[]; following: Following | null }

/**
 * Splits what was read into a page and what follows it; one more than the page holds has to be read. No cursor could
 * tell those apart that share a microsecond, so they stay together: a page ends before them, and may be empty then.
 */
export function cut(read: readonly DatedPledge[], count: number): Page {
  const beyond = read[count]
  if (beyond === undefined) return { page: [...read], following: null }
  const page = read.slice(0, count).filter((pledge) => !areTogether(pledge, beyond))
  return { page, following: { last: page.at(-1) ?? null, next: read[page.length] ?? beyond } }
}

/** Reads a page; one that would be empty is as long as it must be to hold those that stay together. */
export async function pageOf(read: (limit: number) => Promise<readonly DatedPledge[]>, count: number): Promise<Page> {
  for (let size = count; ; size *= 2) {
    const part = cut(await read(size + 1), size)
    if (part.page.length > 0 || part.following === null) return part
  }
}

const areTogether = (one: DatedPledge, other: DatedPledge): boolean =>
  one.at === other.at && microsecondOf(one.pledge.patronId) === microsecondOf(other.pledge.patronId)

/** Where the first page and the next one are; on the last page there is no next. */
export function pageLinks(named: PageNamed, following: Following | null, linkBase: string): Record<string, Json> {
  const first = `${linkBase}/api/oauth2/api/campaigns/${named.campaignId}/pledges?${parametersOf(named)}`
  if (following === null) return { first }
  const cursor = cursorBefore(following.next, following.last)
  return { first, next: `${first}&${parameter('page[cursor]', cursor)}` }
}

/** What else was asked for goes along, so that every page tells the same. */
function parametersOf({ count, sort, query }: PageNamed): string {
  const others = Object.keys(query)
    .filter((name) => kept.test(name))
    .map((name) => parameter(name, textIn(query, name) ?? ''))
  return [parameter('page[count]', String(count)), parameter('sort', sort), ...others].join('&')
}

const kept = /^(?:includes?|json-api-use-default-includes|fields\[.*\])$/

const parameter = (name: string, value: string): string => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`
