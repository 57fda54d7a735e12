import type { Address, MemberStanding } from '../domain/member.ts'
import { willPayCents } from '../domain/member.ts'
import { type CampaignStanding, isDeclined } from '../domain/membership.ts'
import { dollars } from '../domain/money.ts'
import type { Instant } from '../domain/time.ts'
import { fact } from './fact.ts'
import { furtherPages } from './further-pages.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import { nextChargeInWords, pledgeInWords, standingInWords } from './member-in-words.ts'
import type { Visit } from './visit.ts'

/** One membership beside the campaign that it is in. */
export type Membership = { standing: MemberStanding; campaign: CampaignStanding }

/** Everything that the page shows. */
export type MembershipsView = {
  memberships: readonly Membership[]
  address: Address | null
  /** Where the next page begins; null on the last. */
  next: string | null
  isFirst: boolean
  now: Instant
}

/** All that somebody follows, joined and pledges to. */
export const membershipsPage = (visit: Visit, { memberships, address, next, isFirst, now }: MembershipsView): Html =>
  layout(
    'Your memberships',
    visit,
    html`<h1>Your memberships</h1>
${memberships.length === 0 && html`<p class="faint">You belong to no campaign yet. Choose one on <a href="/">the first page</a> to follow it, join it free, or become a patron.</p>`}
<ul class="list">
${memberships.map((membership) => listed(membership, now))}</ul>
${furtherPages({ address: '/memberships', next, isFirst })}
<h2>Your address</h2>
<p>${address === null ? 'You keep none.' : `Things are sent to ${address.city}, ${address.country}.`}
<a href="/address">${address === null ? 'Say where things shall be sent' : 'Change your address'}</a></p>`,
  )

const listed = ({ standing, campaign }: Membership, now: Instant): Html => html`<li>
<h2><a href="/c/${campaign.campaign.vanity}">${campaign.campaign.creationName}</a></h2>
${isDeclined(standing.pledge) && html`<p><strong>Your last charge was declined.</strong> <a href="/c/${campaign.campaign.vanity}">Pay it now</a></p>`}
<dl class="facts">
${membershipFacts({ standing, campaign }, now)}</dl>
<p><a href="/memberships/${standing.member.id}">Charges and changes<span class="unseen"> of ${campaign.campaign.creationName}</span></a></p>
</li>
`

/** How somebody stands with a campaign, and what they pay. */
export function membershipFacts({ standing, campaign }: Membership, now: Instant): Html {
  const { member, pledge } = standing
  const willPay = willPayCents(pledge)
  return html`${fact('Standing', standingInWords(standing))}
${pledge !== null && fact('Pledge', pledgeInWords(pledge, campaign))}
${fact('Next charge', html`${willPay > 0 && member.nextChargeAt !== null && `${dollars(willPay)}, `}${nextChargeInWords(standing, now)}`)}
${fact('Paid in all', dollars(member.lifetimeCents))}`
}
