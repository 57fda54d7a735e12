/** A client and its creator's token as v2 writes them (wire.md §4.3 and §6.3). */
import type { Client } from '../../domain/client.ts'
import { defaultScopes } from '../../domain/oauth-scope.ts'
import { seconds } from '../../domain/time.ts'
import { one, type V2Resource } from '../../membership/documents/v2/resource.ts'
import { accessTokenLife, type Tokens } from '../../oauth/tokens.ts'

/** What only the answer to its making tells. */
export type Fresh = { secret: string; creatorTokens: Tokens }

type Beside = { campaignId: string | null; fresh: Fresh | null }

/** A client. It goes by the id that its developer knows; its secret is told when it is made, and never again. */
export const clientResource = (
  type: 'client' | 'oauth-client',
  client: Client,
  { campaignId, fresh }: Beside,
): V2Resource => ({
  type,
  id: client.clientId,
  attributes: {
    author_name: client.authorName,
    category: client.category ?? '',
    ...(fresh === null ? {} : { client_secret: fresh.secret }),
    default_scopes: defaultScopes(client.apiVersion).join(' '),
    description: client.description,
    domain: client.domain,
    icon_url: client.iconUrl,
    name: client.name,
    privacy_policy_url: client.privacyPolicyUrl,
    redirect_uris: client.redirectUris.join(' '),
    tos_url: client.tosUrl,
    version: client.apiVersion,
  },
  relationships: {
    campaign: one('campaign', campaignId),
    creator_token: one('oauth-token', fresh === null ? null : client.clientId),
    user: one('user', client.accountId),
  },
})

/** The creator's tokens of a client that was just made; one client has one pair, so its id will do. */
export const tokenResource = (id: string, { accessToken, refreshToken, scopes }: Tokens): V2Resource => ({
  type: 'oauth-token',
  id,
  attributes: {
    access_token: accessToken,
    expires_in: accessTokenLife / seconds(1),
    refresh_token: refreshToken,
    scope: scopes.join(' '),
    token_type: 'Bearer',
  },
  relationships: {},
})
