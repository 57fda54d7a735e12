import type { Refusal } from '../../domain/refusal.ts'
import { choice } from '../choice.ts'
import { fieldIn } from '../fields.ts'
import { refusalAt, refusalElsewhere } from '../form-refusal.ts'
import { type Html, html } from '../html.ts'
import { csrfField, layout } from '../layout.ts'
import { linesIn, textArea } from '../text-area.ts'
import { textField } from '../text-field.ts'
import type { Visit } from '../visit.ts'
import { creationNameField, summaryField } from './details-form.ts'

/** The form as it was filled in, which may not make sense. */
export type StartFields = { creationName: string; vanity: string; summary: string; isMonthly: boolean }

/** The form as it is first shown. */
export const emptyStart: StartFields = { creationName: '', vanity: '', summary: '', isMonthly: true }

/** Where somebody becomes a creator. */
export const startPage = (visit: Visit, fields: StartFields, refusal: Refusal | null): Html =>
  layout(
    'Start a campaign',
    visit,
    html`<h1>Start a campaign</h1>
<p>It is open to patrons at once. What it says and offers you can change later; its address and how it charges stay.</p>
<form method="post" action="/campaigns/new">
${csrfField(visit.csrfToken)}${refusalElsewhere(refusal, fieldNames)}
${creationNameField(fields.creationName, refusal)}
${textField({ name: 'vanity', label: 'Name in addresses', type: 'text', value: fields.vanity, autocomplete: 'off', isRequired: true, hint: vanityHint }, refusalAt(refusal, 'vanity'))}
${textArea({ ...summaryField, value: fields.summary }, refusalAt(refusal, 'summary'))}
<fieldset><legend>Patrons pay</legend>
${choice({ type: 'radio', name: 'pay', value: 'month', isChosen: fields.isMonthly, label: 'by the month' })}
${choice({ type: 'radio', name: 'pay', value: 'creation', isChosen: !fields.isMonthly, label: 'by the creation' })}
</fieldset>
<button>Start the campaign</button>
</form>`,
  )

const vanityHint =
  'Letters a–z, digits, “-” and “_”, with a letter or digit at both ends. The campaign is found at /c/ and this name.'
const fieldNames = ['creation_name', 'vanity', 'summary']

/** The form as it was sent. */
export const startSent = (body: unknown): StartFields => ({
  creationName: fieldIn(body, 'creation_name').trim(),
  vanity: fieldIn(body, 'vanity').trim(),
  summary: linesIn(body, 'summary'),
  isMonthly: fieldIn(body, 'pay') !== 'creation',
})
