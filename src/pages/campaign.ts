import type { Member } from '../domain/member.ts'
import type { CampaignStanding, Pledge, TierStanding } from '../domain/membership.ts'
import type { Refusal } from '../domain/refusal.ts'
import type { Instant } from '../domain/time.ts'
import { dollars } from '../membership/money.ts'
import { type Html, html } from './html.ts'
import { joiningPart } from './joining.ts'
import { csrfField, layout } from './layout.ts'
import { moment } from './moment.ts'
import { isOffered, type PledgeFields, pledgeForm } from './pledge-form.ts'
import type { Visit } from './visit.ts'

/** Everything that a campaign's page shows. */
export type CampaignView = {
  standing: CampaignStanding
  creatorName: string
  /** The visitor's own. */
  pledge: Pledge | null
  /** The visitor as a member, if they are one. */
  member: Member | null
  fields: PledgeFields
  refusal: Refusal | null
  now: Instant
}

/** A campaign, and what the visitor pledges to it or may pledge. */
export function campaignPage(visit: Visit, view: CampaignView): Html {
  const { campaign, tiers, patronCount } = view.standing
  return layout(
    campaign.creationName,
    visit,
    html`<h1>${campaign.creationName}</h1>
<p class="faint">by ${view.creatorName} · ${patronCount} ${patronCount === 1 ? 'patron' : 'patrons'}</p>
<p class="summary">${campaign.summary}</p>
${visit.account === null && strangersPart(campaign.vanity, tiers)}
${visit.account?.id === campaign.creatorId && creatorsPart(view.standing)}
${visit.account !== null && visit.account.id !== campaign.creatorId && patronsPart(visit.csrfToken, view)}`,
  )
}

const strangersPart = (vanity: string, tiers: readonly TierStanding[]): Html => html`${tierList(tiers, vanity)}
<p><a href="${logInFor(vanity, null)}">Log in to become a patron</a></p>`

const creatorsPart = ({ campaign, tiers, pledgeSumCents }: CampaignStanding): Html => html`<p>This campaign is yours.
Your patrons pledge ${dollars(pledgeSumCents)} in all.</p>
<p><a class="button" href="/c/${campaign.vanity}/manage">Manage this campaign</a></p>
${tierList(tiers, null)}`

function patronsPart(csrfToken: string, { standing, pledge, member, fields, refusal, now }: CampaignView): Html {
  const action = `/c/${standing.campaign.vanity}/pledge`
  const form = pledgeForm({ action, standing, current: pledge, fields, refusal, csrfToken })
  const { vanity, isMonthly } = standing.campaign
  if (pledge === null) return html`<h2>Become a patron</h2>${form}${joiningPart(member, vanity, csrfToken)}`

  return html`<h2>Your pledge</h2>
<p>You pledge ${dollars(pledge.amountCents)} per ${isMonthly ? 'month' : 'creation'}${pledge.cadenceMonths === 12 && ', paid by the year'}, since ${moment(pledge.createdAt, now)}.</p>
${form}
<h2>Leave</h2>
<form method="post" action="/c/${vanity}/cancellation">
${csrfField(csrfToken)}<input type="hidden" name="pledge" value="${pledge.id}">
<p>Your pledge ends at once. You can come back whenever you like.</p>
<button class="quiet">Cancel your pledge</button>
</form>`
}

const tierList = (tiers: readonly TierStanding[], vanity: string | null): Html => html`<h2>Tiers</h2>
${!tiers.some(isOffered) && html`<p class="faint">This campaign offers no tiers yet; patrons choose an amount themselves.</p>`}
<ul class="list">
${tiers.filter(isOffered).map(
  (
    tier,
  ) => html`<li><strong>${tier.title}</strong> · ${dollars(tier.amountCents)}${placesLeft(tier)}<br>${tier.description}
${vanity !== null && html`<br><a href="${logInFor(vanity, tier.id)}">Choose this tier</a>`}</li>
`,
)}</ul>`

function placesLeft({ userLimit, patronCount }: TierStanding): Html | null {
  if (userLimit === null) return null
  const left = Math.max(0, userLimit - patronCount)
  return html` <span class="faint">· ${left === 0 ? 'full' : `${left} of ${userLimit} left`}</span>`
}

/** Log-in that comes back to the campaign. */
export const logInFor = (vanity: string, tierId: string | null): string =>
  `/login?next=${encodeURIComponent(`/c/${vanity}${tierId === null ? '' : `?tier=${tierId}`}`)}`
