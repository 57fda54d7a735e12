import type { Role } from './access.ts'
import type { Instant } from './time.ts'

/** Somebody who can log in: an operator, a creator, a patron, or several of these at once. */
export type Account = {
  /** Digits. */
  id: string
  email: string
  fullName: string
  vanity: string | null
  role: Role
  createdAt: Instant
}

/** Short ones are guessed; Argon2 has no upper limit of its own, so this bounds the work of one log-in. */
export const passwordLength = { shortest: 10, longest: 200 } as const

/** RFC 5321 §4.5.3.1.3. */
export const emailLimit = 254

/** Longer than any name we know. */
export const fullNameLimit = 100

/** First word and the rest, as documents want them. */
export function namesOf(account: Pick<Account, 'fullName'>): { firstName: string; lastName: string } {
  const [firstName = '', ...rest] = account.fullName.split(' ')
  return { firstName, lastName: rest.join(' ') }
}
