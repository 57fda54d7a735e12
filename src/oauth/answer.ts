/** Where a browser goes with an answer. */
import type { WayBack } from './authorization-request.ts'
import type { OAuthErrorCode } from './refused.ts'

/** What a client is told: a code, or why there is none. */
export type Answer = { code: string } | { error: OAuthErrorCode; error_description: string }

/**
 * The redirect URI with the answer behind whatever query it has (RFC 6749 §3.1.2). RFC 9207's `iss` is left out:
 * Patreon sends none, and clients that know no issuer of Patreon's take one for an attack.
 */
export function addressFor(answer: Answer, { redirectUri, state }: WayBack): string {
  const query = new URLSearchParams({ ...answer, ...(state === null ? {} : { state }) }).toString()
  const joint = redirectUri.includes('?') ? '&' : '?'
  // What is no ASCII can't stand in a header; a browser writes it the same way.
  return (redirectUri + joint + query).replace(/[^\x21-\x7e]+/gu, encodeURIComponent)
}

/** The page of ours that tells what can't be told to the client, because nobody knows where the client is. */
export const errorsAddress = (error: OAuthErrorCode, description: string, state: string | null): string =>
  `/oauth2/errors?${new URLSearchParams({
    error,
    error_description: description,
    ...(state === null ? {} : { state }),
  }).toString()}`
