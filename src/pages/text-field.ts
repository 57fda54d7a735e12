import type { Refusal } from '../domain/refusal.ts'
import { type Html, html } from './html.ts'

/** What a line to fill in is called, holds and takes. */
export type TextField = {
  name: string
  label: string
  type: 'text' | 'email' | 'password'
  value: string
  autocomplete: string
  isRequired: boolean
  hint: string | null
}

/** A line to fill in, with what was wrong about it right below. */
export function textField(
  { name, label, type, value, autocomplete, isRequired, hint }: TextField,
  refusal: Html | null,
): Html {
  return html`<div class="field">
<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" value="${value}" autocomplete="${autocomplete}"
  aria-describedby="${name}-note" ${isRequired && html`required`} ${refusal && html`aria-invalid="true"`}>
<div id="${name}-note">${hint !== null && html`<p class="hint">${hint}</p>`}${refusal}</div>
</div>
`
}

/** What was wrong, if it was wrong with this field. */
export const refusalAt = (refusal: Refusal | null, field: string): Html | null =>
  refusal?.detail.field === field ? refusalLine(refusal) : null

/** A refusal as a line of text. */
export const refusalLine = (refusal: Refusal): Html => html`<p class="refusal" role="alert">${refusal.message}</p>`
