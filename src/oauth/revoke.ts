import { fingerprintOf } from '../domain/vault.ts'
import { command } from '../store/command.ts'
import { type Refused, refused } from './refused.ts'

/** What came of it. */
export type Revoked = { kind: 'revoked' } | Refused

/**
 * Ends the authorization that a token of either kind belongs to (RFC 7009 §2.1). A token that is not there is gone
 * already, which is all that was wanted (§2.2).
 */
export const revokeToken = command(
  'oauth.revoke',
  async ({ authorizations }, shown: { clientId: string; token: string }, at): Promise<Revoked> => {
    const token = await authorizations.findToken(fingerprintOf(shown.token))
    if (token === null) return { kind: 'revoked' }
    if (token.authorization.clientId !== shown.clientId) {
      return refused('invalid_grant', 'The token was given to another client.')
    }
    await authorizations.revoke(token.authorization.id, at.now)
    return { kind: 'revoked' }
  },
)
