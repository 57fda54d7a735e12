import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import type { Visit } from './visit.ts'

/** A page that says one thing: what went wrong, and where to go from here. */
export const messagePage = (visit: Visit, { title, message }: { title: string; message: string }): Html =>
  layout(
    title,
    visit,
    html`<h1>${title}</h1>
<p>${message}</p>
<p><a href="/">To the first page</a></p>`,
  )
