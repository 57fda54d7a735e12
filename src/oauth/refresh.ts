/** A refresh token becomes new tokens, once. */
import { isOAuthScope } from '../domain/oauth-scope.ts'
import { fingerprintOf } from '../domain/vault.ts'
import { command } from '../store/command.ts'
import type { Granted } from './exchange.ts'
import { refused } from './refused.ts'
import { issue } from './tokens.ts'

/** What a client shows; it has proven already that it is the client. */
export type Refresh = { clientId: string; refreshToken: string; scope: string }

/**
 * Exchanges a refresh token for a new one and a new access token. The access token before it lasts until its own end,
 * for calls that are on their way. A refresh token that was spent is in two hands, and nobody can say which of them is
 * the client's, so the whole authorization is revoked (RFC 9700 §4.14.2).
 */
export const refresh = command('oauth.refresh', async (records, shown: Refresh, at): Promise<Granted> => {
  const { authorizations } = records
  const hash = fingerprintOf(shown.refreshToken)
  const token = await authorizations.findToken(hash)
  if (token?.kind !== 'refresh' || token.authorization.clientId !== shown.clientId) return worthless
  if (token.authorization.revokedAt !== null) return worthless
  if (token.spentAt === null) {
    // Fewer scopes may be asked for and all are given, as the answer says (RFC 6749 §3.3); never more (§6).
    const asked = shown.scope.split(' ').filter((name) => name !== '')
    const isWithin = asked.every((name) => isOAuthScope(name) && token.authorization.scopes.includes(name))
    if (!isWithin) return refused('invalid_scope', 'The refresh token was not granted all of these scopes.')
    if (await authorizations.spendToken(hash, at.now)) {
      return { kind: 'granted', tokens: await issue(token.authorization, records, at) }
    }
  }
  await authorizations.revoke(token.authorization.id, at.now)
  return worthless
})

const worthless = refused('invalid_grant', 'The refresh token is wrong, spent or revoked.')
