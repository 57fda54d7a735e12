/** What a row of the matrix says, and the rows put together. */
import { apiRows } from './rows-api.ts'
import { pageRows } from './rows-pages.ts'
import { patreonRows } from './rows-patreon.ts'

/**
 * A route, and who gets what there:
 *
 * - `{thing}` in path, query, body and form is a thing of Cleo's or of her patron Pat's (`things.ts`). The route that the
 *   row is about is the path with its parameters in these places.
 * - `may`: who gets through (`askers.ts`). `everybody` is whoever is recognised, `anybody` also who is not. Operators always
 *   get through our own API.
 * - `others`: the status that everybody else is told. But for 403 the answer must be the very same as for a thing that
 *   never was, so that nobody learns that there is such a thing.
 */
export type Row = readonly [route: string, may: string, others: number | null, more?: More]

/** What a row says beside that. */
export type More = {
  /** What is asked for behind the path, too long for the name of a test. */
  query?: string
  /** What is sent as JSON. */
  body?: unknown
  /** What is sent as a form. */
  form?: Record<string, string>
  /** Who knows that the thing is there and may not do this to it: they are told 403. */
  sees?: string
  /** Why others may learn that there is such a thing. */
  known?: string
  /** Who must find what of their own in the answer, by the name of the canary. */
  finds?: readonly [who: string, what: string]
  /** Who is told the secrets of their own webhooks. */
  secretsFor?: string
  /** What who gets through is told where that is no success. */
  status?: number
  /** A GET that uses something up. */
  isOnce?: true
  /** Who tries; all, unless said otherwise. */
  as?: readonly string[]
}

/** Every route of the server. A new one is one more line. */
export const table: readonly Row[] = [...apiRows, ...patreonRows, ...pageRows]

/** A route with its parameters as `*`: rows and the router name them differently. */
export function routeIn(text: string): string {
  const [method = '', address = ''] = text.trim().split(/\s+/)
  return `${method} ${(address.split('?')[0] ?? '').replace(/\{\w+\}|:\w+/g, '*')}`
}
