import {
  type Cadence,
  type CampaignStanding,
  hasPlaceLeft,
  isOffered,
  type Pledge,
  type PledgeTerms,
  payPerName,
  type TierStanding,
} from '../domain/membership.ts'
import { amount, centsIn, dollars } from '../domain/money.ts'
import type { Refusal } from '../domain/refusal.ts'
import { choice } from './choice.ts'
import { fieldIn } from './fields.ts'
import { refusalAt, refusalElsewhere } from './form-refusal.ts'
import { type Html, html } from './html.ts'
import { csrfField } from './layout.ts'
import { textField } from './text-field.ts'

/** The form as it was filled in, which may not make sense. */
export type PledgeFields = { tierId: string; amount: string; cap: string; patronPaysFees: boolean; isYearly: boolean }

/** Everything that the form shows. */
export type PledgeForm = {
  /** Where it is sent. */
  action: string
  standing: CampaignStanding
  /** The pledge that the form edits; null when it makes one. */
  current: Pledge | null
  fields: PledgeFields
  refusal: Refusal | null
  /** Where somebody who keeps no address says one; null for who does. */
  addressLink: string | null
  csrfToken: string
}

/** Where somebody becomes a patron or edits their pledge. */
export function pledgeForm({ action, standing, current, fields, refusal, addressLink, csrfToken }: PledgeForm): Html {
  const { campaign, tiers } = standing
  const choices = tiers.filter((tier) => isOffered(tier) || tier.id === current?.tierId)
  return html`<form method="post" action="${action}">
${csrfField(csrfToken)}<input type="hidden" name="pledge" value="${current?.id ?? ''}">
${refusalElsewhere(refusal, fieldNames)}
<fieldset><legend>Tier</legend>
${refusalAt(refusal, 'tier_id')}
${choices.map((tier) => tierChoice(tier, { isChosen: fields.tierId === tier.id, isOwn: current?.tierId === tier.id }))}
${choice({ type: 'radio', name: 'tier', value: '', isChosen: fields.tierId === '', label: 'No tier' })}</fieldset>
${addressLink !== null && choices.some(({ requiresShipping }) => requiresShipping) && html`<p>What comes by post needs an address, and you keep none yet. <a href="${addressLink}">Say where things shall be sent</a></p>`}
${textField({ ...field, name: 'amount', label: `Dollars per ${payPerName(campaign)}`, value: fields.amount, hint: 'Left empty, you pledge what the tier costs.' }, refusalAt(refusal, 'amount_cents'))}
${(!campaign.isMonthly || fields.cap !== '') && textField({ ...field, name: 'cap', label: 'At most, dollars per month', value: fields.cap, hint: 'Left empty, there is no limit.' }, refusalAt(refusal, 'pledge_cap_cents'))}
<div class="field">${choice({ type: 'checkbox', name: 'fees', value: 'yes', isChosen: fields.patronPaysFees, label: 'I pay the fees too' })}</div>
${campaign.isMonthly && html`<div class="field">${choice({ type: 'checkbox', name: 'yearly', value: 'yes', isChosen: fields.isYearly, label: 'I pay twelve months at once, once a year' })}</div>`}
<button>${current === null ? 'Become a patron' : 'Change your pledge'}</button>
</form>`
}

const fieldNames = ['tier_id', 'amount_cents', 'pledge_cap_cents']
const field = { type: 'text', autocomplete: 'off', isRequired: false } as const

function tierChoice(tier: TierStanding, { isChosen, isOwn }: { isChosen: boolean; isOwn: boolean }): Html {
  const isFull = !isOwn && !hasPlaceLeft(tier)
  const label = html`<strong>${tier.title}</strong> · ${dollars(tier.amountCents)}${tier.requiresShipping && ' · by post'}${isFull && ' · full'}<br>${tier.description}`
  return choice({ type: 'radio', name: 'tier', value: tier.id, isChosen, isDisabled: isFull, label })
}

/** The form as it is first shown: empty, or with what is pledged now. */
export function fieldsFor(current: Pledge | null, tierId: string): PledgeFields {
  if (current === null) return { tierId, amount: '', cap: '', patronPaysFees: false, isYearly: false }
  return {
    tierId: tierId === '' ? (current.tierId ?? '') : tierId,
    // What was chosen may cost more than what was pledged; then the field is left for the tier's amount.
    amount: tierId === '' || tierId === current.tierId ? amount(current.amountCents) : '',
    cap: current.capCents === null ? '' : amount(current.capCents),
    patronPaysFees: current.patronPaysFees,
    isYearly: current.cadenceMonths === 12,
  }
}

/** The form as it was sent. */
export const fieldsSent = (body: unknown): PledgeFields => ({
  tierId: fieldIn(body, 'tier'),
  amount: fieldIn(body, 'amount'),
  cap: fieldIn(body, 'cap'),
  patronPaysFees: fieldIn(body, 'fees') === 'yes',
  isYearly: fieldIn(body, 'yearly') === 'yes',
})

/** What the fields ask for; an amount that can't be read is NaN, and refused like any other bad amount. */
export function termsIn(
  fields: PledgeFields,
  { tiers }: CampaignStanding,
): { terms: PledgeTerms; cadenceMonths: Cadence } {
  const tier = tiers.find(({ id }) => id === fields.tierId)
  const asWritten = centsIn(fields.amount)
  const terms = {
    tierId: fields.tierId === '' ? null : fields.tierId,
    amountCents: fields.amount.trim() === '' ? (tier?.amountCents ?? asWritten) : asWritten,
    capCents: fields.cap.trim() === '' ? null : centsIn(fields.cap),
    patronPaysFees: fields.patronPaysFees,
  }
  return { terms, cadenceMonths: fields.isYearly ? 12 : 1 }
}
