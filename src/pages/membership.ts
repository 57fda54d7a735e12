import type { PledgeEvent } from '../domain/member.ts'
import type { Instant } from '../domain/time.ts'
import { fact } from './fact.ts'
import { furtherPages } from './further-pages.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import { lastChargeInWords, pledgeEventInWords } from './member-in-words.ts'
import { type Membership, membershipFacts } from './memberships.ts'
import { moment } from './moment.ts'
import type { Visit } from './visit.ts'

/** Everything that the page shows. */
export type MembershipView = Membership & {
  /** What happened to the pledges, the newest first. */
  history: readonly PledgeEvent[]
  /** Where the next page of it begins; null on the last. */
  next: string | null
  isFirst: boolean
  now: Instant
}

/** One membership with its charges and changes. */
export function membershipPage(visit: Visit, view: MembershipView): Html {
  const { standing, campaign, history, next, isFirst, now } = view
  const { vanity, creationName } = campaign.campaign
  const { id, joinedAt } = standing.member
  return layout(
    `Your membership · ${creationName}`,
    visit,
    html`<h1>Your membership</h1>
<p>In <a href="/c/${vanity}">${creationName}</a>, where you change it, pay or leave.</p>
<dl class="facts">
${membershipFacts({ standing, campaign }, now)}
${fact('Last charge', lastChargeInWords(standing, now))}${fact('Member since', moment(joinedAt, now))}
</dl>
<h2>Charges and changes</h2>
${history.length === 0 && html`<p class="faint">You never pledged here, so nothing was charged.</p>`}
<ol class="list">
${history.map((event) => html`<li>${pledgeEventInWords(event)}<br>${moment(event.happenedAt, now)}</li>\n`)}</ol>
${furtherPages({ address: `/memberships/${id}`, next, isFirst })}
<p><a href="/memberships">All your memberships</a></p>`,
  )
}
