/**
 * The two signatures that every delivery carries.
 *
 * Patreon's covers the body alone, as the page says. Standard Webhooks' covers id, time and body; as our id is
 * `<event id>~<trigger>`, it covers the trigger too. The first is there for what receivers expect, the second
 * for what they should check.
 */
import { createHmac } from 'node:crypto'
import type { Instant } from './time.ts'

/** Lower-case hex HMAC-MD5 of the exact body, keyed by the secret's text (wire.md §0 and §2.2). */
export function patreonSignature(secret: string, body: Uint8Array): string {
  refuseEmpty(secret)
  return createHmac('md5', secret).update(body).digest('hex')
}

/** `v1,<base64>` as Standard Webhooks 1.0.0 has it: HMAC-SHA256 over `id.timestamp.body`, keyed by the bytes behind `whsec_`. */
export function standardSignature(
  key: Uint8Array,
  signed: { id: string; timestamp: number; body: Uint8Array },
): string {
  if (key.length < shortestKeyBytes) throw new Error('a Standard Webhooks key must have at least 24 bytes')
  const mac = createHmac('sha256', key).update(`${signed.id}.${signed.timestamp}.`).update(signed.body)
  return `v1,${mac.digest('base64')}`
}

/** Whole seconds since 1970, the unit of `webhook-timestamp`. */
export const timestampOf = (now: Instant): number => Math.floor(now / 1000)

/** The `webhook-id` of an event: its trigger is part of it, so that the trigger is signed. */
export const messageId = (eventId: string, trigger: string): string => `${eventId}~${trigger}`

/** The prefix by which people recognise a Standard Webhooks secret. */
export const standardSecretPrefix = 'whsec_'

/** The bytes behind a `whsec_…` secret. */
export function standardKey(secret: string): Buffer {
  if (!secret.startsWith(standardSecretPrefix)) throw new Error('a Standard Webhooks secret starts with "whsec_"')
  return Buffer.from(secret.slice(standardSecretPrefix.length), 'base64')
}

/** Standard Webhooks asks for 24 to 64 bytes. */
const shortestKeyBytes = 24

function refuseEmpty(secret: string): void {
  if (secret.trim() === '') throw new Error('a signing secret must not be empty')
}
