import type { Refusal } from '../domain/refusal.ts'
import { refusalLine } from './form-refusal.ts'
import { type Html, html } from './html.ts'
import { csrfField, layout } from './layout.ts'
import { textField } from './text-field.ts'
import type { Visit } from './visit.ts'

/** Where people log in. */
export const logInPage = (visit: Visit, form: { email: string; next: string }, refusal: Refusal | null): Html =>
  layout(
    'Log in',
    visit,
    html`<h1>Log in</h1>
<form method="post" action="/login">
${refusal && refusalLine(refusal)}
${csrfField(visit.csrfToken)}<input type="hidden" name="next" value="${form.next}">
${textField({ ...field, name: 'email', label: 'E-mail', type: 'email', value: form.email, autocomplete: 'username' }, null)}
${textField({ ...field, name: 'password', label: 'Password', type: 'password', value: '', autocomplete: 'current-password' }, null)}
<button>Log in</button>
</form>
<p class="faint">No password yet, or forgotten? An operator of this Tidings can send you a link to choose one.</p>`,
  )

const field = { isRequired: true, hint: null } as const
