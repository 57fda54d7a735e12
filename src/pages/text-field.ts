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
