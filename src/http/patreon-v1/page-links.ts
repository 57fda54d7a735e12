import type { DatedPledge } from '../../domain/pledge-order.ts'
import type { Json } from '../../domain/wire-json.ts'
import { cursorBefore } from './cursor.ts'
import { type RawQuery, textIn } from './query.ts'

/** A page of a campaign's pledges, as its links name it. */
export type PageNamed = { campaignId: string; count: number; sort: string; query: RawQuery }

/** What follows a page: the first pledge of the next one, behind its own last. */
export type Following = { last: DatedPledge; next: DatedPledge }

/** Splits what was read into a page and what follows it; one more than the page holds has to be read. */
export function cut(read: readonly DatedPledge[], count: number): { page: DatedPledge[]; following: Following | null } {
  const page = read.slice(0, count)
  const [last, next] = [page.at(-1), read[count]]
  return { page, following: last === undefined || next === undefined ? null : { last, next } }
}

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
