import { type Campaign, payPerName } from '../../domain/membership.ts'
import type { Refusal } from '../../domain/refusal.ts'
import type { CampaignChanges } from '../../membership/campaign-edits.ts'
import { choice } from '../choice.ts'
import { fieldIn } from '../fields.ts'
import { refusalAt, refusalElsewhere } from '../form-refusal.ts'
import { type Html, html } from '../html.ts'
import { csrfField } from '../layout.ts'
import { linesIn, textArea } from '../text-area.ts'
import { textField } from '../text-field.ts'
import type { Content } from './manage-page.ts'

/** What a campaign says, as it was filled in. */
export type Details = Required<CampaignChanges>

/** Where a creator says what a campaign is about. */
export const detailsPart = (
  campaign: Campaign,
  { details, refusal, csrfToken }: { details: Details; refusal: Refusal | null; csrfToken: string },
): Content => ({
  part: '/details',
  title: 'Details',
  content: html`<form method="post" action="/c/${campaign.vanity}/manage/details">
${csrfField(csrfToken)}${refusalElsewhere(refusal, fieldNames)}
${creationNameField(details.creationName, refusal)}
${textField({ ...line, name: 'one_liner', label: 'In one line', value: details.oneLiner ?? '', hint: 'May be left empty.' }, refusalAt(refusal, 'one_liner'))}
${textArea({ ...summaryField, value: details.summary }, refusalAt(refusal, 'summary'))}
${textArea({ name: 'thanks_msg', label: 'Thanks to new patrons', rows: 4, hint: 'May be left empty.', value: details.thanksMessage ?? '' }, refusalAt(refusal, 'thanks_msg'))}
<div class="field">${choice({ type: 'checkbox', name: 'nsfw', value: 'yes', isChosen: details.isNsfw, label: 'It is for adults only' })}</div>
<button>Save</button>
</form>
<p class="faint">It stays at /c/${campaign.vanity}, and patrons pay by the ${payPerName(campaign)}: they were promised so.</p>`,
})

const fieldNames = ['creation_name', 'one_liner', 'summary', 'thanks_msg']
const line = { type: 'text', autocomplete: 'off', isRequired: false } as const

/** Where the introduction is written. */
export const summaryField = {
  name: 'summary',
  label: 'Introduction',
  rows: 6,
  hint: 'Plain text, on the campaign’s page.',
} as const

/** Where what a campaign is about is named. */
export const creationNameField = (value: string, refusal: Refusal | null): Html =>
  textField(
    {
      ...line,
      name: 'creation_name',
      label: 'What is being created',
      value,
      isRequired: true,
      hint: 'Such as “comics”.',
    },
    refusalAt(refusal, 'creation_name'),
  )

/** The form as it was sent; what was left empty is not said. */
export function detailsSent(body: unknown): Details {
  const [oneLiner, thanksMessage] = [fieldIn(body, 'one_liner').trim(), linesIn(body, 'thanks_msg')]
  return {
    creationName: fieldIn(body, 'creation_name').trim(),
    summary: linesIn(body, 'summary'),
    oneLiner: oneLiner === '' ? null : oneLiner,
    thanksMessage: thanksMessage.trim() === '' ? null : thanksMessage,
    isNsfw: fieldIn(body, 'nsfw') === 'yes',
  }
}
