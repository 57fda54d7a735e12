import type { Audience } from '../../domain/event.ts'
import { standardKey } from '../../domain/signature.ts'
import { openedOrNull, type Vault } from '../../domain/vault.ts'
import type { Listener, SigningKeys } from '../listener.ts'
import { clientSecretPlace, webhookSecretPlaces } from '../secret-places.ts'
import { atOneMoment, type Database } from './database.ts'

type Row = {
  id: number
  client_id: number
  tenant: string | null
  uri: string
  triggers: string
  signing_key: string
  schedule: string
  secret_sealed: Uint8Array
  standard_secret_sealed: Uint8Array
  client_secret_sealed: Uint8Array
  paused_at: number | null
  since_sequence: number
  audience: number
  tenants: string
  granted: string
}

/** Reads who listens, in one statement, so that version and listeners belong together. */
export function listenersReader(db: Database, vault: Vault): () => { version: number; listeners: Listener[] } {
  const version = db.prepare(`select value from numbers where name = 'listeners_version'`)
  const all = db.prepare(
    `select webhooks.*, clients.secret_sealed as client_secret_sealed, (
       select json_group_array(tenant) from (
         select tenant from grants where grants.client_id = clients.id
         union select 'campaign:' || campaigns.id from campaigns where campaigns.account_id = clients.account_id
         union select webhooks.tenant where webhooks.origin = 'api')
     ) as tenants, (
       select json_group_array(tenant) from grants
       where grants.client_id = clients.id and webhooks.origin = 'page' and not exists (
         select 1 from campaigns
         where campaigns.account_id = clients.account_id and 'campaign:' || campaigns.id = grants.tenant)
     ) as granted
     from webhooks join clients on clients.id = webhooks.client_id
     where webhooks.deleted_at is null and clients.deleted_at is null order by webhooks.id`,
  )
  return () =>
    atOneMoment(db, () => {
      const { value } = version.get() as { value: number }
      return { version: value, listeners: (all.all() as Row[]).map((row) => listenerIn(row, vault)) }
    })
}

function listenerIn(row: Row, vault: Vault): Listener {
  const id = String(row.id)
  const visible = JSON.parse(row.tenants) as string[]
  return {
    webhookId: id,
    uri: row.uri,
    triggers: JSON.parse(row.triggers) as string[],
    tenants: row.tenant === null ? visible : visible.filter((tenant) => tenant === row.tenant),
    sinceSequence: row.since_sequence,
    isPaused: row.paused_at !== null,
    audience: row.audience as Audience,
    granted: new Set(JSON.parse(row.granted) as string[]),
    schedule: row.schedule === 'patreon' ? 'patreon' : 'standard',
    keys: keysIn(row, vault),
  }
}

function keysIn(row: Row, vault: Vault): SigningKeys | null {
  const places = webhookSecretPlaces(String(row.id))
  const secret =
    row.signing_key === 'client'
      ? openedOrNull(vault, row.client_secret_sealed, clientSecretPlace(String(row.client_id)))
      : openedOrNull(vault, row.secret_sealed, places.secret)
  const standardSecret = openedOrNull(vault, row.standard_secret_sealed, places.standardSecret)
  return secret === null || standardSecret === null ? null : { secret, standardKey: standardKey(standardSecret) }
}
