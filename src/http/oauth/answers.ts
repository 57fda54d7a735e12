import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from '../../domain/refusal.ts'
import type { Log } from '../../log.ts'
import type { OAuthErrorCode, Refused } from '../../oauth/refused.ts'
import { headersOf, refusalIn } from '../problem.ts'

/** Patreon's statuses (wire.md §4.2), which are not the RFC's: a bad grant is a 401 there. */
const statusOf: Record<OAuthErrorCode, number> = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 401,
  invalid_scope: 400,
  access_denied: 401,
  unsupported_grant_type: 400,
  unsupported_response_type: 400,
  temporarily_unavailable: 503,
  server_error: 500,
}

/** A request and the reply to it. */
export type Exchange = { request: FastifyRequest; reply: FastifyReply }

/** Tells a client that its request came to nothing. */
export function tellRefused({ request, reply }: Exchange, { error, description }: Refused): FastifyReply {
  // Who tried it by the header is told which header would do (RFC 6749 §5.2).
  if (error === 'invalid_client' && request.headers.authorization !== undefined) {
    void reply.header('www-authenticate', 'Basic realm="tidings"')
  }
  return sendSecretly(reply.code(statusOf[error]), { error, error_description: description })
}

/**
 * Answers with JSON for one client, once: no cache may keep it (RFC 6749 §5.1). The type has no charset, as Patreon's
 * has none, and JSON no use for it (RFC 8259 §11); the framework would add one to what it prints itself.
 */
export const sendSecretly = (reply: FastifyReply, answer: object): FastifyReply =>
  reply
    .headers({ 'cache-control': 'no-store', pragma: 'no-cache', 'content-type': 'application/json' })
    .send(Buffer.from(JSON.stringify(answer)))

/** What went wrong around these calls is told in OAuth's form too, for that is what their clients read. */
export const answerWithOAuthError =
  (log: Log) =>
  (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const refusal = refusalIn(error, request, log)
    void reply.headers(headersOf(refusal))
    return sendSecretly(reply.code(refusal.status), oauthErrorOf(refusal))
  }

/** A refusal in OAuth's words, of which there are few. */
export function oauthErrorOf({ status, message }: Refusal): { error: OAuthErrorCode; error_description: string } {
  switch (status) {
    case 429:
      return { error: 'temporarily_unavailable', error_description: hurried }
    case 503:
      return { error: 'temporarily_unavailable', error_description: busy }
    case 500:
      return { error: 'server_error', error_description: ours }
    default:
      return { error: 'invalid_request', error_description: message }
  }
}

const hurried = 'Too many requests came from one place; please wait a minute.'
const busy = 'Nothing can be written at the moment; please try again.'
const ours = 'The mistake is ours, and was written down.'
