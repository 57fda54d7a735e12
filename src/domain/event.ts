import { createHash } from 'node:crypto'
import { Refusal } from './refusal.ts'
import type { Instant } from './time.ts'
import type { Trigger } from './trigger.ts'

/** Whose events these are: `campaign:<id>`, `kittens`, or whatever id an operator uses. */
export type Tenant = string

/** The place of an event in the journal; the first is 1. */
export type Sequence = number

/** What a webhook may be told of people: nothing more, e-mail addresses, postal addresses, or both. */
export type Audience = 0 | 1 | 2 | 3

/** The bodies of an event for those who may be told more than its own body tells. */
export type FullerBodies = readonly { audience: Audience; body: Uint8Array }[]

/** Something that is about to be accepted. */
export type NewEvent = {
  id: string
  tenant: Tenant
  trigger: Trigger
  /** The bytes that are stored, signed and sent; never parsed and printed again. */
  body: Uint8Array
  acceptedAt: Instant
  /** The id is the caller's or made from the caller's key, so the event may be here already. */
  mayRepeat: boolean
}

/** What came of accepting an event. */
export type Accepted =
  | { kind: 'accepted'; id: string; sequence: Sequence }
  /** The same trigger and bytes under the same id are here already: this is its first answer again. */
  | { kind: 'repeated'; id: string; sequence: Sequence }
  /** Something else is here under this id. */
  | { kind: 'taken'; id: string }

/** Something that happened to one tenant; immutable. */
export type Event = {
  sequence: Sequence
  id: string
  tenant: Tenant
  trigger: Trigger
  /** For whoever may be told nothing more of people. */
  body: Uint8Array
  /** Null where everybody is told the same. */
  bodies: FullerBodies | null
  acceptedAt: Instant
}

/** The bytes for one audience. Where none were made for it, it is told no more than anybody. */
export function bodyFor({ body, bodies }: Pick<Event, 'body' | 'bodies'>, audience: Audience): Uint8Array {
  return bodies?.find((one) => one.audience === audience)?.body ?? body
}

/** How much memory an event's bodies take. */
export function bytesOf({ body, bodies }: Pick<Event, 'body' | 'bodies'>): number {
  return bodies === null ? body.length : bodies.reduce((sum, one) => sum + one.body.length, body.length)
}

/** Larger events belong in storage, with a link in the event. */
export const bodyLimitBytes = 256 * 1024

/** Long enough for a URL or a compound name, short enough for an index. */
const idempotencyKeyLimit = 255

const eventIdPattern = /^[A-Za-z0-9_-]{1,64}$/
const tenantPattern = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/

/** The tenant of a campaign's events. */
export const campaignTenant = (campaignId: string): Tenant => `campaign:${campaignId}`

/** The tenant of the kittens' events. */
export const kittensTenant: Tenant = 'kittens'

/** The tenant of test events, which only one webhook hears. */
export const testTenant = (webhookId: string): Tenant => `test:${webhookId}`

const testTenantPattern = /^test:(\d+)$/

/** The webhook that alone hears this tenant, or null for every ordinary tenant. */
export const webhookUnderTest = (tenant: Tenant): string | null => testTenantPattern.exec(tenant)?.[1] ?? null

/** Passes a usable event id on. It is signed as part of `<id>~<trigger>`, so it has no `~` and no `.`. */
export function eventIdNamed(id: string, field: string): string {
  if (eventIdPattern.test(id)) return id
  throw new Refusal('event_id_malformed', {
    message: `${JSON.stringify(id.slice(0, 100))} can't be an event's id.`,
    field,
    expected: '1 to 64 of A–Z, a–z, 0–9, "_" and "-"',
  })
}

/** Passes a usable tenant on. */
export function tenantNamed(tenant: string, field: string): Tenant {
  if (tenantPattern.test(tenant)) return tenant
  throw new Refusal('tenant_malformed', {
    message: `${JSON.stringify(tenant.slice(0, 100))} can't be a tenant.`,
    field,
    expected: '1 to 64 of A–Z, a–z, 0–9, "_", ".", ":" and "-", the first a letter or digit',
  })
}

/**
 * The id of an event that was sent with an idempotency key. It follows from tenant and key, so that a repetition
 * finds the first without a table of keys.
 */
export function eventIdForKey(tenant: Tenant, key: string, field: string): string {
  if (key.length === 0 || key.length > idempotencyKeyLimit) {
    throw new Refusal('field_invalid', {
      message: `An idempotency key of ${key.length} characters can't be kept.`,
      field,
      expected: `1 to ${idempotencyKeyLimit} characters`,
    })
  }
  return `key_${createHash('sha256').update(`${tenant}\n${key}`).digest('base64url')}`
}
