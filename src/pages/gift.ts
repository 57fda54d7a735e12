import type { CampaignStanding } from '../domain/membership.ts'
import type { Refusal } from '../domain/refusal.ts'
import { fieldIn } from './fields.ts'
import { refusalAt, refusalLine } from './form-refusal.ts'
import { type Html, html } from './html.ts'
import { csrfField, layout } from './layout.ts'
import { selectField } from './select-field.ts'
import { textField } from './text-field.ts'
import { tierChoices } from './tier-choices.ts'
import type { Visit } from './visit.ts'

/** The form as it was filled in. */
export type GiftFields = { email: string; tierId: string; months: string }

/** Everything that the page shows. */
export type GiftView = {
  standing: CampaignStanding
  fields: GiftFields
  refusal: Refusal | null
  /** What was done just now. */
  said: Html | null
}

/** The form as it is first shown. */
export const giftAtFirst: GiftFields = { email: '', tierId: '', months: '1' }

/** The form as it was sent. */
export const giftSent = (body: unknown): GiftFields => ({
  email: fieldIn(body, 'email').trim(),
  tierId: fieldIn(body, 'tier'),
  months: fieldIn(body, 'months'),
})

// As long as gifts are on Patreon.
const lengths = [1, 3, 6, 12].map((months) => ({
  value: String(months),
  text: months === 1 ? '1 month' : `${months} months`,
}))

/** Where somebody gives a membership to somebody else. */
export function giftPage(visit: Visit, { standing, fields, refusal, said }: GiftView): Html {
  const { vanity, creationName } = standing.campaign
  const choices = tierChoices(standing.tiers)
  return layout(
    `A gift · ${creationName}`,
    visit,
    html`<h1>Give somebody a membership</h1>
<p>They have a tier of <a href="/c/${vanity}">${creationName}</a> for some months, and pay nothing. Then it ends by itself.</p>
${said}${refusal !== null && !fieldNames.includes(refusal.detail.field ?? '') && refusalLine(refusal)}
${choices.length === 0 && html`<p class="faint">There is nothing to give: this campaign has no tier with a place left.</p>`}
${
  choices.length > 0 &&
  html`<form method="post" action="/c/${vanity}/gift">
${csrfField(visit.csrfToken)}${textField({ ...emailField, value: fields.email }, refusalAt(refusal, 'email'))}
${selectField({ name: 'tier', label: 'Tier', value: fields.tierId, choices }, refusalAt(refusal, 'tier_id'))}
${selectField({ name: 'months', label: 'For', value: fields.months, choices: lengths }, refusalAt(refusal, 'months'))}
<button>Give it</button>
</form>`
}`,
  )
}

const fieldNames = ['email', 'tier_id', 'months']

const emailField = {
  name: 'email',
  label: 'Their e-mail address',
  type: 'email',
  autocomplete: 'off',
  isRequired: true,
  hint: 'The one with which they log in here. A gift is for who follows the campaign or has joined it, if only free.',
} as const
