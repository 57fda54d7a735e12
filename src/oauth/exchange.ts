/** A code becomes tokens, once. */
import { fingerprintOf } from '../domain/vault.ts'
import { command } from '../store/command.ts'
import type { AuthorizationCode } from '../store/control/authorizations.ts'
import { isProven } from './pkce.ts'
import { type Refused, refused } from './refused.ts'
import { issue, type Tokens } from './tokens.ts'

/** What a client shows; it has proven already that it is the client. */
export type Exchange = { clientId: string; code: string; redirectUri: string; verifier: string | null }

/** What came of it. */
export type Granted = { kind: 'granted'; tokens: Tokens } | Refused

/** Exchanges a code. One that was spent is in two hands, so all that it gave is revoked (RFC 6749 §4.1.2). */
export const exchange = command('oauth.exchange', async (records, shown: Exchange, at): Promise<Granted> => {
  const { authorizations } = records
  const code = await authorizations.findCode(fingerprintOf(shown.code))
  if (code === null || code.authorization.clientId !== shown.clientId) return worthless
  if (code.spentAt === null) {
    const reason = reasonAgainst(code, shown, at.now)
    if (reason !== null) return reason
    if (await authorizations.spendCode(code.hash, at.now)) {
      return { kind: 'granted', tokens: await issue(code.authorization, records, at) }
    }
  }
  await authorizations.revoke(code.authorization.id, at.now)
  return worthless
})

const worthless = refused('invalid_grant', 'The code is wrong, spent or too old.')

/** Refused for these, a code is not spent: whoever has it can't use it, and its own client still can. */
function reasonAgainst(code: AuthorizationCode, { redirectUri, verifier }: Exchange, now: number): Refused | null {
  if (code.authorization.revokedAt !== null || code.expiresAt <= now) return worthless
  // Not the RFC's invalid_grant: Patreon says access_denied here (wire.md §4.2).
  if (redirectUri !== code.redirectUri) return refused('access_denied', 'The redirect_uri is not the one of the code.')
  if (!isProven(verifier, code.codeChallenge)) {
    return refused('invalid_grant', 'The code_verifier does not belong to the code_challenge.')
  }
  return null
}
