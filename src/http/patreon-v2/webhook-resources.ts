/** A webhook and its client as v2 writes them (wire.md §3 and §6.3). */
import type { Client } from '../../domain/client.ts'
import { defaultScopes } from '../../domain/oauth-scope.ts'
import type { Health, Webhook } from '../../domain/webhook.ts'
import { one, type V2Resource, v2TimestampOrNull } from '../../membership/documents/v2/resource.ts'

/** A webhook with all its attributes, its secret among them. */
export const webhookResource = (
  { id, uri, triggers, pausedAt }: Webhook,
  { health, secret }: { health: Health; secret: string },
  to: { campaignId: string; clientId: string },
): V2Resource => ({
  type: 'webhook',
  id,
  attributes: {
    last_attempted_at: v2TimestampOrNull(health.lastAttemptedAt),
    num_consecutive_times_failed: health.consecutiveFailures,
    paused: pausedAt !== null,
    secret,
    triggers,
    uri,
  },
  relationships: { campaign: one('campaign', to.campaignId), client: one('client', to.clientId) },
})

/** A client without its secret: whoever has a token of it need not have that. It goes by the id that its developer knows. */
export const clientResource = (client: Client, campaignId: string | null): V2Resource => ({
  type: 'client',
  id: client.clientId,
  attributes: {
    author_name: client.authorName,
    category: client.category ?? '',
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
  relationships: { campaign: one('campaign', campaignId), user: one('user', client.accountId) },
})
