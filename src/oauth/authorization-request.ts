/**
 * What a browser brings from a client (RFC 6749 §4.1.1).
 *
 * It is read anew at each step, also when the consent is sent: nothing that was checked on an earlier page is believed.
 */
import type { Client } from '../domain/client.ts'
import { type OAuthScope, scopesAsked } from '../domain/oauth-scope.ts'
import { isChallenge } from './pkce.ts'
import { type Refused, refused } from './refused.ts'

/** The parameters as they came; a name that came more than once has several values. */
export type Parameters = { one(name: string): string | null; isRepeated(name: string): boolean }

/** Where an answer may be sent, and what comes back with it unchanged. */
export type WayBack = { redirectUri: string; state: string | null }

/** A request that may be shown to somebody. */
export type AuthorizationRequest = WayBack & {
  client: Client
  scopes: readonly OAuthScope[]
  codeChallenge: string | null
}

/** What a request turns out to be. */
export type Asked = { kind: 'sound'; request: AuthorizationRequest } | Mistake

/** What is wrong with a request, and where that may be told; null when the way back is not to be trusted. */
export type Mistake = Refused & { wayBack: WayBack | null }

/** Judges a request by the client that it names; null when there is no such client. */
export function asked(parameters: Parameters, client: Client | null): Asked {
  const redirectUri = parameters.one('redirect_uri')
  if (client === null) return { ...refused('invalid_request', 'Unknown client.'), wayBack: null }
  // Exactly, character by character (RFC 9700 §4.1.3).
  if (redirectUri === null || !client.redirectUris.includes(redirectUri)) {
    return { ...refused('invalid_request', 'Mismatching redirect URI.'), wayBack: null }
  }
  const wayBack = { redirectUri, state: parameters.one('state') }
  const scopes = scopesAsked(parameters.one('scope') ?? '', client.apiVersion)
  const mistake = mistakeIn(parameters)
  if (mistake !== null) return { ...mistake, wayBack }
  if (scopes === null) return { ...refused('invalid_scope', 'There is no such scope for this client.'), wayBack }
  const codeChallenge = parameters.one('code_challenge')
  return { kind: 'sound', request: { ...wayBack, client, scopes, codeChallenge } }
}

const names = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
]

function mistakeIn(parameters: Parameters) {
  const repeated = names.find(parameters.isRepeated)
  if (repeated !== undefined) return refused('invalid_request', `${repeated} was sent more than once.`)
  const responseType = parameters.one('response_type')
  if (responseType === null) return refused('invalid_request', 'response_type is missing.')
  // Neither implicit nor hybrid: a token in an address is a token in logs and histories (RFC 9700 §2.1.2).
  if (responseType !== 'code') return refused('unsupported_response_type', 'response_type must be code.')
  return mistakeInChallenge(parameters)
}

function mistakeInChallenge(parameters: Parameters) {
  const [challenge, method] = [parameters.one('code_challenge'), parameters.one('code_challenge_method')]
  if (challenge === null) {
    return method === null ? null : refused('invalid_request', 'code_challenge is missing.')
  }
  // A challenge without a method is `plain` (RFC 7636 §4.3).
  if (method !== 'S256') return refused('invalid_request', 'code_challenge_method must be S256.')
  return isChallenge(challenge) ? null : refused('invalid_request', 'code_challenge is no SHA-256 in base64url.')
}
