import { type Html, html, type Part } from './html.ts'

/** Something to choose: alone, or one of those with the same name. */
export type Choice = {
  type: 'checkbox' | 'radio'
  name: string
  value: string
  isChosen: boolean
  label: Part
  /** Shown, and not to be had. */
  isDisabled?: boolean
}

/** A choice, of which its whole line is the button. */
export const choice = ({ type, name, value, isChosen, label, isDisabled = false }: Choice): Html =>
  html`<label class="choice"><input type="${type}" name="${name}" value="${value}" ${isChosen && html`checked`} ${isDisabled && html`disabled`}><span>${label}</span></label>
`
