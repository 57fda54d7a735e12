import type { MemberStanding, PledgeEvent } from '../../domain/member.ts'
import { type CampaignStanding, isDeclined } from '../../domain/membership.ts'
import { dollars } from '../../domain/money.ts'
import type { Refusal } from '../../domain/refusal.ts'
import type { Instant } from '../../domain/time.ts'
import { lastPayment } from '../../membership/charging.ts'
import { fact } from '../fact.ts'
import { refusalAt, refusalElsewhere, refusalLine } from '../form-refusal.ts'
import { type Html, html } from '../html.ts'
import { csrfField } from '../layout.ts'
import {
  lastChargeInWords,
  nextChargeInWords,
  pledgeEventInWords,
  pledgeInWords,
  standingInWords,
} from '../member-in-words.ts'
import { moment } from '../moment.ts'
import { textArea } from '../text-area.ts'
import type { Content } from './manage-page.ts'

/** What a creator does with a member; each is a form of its own, and an address. */
export const memberSteps = ['declines', 'recoveries', 'refunds', 'note'] as const
/** One of them. */
export type MemberStep = (typeof memberSteps)[number]

/** Everything that a member's page shows. */
export type MemberView = {
  campaign: CampaignStanding
  member: MemberStanding
  /** What happened to their pledge, the oldest first. */
  history: readonly PledgeEvent[]
  note: string
  refused: { step: MemberStep; refusal: Refusal } | null
  csrfToken: string
  now: Instant
}

/** Longer histories are cut to what is read. */
const eventsShown = 100

/** One member: how they stand, what their creator can do, and what happened. */
export function memberPart(view: MemberView): Content {
  const { campaign, member, history, now } = view
  const { account, pledge } = member
  const { joinedAt, lifetimeCents } = member.member
  return {
    part: '/members',
    title: account.fullName,
    content: html`<dl class="facts">
${fact('Standing', standingInWords(member))}${pledge !== null && fact('Pledge', pledgeInWords(pledge, campaign))}
${fact('Last charge', lastChargeInWords(member, now))}${fact('Next charge', nextChargeInWords(member, now))}
${fact('Paid in all', dollars(lifetimeCents))}${fact('Member since', moment(joinedAt, now))}${fact('E-mail', account.email)}
</dl>
<h2>Charges</h2>
${chargesPart(view)}
<h2>Note</h2>
${notePart(view)}
<h2>History</h2>
${historyPart(history, now)}`,
  }
}

/** What can be done now; and what was refused, so that the reason stands with its form. */
function chargesPart(view: MemberView): Html {
  const { member, history, refused } = view
  const last = lastPayment(history)
  const forms = [
    ((member.pledge !== null && !isDeclined(member.pledge)) || refused?.step === 'declines') && declineForm(view),
    (isDeclined(member.pledge) || refused?.step === 'recoveries') && recoveryForm(view),
    (last !== null || refused?.step === 'refunds') && refundForm(view, last),
  ]
  return forms.some((form) => form !== false)
    ? html`${forms}`
    : html`<p class="faint">Nothing is charged, and nothing was paid.</p>`
}

const declineForm = (view: MemberView): Html =>
  stepForm(view, 'declines', {
    words: 'The card is declined: they stay a member and have nothing until the charge is recovered.',
    button: 'Decline the charge',
  })

const recoveryForm = (view: MemberView): Html =>
  stepForm(view, 'recoveries', {
    words: 'The declined charge succeeds after all, and their benefits come back.',
    button: 'Recover the charge',
  })

// The payment is named, so that a form that was sent twice gives back one payment and not two.
const refundForm = (view: MemberView, last: ReturnType<typeof lastPayment>): Html =>
  stepForm(view, 'refunds', {
    words: html`${last === null ? 'Nothing that was paid is left to refund.' : html`They get back what is left of their last payment, ${dollars(last.leftCents)} of ${moment(last.payment.happenedAt, view.now)}. The membership goes on.`}
<input type="hidden" name="payment" value="${last?.payment.id ?? ''}">`,
    button: 'Refund the last payment',
  })

function stepForm(
  view: MemberView,
  step: MemberStep,
  { words, button }: { words: Html | string; button: string },
): Html {
  const { refused } = view
  return html`<form class="step" method="post" action="${addressOf(view)}/${step}">
${csrfField(view.csrfToken)}<p>${words}</p>
${refused?.step === step && refusalLine(refused.refusal)}
<button class="quiet">${button}</button>
</form>
`
}

function notePart(view: MemberView): Html {
  const refusal = view.refused?.step === 'note' ? view.refused.refusal : null
  const field = { name: 'note', label: 'What you want to remember', rows: 3, value: view.note }
  return html`<form method="post" action="${addressOf(view)}/note">
${csrfField(view.csrfToken)}${refusalElsewhere(refusal, ['note'])}
${textArea({ ...field, hint: 'The member does not see it. Webhooks do.' }, refusalAt(refusal, 'note'))}
<button class="quiet">Keep the note</button>
</form>`
}

const addressOf = ({ campaign, member }: MemberView): string =>
  `/c/${campaign.campaign.vanity}/manage/members/${member.member.id}`

function historyPart(history: readonly PledgeEvent[], now: Instant): Html {
  if (history.length === 0) return html`<p class="faint">They never pledged.</p>`
  return html`<ol class="list">
${history
  .slice(-eventsShown)
  .toReversed()
  .map((event) => html`<li>${pledgeEventInWords(event)}<br>${moment(event.happenedAt, now)}</li>\n`)}</ol>`
}
