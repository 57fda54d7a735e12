import { type Html, html } from './html.ts'

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
