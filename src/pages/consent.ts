import type { Account } from '../domain/account.ts'
import type { AuthorizationRequest } from '../oauth/authorization-request.ts'
import { type Html, html } from './html.ts'
import { csrfField, layout } from './layout.ts'
import { scopeInWords } from './scopes-in-words.ts'
import type { Visit } from './visit.ts'

/** What is asked, of whom, and the address under which the answer is sent. */
export type ConsentView = { request: AuthorizationRequest; account: Account; address: string }

/** Where somebody lets a client in, or doesn't. */
export const consentPage = (visit: Visit, { request, account, address }: ConsentView): Html =>
  layout(
    'Let an application in',
    visit,
    html`<h1>Let ${request.client.name} in?</h1>
${aboutClient(request)}
<p>It asks to:</p>
<ul class="list">
${request.scopes.map((scope) => html`<li>${scopeInWords[scope]} <span class="faint">· <code>${scope}</code></span></li>\n`)}</ul>
<form method="post" action="${address}">
${csrfField(visit.csrfToken)}
<button name="decision" value="allow">Allow</button>
<button class="quiet" name="decision" value="deny">Deny</button>
</form>
${otherAccount(visit, account, address)}`,
  )

/** Who asks, and where the answer goes. What a client says of itself nobody has checked. */
const aboutClient = ({ client, redirectUri }: AuthorizationRequest): Html => html`
${client.description !== '' && html`<p class="summary">${client.description}</p>`}
<p class="faint">${client.authorName !== null && html`By ${client.authorName}. `}You go back to <strong>${new URL(redirectUri).host}</strong>.
${link('Privacy policy', client.privacyPolicyUrl)} ${link('Terms of service', client.tosUrl)}</p>`

const link = (text: string, url: string | null): Html | null =>
  url === null ? null : html`<a href="${url}">${text}</a>`

/** You are this one, or may log in as another. */
export const otherAccount = (
  visit: Visit,
  account: Account,
  address: string,
): Html => html`<form method="post" action="/logout">
${csrfField(visit.csrfToken)}<input type="hidden" name="next" value="${address}">
<p class="faint">You are ${account.fullName} (${account.email}). <button class="link">Log in as somebody else</button></p>
</form>`
