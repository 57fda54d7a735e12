/** A webhook as v2 writes it (wire.md §3 and §6.3). */
import type { Health, Webhook } from '../../domain/webhook.ts'
import { one, type V2Resource, v2TimestampOrNull } from '../../membership/documents/v2/resource.ts'

/** A webhook with all its attributes, its secret among them; null where that can't be opened. */
export const webhookResource = (
  { id, uri, triggers, pausedAt }: Webhook,
  { health, secret }: { health: Health; secret: string | null },
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
