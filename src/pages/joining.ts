import type { Member } from '../domain/member.ts'
import { type Html, html } from './html.ts'
import { csrfField } from './layout.ts'

/** Where somebody who pledges nothing joins free, or leaves. */
export function joiningPart(member: Member | null, vanity: string, csrfToken: string): Html {
  if (member !== null && !member.isFollower) return leaving(member, vanity, csrfToken)
  return html`<h2>Or join free</h2>
<form method="post" action="/c/${vanity}/membership">
${csrfField(csrfToken)}<p>Free members pay nothing, and hear what the creator says to everybody.</p>
<button class="quiet">Join free</button>
</form>`
}

const leaving = (member: Member, vanity: string, csrfToken: string): Html => html`<h2>Leave</h2>
<form method="post" action="/c/${vanity}/departure">
${csrfField(csrfToken)}<input type="hidden" name="member" value="${member.id}">
<p>You are a member, and pledge nothing. You can come back whenever you like.</p>
<button class="quiet">Leave this campaign</button>
</form>`
