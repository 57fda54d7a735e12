import type { Clock, Random } from '../clock.ts'
import type { Config } from '../config.ts'
import { fingerprintOf } from '../domain/vault.ts'
import { apiKey, linkToken } from '../registration/secrets.ts'
import type { Store } from '../store/store.ts'
import { makeOperator } from './commands.ts'

/** What the first start makes. */
export type FirstStart = {
  email: string
  /** Whoever opens it chooses the operator's password; null when the settings gave one. */
  link: string | null
  /** The operator's API key. */
  key: string
}

type Tools = {
  store: Store
  clock: Clock
  random: Random
  passwords: { hash(password: string): Promise<string> }
  /** The key that the command line of this machine finds; made where there is none. */
  operatorKey: (make: () => string) => string
  publicUrl: string
}

/**
 * Makes an operator account and its API key, where there is no operator yet. The key is kept first and the rest is one
 * command, so a start that dies in between leaves nobody locked out.
 */
export async function makeFirstOperator(
  { operatorEmail: email, operatorPassword }: Pick<Config, 'operatorEmail' | 'operatorPassword'>,
  { store, clock, random, passwords, operatorKey, publicUrl }: Tools,
): Promise<FirstStart | null> {
  if ((await store.read.accounts.countOperators()) > 0) return null

  const key = operatorKey(() => apiKey(random))
  const token = linkToken(random)
  const passwordHash = operatorPassword === null ? null : await passwords.hash(operatorPassword.reveal())
  await store.execute(makeOperator, { email, passwordHash, tokenHash: fingerprintOf(token), key }, clock.now())
  return { email, link: operatorPassword === null ? `${publicUrl}/welcome/${token}` : null, key }
}
