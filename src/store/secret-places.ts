import type { Place } from '../domain/vault.ts'

/** Where a client's secret lives. */
export const clientSecretPlace = (id: string): Place => ({ table: 'clients', row: id, column: 'secret' })

/** Where a webhook's two secrets live. */
export const webhookSecretPlaces = (id: string): { secret: Place; standardSecret: Place } => ({
  secret: { table: 'webhooks', row: id, column: 'secret' },
  standardSecret: { table: 'webhooks', row: id, column: 'standard_secret' },
})
