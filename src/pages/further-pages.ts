/** Long lists on pages: a part at a time, with links to the beginning and to what comes behind. */
import { fieldIn } from './fields.ts'
import { type Html, html } from './html.ts'

/** Where a page begins, by the number of the last before it; null at the beginning, and for what no page of ours links to. */
export function afterIn(query: unknown): number | null {
  const after = fieldIn(query, 'after')
  return /^\d{1,15}$/.test(after) ? Number(after) : null
}

/** Cuts what was read, one more than is shown, and says where the next page begins; null where there is none. */
export function partOf<Entry>(
  read: readonly Entry[],
  { count, numberOf }: { count: number; numberOf: (last: Entry) => number | string },
): { shown: Entry[]; next: string | null } {
  const shown = read.slice(0, count)
  const last = read.length > count ? shown.at(-1) : undefined
  return { shown, next: last === undefined ? null : String(numberOf(last)) }
}

/** Links to the rest of a list that does not fit on one page. */
export const furtherPages = ({
  address,
  next,
  isFirst,
}: {
  address: string
  next: string | null
  isFirst: boolean
}): Html => html`<p>
${!isFirst && html`<a href="${address}">To the beginning</a>`}
${next !== null && html`<a href="${address}?after=${next}">Further</a>`}</p>`
