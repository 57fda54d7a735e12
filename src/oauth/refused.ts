/** The errors of OAuth that a client is told of; the codes are the RFC's own (RFC 6749 §4.1.2.1 and §5.2). */
export type OAuthErrorCode =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'invalid_scope'
  | 'access_denied'
  | 'unsupported_grant_type'
  | 'unsupported_response_type'
  | 'temporarily_unavailable'
  | 'server_error'

/**
 * A request that comes to nothing. It is a value and not thrown: whoever shows a spent code or token is refused, and
 * what the code or token gave is revoked in the very transaction that a thrown refusal would undo.
 */
export type Refused = { kind: 'refused'; error: OAuthErrorCode; description: string }

/** A request is refused with this. */
export const refused = (error: OAuthErrorCode, description: string): Refused => ({
  kind: 'refused',
  error,
  description,
})
