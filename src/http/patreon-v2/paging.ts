/** Long lists in parts: `page[count]`, `page[cursor]` and `sort` (wire.md §6.2). */
import { wrong } from './asked.ts'
import type { Parameters } from './query.ts'

/** How large a page is when nothing is said, and at most. */
export type PageSizes = { usual: number; most: number }

/** Which part of a list is asked for. */
export type Page = { after: string | null; limit: number }

/** Where the rest of a list is. */
export type Paging = {
  links: { next?: string }
  meta: { pagination: { cursors: { next: string | null }; total: number } }
}

/** Reads which part of a list is asked for. A larger page than there is gets the largest. */
export function pageIn(parameters: Parameters, { usual, most }: PageSizes): Page {
  const [name, size] = sizeIn(parameters)
  if (size !== undefined && !/^[1-9]\d{0,8}$/.test(size)) throw wrong(name, `a number from 1 to ${most}`)
  const cursor = single(parameters, 'page[cursor]')
  return {
    after: cursor === undefined || cursor === '' ? null : keyIn(cursor),
    limit: Math.min(size === undefined ? usual : Number(size), most),
  }
}

// The PHP client writes `page[size]`.
function sizeIn(parameters: Parameters): [name: string, size: string | undefined] {
  const count = single(parameters, 'page[count]')
  return count === undefined ? ['page[size]', single(parameters, 'page[size]')] : ['page[count]', count]
}

/** Reads in which of these orders a list is asked for; null when nothing was said. */
export function orderIn<Order extends string>(parameters: Parameters, orders: readonly Order[]): Order | null {
  const sort = single(parameters, 'sort')
  if (sort === undefined || sort === '') return null
  const order = orders.find((one) => one === sort)
  if (order !== undefined) return order
  throw wrong('sort', orders.length === 0 ? 'nothing: this list has one order' : orders.join(' or '))
}

/** Whether a list that has one order is asked for from its end. */
export const isFromTheEnd = (parameters: Parameters, order: string): boolean =>
  orderIn(parameters, [order, `-${order}`]) === `-${order}`

/** A cursor is a key that nobody should build upon. */
const cursorAt = (key: string | number): string => Buffer.from(String(key)).toString('base64url')

function keyIn(cursor: string): string {
  const key = Buffer.from(cursor, 'base64url').toString('latin1')
  if (/^\d{1,15}$/.test(key) && cursorAt(key) === cursor) return key
  throw wrong('page[cursor]', 'the cursor of another page, as it was given')
}

/** A list is asked for one more than the page holds, to know whether there is more. */
export function pageOf<Entry>(entries: readonly Entry[], { limit }: Page, keyOf: (last: Entry) => string | number) {
  const page = entries.slice(0, limit)
  const last = entries.length > limit ? page.at(-1) : undefined
  return { page, next: last === undefined ? null : cursorAt(keyOf(last)) }
}

/** A part of a list that is known whole, in the order of its keys. One that is gone since the page before is no matter. */
export function pageAmong<Entry>(
  entries: readonly Entry[],
  asks: Page,
  { keyOf, isDescending }: { keyOf: (entry: Entry) => string; isDescending: boolean },
) {
  const after = asks.after === null ? null : Number(asks.after)
  const isBehind = (entry: Entry) =>
    after === null || (isDescending ? Number(keyOf(entry)) < after : Number(keyOf(entry)) > after)
  const inOrder = isDescending ? entries.toReversed() : entries
  return pageOf(inOrder.filter(isBehind), asks, keyOf)
}

/** Says where the next page is: the same address with another cursor. */
export function pagingTo(next: string | null, { address, total }: { address: URL; total: number }): Paging {
  const meta = { pagination: { cursors: { next }, total } }
  if (next === null) return { links: {}, meta }
  const onward = new URL(address)
  onward.searchParams.set('page[cursor]', next)
  return { links: { next: onward.href }, meta }
}

function single(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name]
  if (value === undefined || typeof value === 'string') return value
  throw wrong(name, 'only once')
}
