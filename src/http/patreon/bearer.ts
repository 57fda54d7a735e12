import type { FastifyRequest } from 'fastify'
import type { Clock } from '../../clock.ts'
import type { Access, V2Scope } from '../../domain/oauth-scope.ts'
import { Refusal } from '../../domain/refusal.ts'
import { fingerprintOf } from '../../domain/vault.ts'
import type { Readings } from '../../store/records.ts'

/** Says whom an access token speaks for (RFC 6750 §2.1; clients write the scheme in either case). */
export async function accessIn(request: FastifyRequest, read: Readings, clock: Clock): Promise<Access> {
  const [, token] = /^bearer +(\S+)$/i.exec(request.headers.authorization?.trim() ?? '') ?? []
  const access = token === undefined ? null : await read.authorizations.findAccess(fingerprintOf(token), clock.now())
  if (access !== null) return access
  throw new Refusal('token_wrong', {
    message: 'The access token is missing, expired, revoked or wrong.',
    field: 'Authorization',
    expected: 'Bearer and an access token from /api/oauth2/token, or the creator’s own of a client',
  })
}

/** Lets only a token pass that opens this. */
export function mustOpen(access: Access, scope: V2Scope): void {
  if (access.opens.has(scope)) return
  throw new Refusal('view_forbidden', {
    message: `This needs the scope ${scope}, and the token was granted ${access.granted.join(' ') || 'none'}.`,
    field: 'Authorization',
    expected: `a token with the scope ${scope}`,
  })
}
