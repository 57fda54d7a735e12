import { fieldIn } from './fields.ts'
import { type Html, html } from './html.ts'

/** What a field for several lines is called and holds. */
export type TextArea = { name: string; label: string; value: string; rows: number; hint: string | null }

/** A field for several lines, with what was wrong about it right below. */
export const textArea = (
  { name, label, value, rows, hint }: TextArea,
  refusal: Html | null,
): Html => html`<div class="field">
<label for="${name}">${label}</label>
<textarea id="${name}" name="${name}" rows="${rows}" aria-describedby="${name}-note" ${refusal && html`aria-invalid="true"`}>
${value}</textarea>
<div id="${name}-note">${hint !== null && html`<p class="hint">${hint}</p>`}${refusal}</div>
</div>
`

/** Several lines as they were typed: browsers send every line end as two characters (HTML, form submission). */
export const linesIn = (source: unknown, name: string): string => fieldIn(source, name).replaceAll('\r\n', '\n')
