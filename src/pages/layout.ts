import { type Html, html } from './html.ts'
import type { Visit } from './visit.ts'

/** The frame of every page: head, name, who is logged in. */
export const layout = (title: string, visit: Visit, content: Html): Html => html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Tidings</title>
<link rel="stylesheet" href="/assets/pages.css">
</head>
<body>
<header><a class="brand" href="/">Tidings</a>${whoIsHere(visit)}</header>
<main>
${content}
</main>
</body>
</html>
`

const whoIsHere = ({ account, csrfToken }: Visit): Html =>
  account === null
    ? html`<a href="/login">Log in</a>`
    : html`<form method="post" action="/logout">${csrfField(csrfToken)}<span class="faint">${account.fullName}</span> ·
<button class="link">Log out</button></form>`

/** Proves that a form came from a page of ours. */
export const csrfField = (token: string): Html => html`<input type="hidden" name="_csrf" value="${token}">`
