import { type Sequence, webhookUnderTest } from '#src/domain/event.ts'
import type { Tables } from './tables.ts'

/** Where an open delivery belongs, judged by its webhook as it is now. */
export type Standing = 'due' | 'held' | 'cancelled'

export function standingOf(tables: Tables, webhookId: string, sequence: Sequence): Standing {
  const row = tables.webhooks.get(webhookId)
  if (row === undefined || row.isDeleted) return 'cancelled'
  if (tables.clients.get(row.webhook.clientId)?.isDeleted !== false) return 'cancelled'
  if (!maySee(tables, webhookId, sequence)) return 'cancelled'
  return row.webhook.pausedAt === null ? 'due' : 'held'
}

function maySee(tables: Tables, webhookId: string, sequence: Sequence): boolean {
  const event = tables.events.get(sequence)
  const webhook = tables.webhooks.get(webhookId)?.webhook
  if (event === undefined || webhook === undefined) return false
  if (webhookUnderTest(event.tenant) === webhookId) return true
  if (webhook.origin === 'api' && webhook.tenant === event.tenant) return true
  return tables.grants.get(webhook.clientId)?.includes(event.tenant) === true
}
