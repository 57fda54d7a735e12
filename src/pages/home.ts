import { type Campaign, isDeclined, type Pledge } from '../domain/membership.ts'
import type { Instant } from '../domain/time.ts'
import { type ClockView, clockPart } from './clock.ts'
import { type Html, html } from './html.ts'
import { layout } from './layout.ts'
import { moment } from './moment.ts'
import { rateInWords } from './rate.ts'
import type { Visit } from './visit.ts'

/** Everything that the first page shows. */
export type Home = {
  campaigns: readonly Campaign[]
  /** The visitor's own. */
  ownCampaigns: readonly Campaign[]
  pledges: readonly { pledge: Pledge; campaign: Campaign }[]
  /** Null where the visitor does not move it. */
  clock: ClockView | null
  now: Instant
}

/** The first page: what there is, and what of it is the visitor's. */
export const homePage = (visit: Visit, home: Home): Html =>
  layout(
    'Home',
    visit,
    html`<h1>${visit.account === null ? 'Tidings' : `Hello, ${visit.account.fullName}`}</h1>
<p>Creators have campaigns, patrons pledge to them, and whoever listens with a webhook hears of it.</p>
${visit.account !== null && yours(home)}
<h2>Campaigns</h2>
${campaignList(home.campaigns, 'There is no campaign yet.')}
${home.ownCampaigns.length === 0 && html`<p><a href="/campaigns/new">Start a campaign</a></p>`}
${home.clock !== null && clockPart(home.clock, visit.csrfToken)}
<h2>For developers</h2>
<p>OAuth clients, API keys and webhooks are made with <code>tidings clients</code>, <code>tidings keys</code> and
<code>tidings webhooks</code>, or through <a href="/api/v1/openapi.json">the API</a>.</p>`,
  )

const yours = ({ ownCampaigns, pledges, now }: Home): Html => html`<h2>Your pledges</h2>
${pledges.length === 0 && html`<p class="faint">You pledge to nobody. Choose a campaign below to become a patron.</p>`}
<ul class="list">
${pledges.map(
  ({ pledge, campaign }) => html`<li><a href="/c/${campaign.vanity}">${campaign.creationName}</a> —
${inShort(pledge, campaign, now)}</li>
`,
)}</ul>
<p><a href="/memberships">All your memberships</a>, with their charges · <a href="/address">Your address</a></p>
${ownCampaigns.length > 0 && html`<h2>Your campaigns</h2>${campaignList(ownCampaigns, '')}`}`

function inShort(pledge: Pledge, campaign: Campaign, now: Instant): Html {
  const rate = rateInWords(pledge, campaign)
  const since = moment(pledge.createdAt, now)
  switch (pledge.kind) {
    case 'gift':
      return html`a gift, since ${since}`
    case 'trial':
      return html`a trial since ${since}, then ${rate}`
    case 'paid':
      return html`${rate}, since ${since}${isDeclined(pledge) && '; the last charge was declined'}`
  }
}

const campaignList = (campaigns: readonly Campaign[], empty: string): Html =>
  campaigns.length === 0
    ? html`<p class="faint">${empty}</p>`
    : html`<ul class="list">
${campaigns.map(({ vanity, creationName }) => html`<li><a href="/c/${vanity}">${creationName}</a></li>\n`)}</ul>`
