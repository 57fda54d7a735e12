/** What a campaign's page shows to somebody who is logged in and may be its patron. */
import { chargeCents } from '../domain/member.ts'
import type { Campaign, CampaignStanding, Pledge } from '../domain/membership.ts'
import type { Instant } from '../domain/time.ts'
import { dollars } from '../membership/money.ts'
import type { Filled } from './filled.ts'
import { type Html, html } from './html.ts'
import { joiningPart, standingWithoutPledge } from './joining.ts'
import { csrfField } from './layout.ts'
import { moment } from './moment.ts'
import { pledgeForm } from './pledge-form.ts'
import { trialPart } from './trial.ts'
import type { Visitor } from './visitor.ts'

/** Everything that this part shows. */
export type PatronView = {
  standing: CampaignStanding
  visitor: Visitor
  filled: Filled
  now: Instant
  csrfToken: string
}

/** What somebody pledges and may do about it, or all the ways to belong to the campaign. */
export function patronsPart(view: PatronView): Html {
  const { standing, visitor } = view
  const { vanity } = standing.campaign
  return html`${visitor.pledge === null ? withoutPledge(view) : withPledge(view, visitor.pledge)}
<p><a href="/memberships">All your memberships</a></p>
<h2>Give it to somebody</h2>
<p><a href="/c/${vanity}/gift">Give somebody a membership</a> for some months. Yours stays as it is.</p>`
}

function withoutPledge({ standing, visitor, filled, csrfToken }: PatronView): Html {
  const { member, mayTry } = visitor
  const { vanity } = standing.campaign
  const trial = { fields: filled.trial, refusal: filled.refused.trial, csrfToken }
  return html`${member !== null && html`<p>${standingWithoutPledge(member)}</p>`}
<h2>Become a patron</h2>
${pledgeForm({ action: `/c/${vanity}/pledge`, standing, current: null, fields: filled.pledge, refusal: filled.refused.pledge, csrfToken })}
${mayTry && trialPart(standing, trial)}
${joiningPart(member, vanity, csrfToken)}`
}

function withPledge(view: PatronView, pledge: Pledge): Html {
  const { standing, visitor, filled, now, csrfToken } = view
  const { vanity } = standing.campaign
  const form = { action: `/c/${vanity}/pledge`, standing, current: pledge, csrfToken }
  return html`<h2>Your pledge</h2>
<p>${standingWithPledge(pledge, standing, now)}</p>
${pledge.declinedSince !== null && visitor.member !== null && declinedPart(view, pledge, pledge.declinedSince)}
${pledge.kind !== 'gift' && pledgeForm({ ...form, fields: filled.pledge, refusal: filled.refused.pledge })}
<h2>Leave</h2>
<form method="post" action="/c/${vanity}/cancellation">
${csrfField(csrfToken)}<input type="hidden" name="pledge" value="${pledge.id}">
<p>Your pledge ends at once. You can come back whenever you like.</p>
<button class="quiet">Cancel your pledge</button>
</form>`
}

function standingWithPledge(pledge: Pledge, { campaign, tiers }: CampaignStanding, now: Instant): Html {
  const title = tiers.find(({ id }) => id === pledge.tierId)?.title ?? 'no tier'
  const free = pledge.freeUntil === null ? null : moment(pledge.freeUntil, now)
  switch (pledge.kind) {
    case 'paid':
      return html`You pledge ${rateInWords(pledge, campaign)}, since ${moment(pledge.createdAt, now)}.`
    case 'gift':
      return html`You were given “${title}”. It costs you nothing and ends by itself on ${free}; then you can pledge yourself.`
    case 'trial':
      return html`You try “${title}” for nothing until ${free}. Then you pledge ${rateInWords(pledge, campaign)}, unless you cancel before.`
  }
}

function rateInWords(pledge: Pledge, { isMonthly }: Campaign): string {
  const rate = `${dollars(pledge.amountCents)} per ${isMonthly ? 'month' : 'creation'}`
  return pledge.cadenceMonths === 12 ? `${rate}, paid by the year` : rate
}

const declinedPart = ({ standing, visitor, now, csrfToken }: PatronView, pledge: Pledge, since: Instant): Html =>
  html`<form class="notice" method="post" action="/c/${standing.campaign.vanity}/payment">
${csrfField(csrfToken)}<input type="hidden" name="member" value="${visitor.member?.id ?? ''}">
<p><strong>Your last charge was declined</strong> on ${moment(since, now)}. Until it is paid you have nothing of what you pledged for.</p>
<p>${dollars(chargeCents(pledge))} is charged when you pay.</p>
<button>Pay now</button>
</form>`
