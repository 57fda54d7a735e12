import type { CampaignStanding } from '../domain/membership.ts'
import type { Refusal } from '../domain/refusal.ts'
import { fieldIn } from './fields.ts'
import { refusalAt, refusalElsewhere } from './form-refusal.ts'
import { type Html, html } from './html.ts'
import { csrfField } from './layout.ts'
import { selectField } from './select-field.ts'
import { tierChoices } from './tier-choices.ts'

/** The form as it was filled in. */
export type TrialFields = { tierId: string; days: string }

/** The form as it is first shown: a week, as a tier is tried on most pages. */
export const trialAtFirst: TrialFields = { tierId: '', days: '7' }

/** The form as it was sent. */
export const trialSent = (body: unknown): TrialFields => ({
  tierId: fieldIn(body, 'tier'),
  days: fieldIn(body, 'days'),
})

const spans = [7, 14, 30].map((days) => ({ value: String(days), text: `${days} days` }))

/** Where somebody who never pledged tries a tier for nothing. */
export const trialPart = (
  { campaign, tiers }: CampaignStanding,
  { fields, refusal, csrfToken }: { fields: TrialFields; refusal: Refusal | null; csrfToken: string },
): Html => html`<h2>Or try a tier first</h2>
<form method="post" action="/c/${campaign.vanity}/trial">
${csrfField(csrfToken)}<p>You pay nothing until the trial is over, and then what the tier costs, unless you cancel before. You can try once.</p>
${refusalElsewhere(refusal, ['tier_id', 'days'])}
${selectField({ name: 'tier', label: 'Tier to try', value: fields.tierId, choices: tierChoices(tiers) }, refusalAt(refusal, 'tier_id'))}
${selectField({ name: 'days', label: 'For', value: fields.days, choices: spans }, refusalAt(refusal, 'days'))}
<button class="quiet">Try it free</button>
</form>`
