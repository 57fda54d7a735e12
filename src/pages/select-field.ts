import { type Html, html } from './html.ts'

/** A line with a few answers to choose from. */
export type SelectField = {
  name: string
  label: string
  value: string
  choices: readonly { value: string; text: string }[]
}

/** Answers to choose from, with what was wrong about the choice right below. */
export const selectField = (
  { name, label, value, choices }: SelectField,
  refusal: Html | null,
): Html => html`<div class="field">
<label for="${name}">${label}</label>
<select id="${name}" name="${name}" aria-describedby="${name}-note" ${refusal && html`aria-invalid="true"`}>
${choices.map((choice) => html`<option value="${choice.value}" ${choice.value === value && html`selected`}>${choice.text}</option>\n`)}</select>
<div id="${name}-note">${refusal}</div>
</div>
`
