/** What a campaign's page shows to somebody who is logged in and may be its patron. */
import { chargeCents } from '../domain/member.ts'
import { type CampaignStanding, isDeclined, type Pledge } from '../domain/membership.ts'
import { dollars } from '../domain/money.ts'
import type { Instant } from '../domain/time.ts'
import { addressBefore } from './destination.ts'
import type { Filled } from './filled.ts'
import { type Html, html } from './html.ts'
import { joiningPart, standingWithoutPledge } from './joining.ts'
import { csrfField } from './layout.ts'
import { moment } from './moment.ts'
import { type PledgeForm, pledgeForm } from './pledge-form.ts'
import { rateInWords } from './rate.ts'
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
  const { pledge } = view.visitor
  return pledge === null ? withoutPledge(view) : withPledge(view, pledge)
}

function withoutPledge(view: PatronView): Html {
  const { standing, visitor, filled, csrfToken } = view
  const { member, mayTry } = visitor
  const { vanity } = standing.campaign
  const trial = { fields: filled.trial, refusal: filled.refused.trial, csrfToken }
  return html`${member !== null && html`<p>${standingWithoutPledge(member)} ${allMemberships}</p>`}
<h2>Become a patron</h2>
${pledgeForm({ ...formOn(view), current: null })}
${mayTry && trialPart(standing, trial)}
${joiningPart(member, vanity, csrfToken)}`
}

function withPledge(view: PatronView, pledge: Pledge): Html {
  const { standing, visitor, now, csrfToken } = view
  const { vanity } = standing.campaign
  const words = pledge.kind === 'gift' ? gift : ownPledge
  return html`<h2>${words.heading}</h2>
<p>${standingWithPledge(pledge, standing, now)} ${allMemberships}</p>
${isDeclined(pledge) && visitor.member !== null && declinedPart(view, pledge, pledge.declinedSince)}
${pledge.kind !== 'gift' && pledgeForm({ ...formOn(view), current: pledge })}
<h2>Leave</h2>
<form method="post" action="/c/${vanity}/cancellation">
${csrfField(csrfToken)}<input type="hidden" name="pledge" value="${pledge.id}">
<p>${words.end}</p>
<button class="quiet">${words.button}</button>
</form>`
}

function formOn({ standing, visitor, filled, csrfToken }: PatronView): Omit<PledgeForm, 'current'> {
  const page = `/c/${standing.campaign.vanity}`
  return {
    action: `${page}/pledge`,
    standing,
    fields: filled.pledge,
    refusal: filled.refused.pledge,
    addressLink: visitor.hasAddress ? null : addressBefore(page),
    csrfToken,
  }
}

const ownPledge = {
  heading: 'Your pledge',
  end: 'Your pledge ends at once. You can come back whenever you like.',
  button: 'Cancel your pledge',
}

// What was given can be given up, so that nobody is kept from pledging by a gift that they did not want.
const gift = {
  heading: 'Your membership',
  end: 'Your membership ends at once, and you can pledge yourself.',
  button: 'Give it up',
}

const allMemberships = html`<a href="/memberships">All your memberships</a>`

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

const declinedPart = ({ standing, visitor, now, csrfToken }: PatronView, pledge: Pledge, since: Instant): Html =>
  html`<form class="notice" method="post" action="/c/${standing.campaign.vanity}/payment">
${csrfField(csrfToken)}<input type="hidden" name="member" value="${visitor.member?.id ?? ''}">
<p><strong>Your last charge was declined</strong> on ${moment(since, now)}. Until it is paid you have nothing of what you pledged for.</p>
${standing.campaign.isMonthly && html`<p>${dollars(chargeCents(pledge))} is charged when you pay.</p>\n`}<button>Pay now</button>
</form>`
