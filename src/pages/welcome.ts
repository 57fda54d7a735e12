import { type Account, passwordLength } from '../domain/account.ts'
import type { Refusal } from '../domain/refusal.ts'
import { refusalLine } from './form-refusal.ts'
import { type Html, html } from './html.ts'
import { csrfField, layout } from './layout.ts'
import { textField } from './text-field.ts'
import type { Visit } from './visit.ts'

/** Where somebody with a one-time link chooses a password. Looking does not spend the link. */
export const welcomePage = (
  visit: Visit,
  invited: { account: Account; token: string },
  refusal: Refusal | null,
): Html =>
  layout(
    'Welcome',
    visit,
    html`<h1>Welcome, ${invited.account.fullName}</h1>
<p>Choose a password for ${invited.account.email}. This link works once.</p>
<form method="post" action="/welcome/${encodeURIComponent(invited.token)}">
${csrfField(visit.csrfToken)}<input type="hidden" name="email" value="${invited.account.email}" autocomplete="username">
${textField(passwordField, refusal && refusalLine(refusal))}
<button>Keep this password</button>
</form>`,
  )

const passwordField = {
  name: 'password',
  label: 'Password',
  type: 'password',
  value: '',
  autocomplete: 'new-password',
  isRequired: true,
  hint: `At least ${passwordLength.shortest} characters. A few words in a row are easy to remember and hard to guess.`,
} as const
