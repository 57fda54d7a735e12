import type { Member } from '../domain/member.ts'
import { dollars } from '../domain/money.ts'
import { type Html, html } from './html.ts'
import { csrfField } from './layout.ts'

/** What somebody is who pledges nothing. */
export function standingWithoutPledge(member: Member): string {
  if (member.isFollower) return 'You follow this campaign.'
  if (member.pledgeStartedAt === null) return 'You are a member, and pledge nothing.'
  return `You were a patron, and paid ${dollars(member.lifetimeCents)} in all. You are a member still, and pledge nothing.`
}

/** Where somebody who pledges nothing follows, joins free, or leaves. */
export const joiningPart = (member: Member | null, vanity: string, csrfToken: string): Html =>
  html`${(member === null || member.isFollower) && withoutPaying(member, vanity, csrfToken)}
${member !== null && leaving(member, vanity, csrfToken)}`

const withoutPaying = (member: Member | null, vanity: string, csrfToken: string): Html => html`<h2>Or pay nothing</h2>
<form method="post" action="/c/${vanity}/membership">
${csrfField(csrfToken)}<p>Free members belong to the campaign, and see what its creator tells members.</p>
<button class="quiet">Join free</button>
</form>
${
  member === null &&
  html`<form method="post" action="/c/${vanity}/following">
${csrfField(csrfToken)}<p>Followers only want to hear of news. They can join later.</p>
<button class="quiet">Follow</button>
</form>`
}`

const leaving = (
  member: Member,
  vanity: string,
  csrfToken: string,
): Html => html`<h2>${member.isFollower ? 'Follow no more' : 'Leave'}</h2>
<form method="post" action="/c/${vanity}/departure">
${csrfField(csrfToken)}<input type="hidden" name="member" value="${member.id}">
<p>You can come back whenever you like.</p>
<button class="quiet">${member.isFollower ? 'Unfollow' : 'Leave this campaign'}</button>
</form>`
