import { type CampaignStanding, isOffered, type TierStanding } from '../domain/membership.ts'
import { dollars } from '../domain/money.ts'
import type { Instant } from '../domain/time.ts'
import { logInBefore } from './destination.ts'
import type { Filled } from './filled.ts'
import { refusalLine } from './form-refusal.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import { patronsPart } from './patron.ts'
import type { Visit } from './visit.ts'
import type { Visitor } from './visitor.ts'

/** Everything that a campaign's page shows. */
export type CampaignView = {
  standing: CampaignStanding
  creatorName: string
  /** Null for strangers. */
  visitor: Visitor | null
  filled: Filled
  /** What was done just now. */
  said: Html | null
  now: Instant
}

/** A campaign, and what the visitor pledges to it or may pledge. */
export function campaignPage(visit: Visit, view: CampaignView): Html {
  const { standing, creatorName, visitor, filled, said, now } = view
  const { campaign, tiers, patronCount } = standing
  const { csrfToken } = visit
  return layout(
    campaign.creationName,
    visit,
    html`<h1>${campaign.creationName}</h1>
<p class="faint">by ${creatorName} · ${patronCount} ${patronCount === 1 ? 'patron' : 'patrons'}</p>
<p class="summary">${campaign.summary}</p>
${said}${filled.refused.elsewhere !== null && refusalLine(filled.refused.elsewhere)}
${visitor === null && strangersPart(campaign.vanity, tiers)}
${visitor?.isCreator === true && creatorsPart(standing)}
${visitor?.isCreator === false && patronsPart({ standing, visitor, filled, now, csrfToken })}
${visitor !== null && giving(campaign.vanity)}`,
  )
}

const giving = (vanity: string): Html => html`<h2>Give it to somebody</h2>
<p><a href="/c/${vanity}/gift">Give somebody a membership</a> for some months, which costs them nothing.</p>`

const strangersPart = (vanity: string, tiers: readonly TierStanding[]): Html => html`${tierList(tiers, vanity)}
<p><a href="${logInFor(vanity, null)}">Log in to become a patron</a></p>`

const creatorsPart = ({ campaign, tiers, pledgeSumCents }: CampaignStanding): Html => html`<p>This campaign is yours.
Your patrons pledge ${dollars(pledgeSumCents)} in all.</p>
<p><a class="button" href="/c/${campaign.vanity}/manage">Manage this campaign</a></p>
${tierList(tiers, null)}`

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
  logInBefore(`/c/${vanity}${tierId === null ? '' : `?tier=${tierId}`}`)
