import type { Clock, Random } from '../clock.ts'
import type { Config } from '../config.ts'
import { scopes } from '../domain/access.ts'
import { fingerprintOf } from '../domain/vault.ts'
import { apiKey, linkToken } from '../registration/secrets.ts'
import type { Store } from '../store/store.ts'
import { acceptLink, makeKey, openAccount } from './commands.ts'

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
  /** Keeps the operator's key where the command line finds it. */
  keep: (key: string) => void
  publicUrl: string
}

/** Makes an operator account and its API key, where there is no operator yet. */
export async function makeOperator(
  { operatorEmail: email, operatorPassword }: Pick<Config, 'operatorEmail' | 'operatorPassword'>,
  { store, clock, random, passwords, keep, publicUrl }: Tools,
): Promise<FirstStart | null> {
  if ((await store.read.accounts.countOperators()) > 0) return null

  const token = linkToken(random)
  const tokenHash = fingerprintOf(token)
  const opening = { email, fullName: 'Operator', vanity: null, role: 'operator', tokenHash } as const
  const account = await store.execute(openAccount, opening, clock.now())
  if (operatorPassword !== null) {
    const passwordHash = await passwords.hash(operatorPassword)
    await store.execute(acceptLink, { tokenHash, passwordHash }, clock.now())
  }

  const key = apiKey(random)
  const wanted = { accountId: account.id, name: 'command line of this machine', key, scopes }
  await store.execute(makeKey, wanted, clock.now())
  keep(key)
  return { email, link: operatorPassword === null ? `${publicUrl}/welcome/${token}` : null, key }
}
