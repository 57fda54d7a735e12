/**
 * What an OAuth token opens. v1 and v2 have scopes of their own; what a call needs is said in v2's words, and what a
 * token has is translated into them (wire.md §4.4).
 */

/** The scopes of v2. */
export const v2Scopes = [
  'identity',
  'identity[email]',
  'identity.memberships',
  'campaigns',
  'w:campaigns.webhook',
  'campaigns.members',
  'campaigns.members[email]',
  'campaigns.members.address',
  'campaigns.posts',
  'w:identity.clients',
] as const
/** One of them: what a call can need. */
export type V2Scope = (typeof v2Scopes)[number]

/** What a creator's own token opens: all of v2, but to make and delete other clients of the creator's. */
export const creatorScopes: readonly V2Scope[] = v2Scopes.filter((scope) => scope !== 'w:identity.clients')

/** The scopes of v1. */
export const v1Scopes = ['users', 'pledges-to-me', 'my-campaign', 'campaigns', 'pledges'] as const
/** One of them. */
export type V1Scope = (typeof v1Scopes)[number]

/** Anything that can be asked for. */
export type OAuthScope = V1Scope | V2Scope

/** What a v1 client is given when it asks for nothing in particular (wire.md §4.1). */
const v1DefaultScopes: readonly OAuthScope[] = ['users', 'pledges-to-me', 'my-campaign']

/** What a v2 client is given when it asks for nothing in particular. */
const v2DefaultScopes: readonly OAuthScope[] = ['identity']

/** What a client of this version is given when it asks for nothing in particular. */
export const defaultScopes = (apiVersion: 1 | 2): readonly OAuthScope[] =>
  apiVersion === 1 ? v1DefaultScopes : v2DefaultScopes

const v2ScopesOf: Record<V1Scope, readonly V2Scope[]> = {
  users: ['identity', 'identity[email]'],
  'pledges-to-me': ['identity.memberships'],
  'my-campaign': ['campaigns'],
  campaigns: ['campaigns'],
  pledges: ['campaigns.members', 'campaigns.members[email]', 'campaigns.members.address'],
}

const names: readonly string[] = [...v1Scopes, ...v2Scopes]

/** Whether there is such a scope. */
export const isOAuthScope = (name: string): name is OAuthScope => names.includes(name)

/**
 * What a client asks for, separated by spaces (RFC 6749 §3.3), each scope once; its version's defaults when it asks for
 * nothing. Null when there is no such scope, or none that a client of its version may have (wire.md §4.4).
 */
export function scopesAsked(asked: string, apiVersion: 1 | 2): readonly OAuthScope[] | null {
  const wanted = [...new Set(asked.split(' ').filter((name) => name !== ''))]
  if (wanted.length === 0) return defaultScopes(apiVersion)
  const known = wanted.filter(isOAuthScope).filter((scope) => apiVersion === 1 || isOfV2(scope))
  return known.length === wanted.length ? known : null
}

/** All that these scopes open, in v2's words. */
export function opened(granted: readonly OAuthScope[]): ReadonlySet<V2Scope> {
  return new Set(granted.flatMap((scope) => (isOfV1(scope) ? v2ScopesOf[scope] : [scope])))
}

const isOfV2 = (scope: OAuthScope): scope is V2Scope => (v2Scopes as readonly string[]).includes(scope)
const isOfV1 = (scope: OAuthScope): scope is V1Scope => (v1Scopes as readonly string[]).includes(scope)

/** Who a bearer token speaks for, and what it opens. */
export type Access = {
  /** The client's own number, which stays when its pair is replaced. */
  clientId: string
  /** Who logged in; for a creator's token the client's owner. */
  accountId: string
  authorizationId: string
  /** One of the tokens that a client's owner is given on its page. */
  isCreators: boolean
  /** As they were granted. */
  granted: readonly OAuthScope[]
  opens: ReadonlySet<V2Scope>
}
