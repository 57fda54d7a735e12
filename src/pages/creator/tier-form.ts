import { type CampaignStanding, isOffered, payPerName, type TierStanding } from '../../domain/membership.ts'
import { amount, centsIn, dollars } from '../../domain/money.ts'
import type { Refusal } from '../../domain/refusal.ts'
import { newestOf } from '../../membership/campaigns.ts'
import { choice } from '../choice.ts'
import { fieldIn } from '../fields.ts'
import { refusalAt, refusalElsewhere } from '../form-refusal.ts'
import { type Html, html } from '../html.ts'
import { csrfField } from '../layout.ts'
import { linesIn, textArea } from '../text-area.ts'
import { textField } from '../text-field.ts'
import type { Content } from './manage-page.ts'

/** A tier as it was filled in, which may not make sense. */
export type TierFields = {
  title: string
  description: string
  amount: string
  userLimit: string
  requiresShipping: boolean
  isOffered: boolean
}

/** What the form shows, and where it is sent. */
export type TierForm = {
  standing: CampaignStanding
  /** The tier that is edited; null when it makes one. */
  tier: TierStanding | null
  fields: TierFields
  refusal: Refusal | null
  csrfToken: string
}

/** Where a creator offers something, or changes it. */
export function tierPart({ standing: { campaign, tiers }, tier, fields, refusal, csrfToken }: TierForm): Content {
  return {
    part: '/tiers',
    title: tier === null ? 'Add a tier' : tier.title,
    content: html`<form method="post" action="/c/${campaign.vanity}/manage/tiers/${tier?.id ?? 'new'}">
${csrfField(csrfToken)}${tier === null && html`<input type="hidden" name="newest" value="${newestOf(tiers)?.id ?? ''}">`}${refusalElsewhere(refusal, fieldNames)}
${textField({ ...line, name: 'title', label: 'Title', value: fields.title, isRequired: true, hint: null }, refusalAt(refusal, 'title'))}
${textField({ ...line, name: 'amount', label: `Dollars per ${payPerName(campaign)}`, value: fields.amount, isRequired: true, hint: priceHint(tier) }, refusalAt(refusal, 'amount_cents'))}
${textArea({ name: 'description', label: 'What patrons get', rows: 4, hint: null, value: fields.description }, refusalAt(refusal, 'description'))}
${textField({ ...line, name: 'user_limit', label: 'For how many patrons', value: fields.userLimit, hint: 'Left empty, for any number.' }, refusalAt(refusal, 'user_limit'))}
<div class="field">${choice({ type: 'checkbox', name: 'shipping', value: 'yes', isChosen: fields.requiresShipping, label: 'Something is sent by post' })}</div>
${tier !== null && html`<div class="field">${choice({ type: 'checkbox', name: 'offered', value: 'yes', isChosen: fields.isOffered, label: offerLabel })}</div>`}
<button>${tier === null ? 'Add this tier' : 'Save'}</button>
</form>`,
  }
}

const line = { type: 'text', autocomplete: 'off', isRequired: false } as const
const fieldNames = ['title', 'amount_cents', 'description', 'user_limit']

const offerLabel: Html = html`Patrons can choose it<br><span class="hint">Otherwise it is offered no more; who has it keeps it.</span>`

const priceHint = (tier: TierStanding | null): string =>
  tier === null || tier.patronCount === 0 ? 'Such as 5 or 7.50.' : 'Who has it already keeps the price.'

/** Every tier that a campaign ever offered. */
export const tierList = ({ campaign: { vanity }, tiers }: CampaignStanding): Content => ({
  part: '/tiers',
  title: 'Tiers',
  content: html`${tiers.length === 0 && html`<p class="faint">There is no tier yet. A tier has a price and says what patrons get for it; without one, patrons choose an amount themselves.</p>`}
<ul class="list">
${tiers.map(
  (tier) => html`<li><a href="/c/${vanity}/manage/tiers/${tier.id}">${tier.title}</a> · ${dollars(tier.amountCents)}<br>
<span class="faint">${patronsOf(tier)}${!isOffered(tier) && ' · offered no more'}</span></li>
`,
)}</ul>
<p><a class="button" href="/c/${vanity}/manage/tiers/new">Add a tier</a></p>`,
})

function patronsOf({ patronCount, userLimit }: TierStanding): string {
  if (userLimit !== null) return `${patronCount} of ${userLimit} places taken`
  return patronCount === 1 ? '1 patron' : `${patronCount} patrons`
}

/** The form as it is first shown. */
export const tierFields = (tier: TierStanding | null): TierFields => ({
  title: tier?.title ?? '',
  description: tier?.description ?? '',
  amount: tier === null ? '' : amount(tier.amountCents),
  userLimit: tier?.userLimit?.toString() ?? '',
  requiresShipping: tier?.requiresShipping ?? false,
  isOffered: tier === null || isOffered(tier),
})

/** The form as it was sent. */
export const tierSent = (body: unknown): TierFields => ({
  title: fieldIn(body, 'title').trim(),
  description: linesIn(body, 'description'),
  amount: fieldIn(body, 'amount'),
  userLimit: fieldIn(body, 'user_limit').trim(),
  requiresShipping: fieldIn(body, 'shipping') === 'yes',
  isOffered: fieldIn(body, 'offered') === 'yes',
})

/** What the fields ask for; a number that can't be read is NaN, and refused like any other bad number. */
export const tierIn = ({ title, description, amount: dollarsTyped, userLimit, requiresShipping }: TierFields) => ({
  ...{ title, description, requiresShipping },
  amountCents: centsIn(dollarsTyped),
  userLimit: userLimit === '' ? null : /^\d{1,9}$/.test(userLimit) ? Number(userLimit) : Number.NaN,
})
