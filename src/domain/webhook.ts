import type { Audience, Tenant } from './event.ts'
import type { V2Scope } from './oauth-scope.ts'
import { failingLimit, type ScheduleName } from './retry-schedule.ts'
import type { Instant } from './time.ts'
import { patreonTriggers, type Trigger } from './trigger.ts'

/**
 * Whose secret keys `X-Patreon-Signature`: the client's, as the page says, or one of the webhook's own,
 * as Patreon did from October 2017 (wire.md §1).
 */
export type SigningKey = 'client' | 'webhook'

/** Where a webhook was made: on our own pages and API, or by a client through Patreon's, which shows it only these. */
export type WebhookOrigin = 'page' | 'api'

/** Why a webhook is paused. */
export type PauseReason = 'asked' | 'gone' | 'exhausted' | 'failing'

/** A registered URI with its triggers, its secrets and its client. */
export type Webhook = {
  /** Digits. */
  id: string
  clientId: string
  /** Only this tenant's events; null: every tenant that the client may see. */
  tenant: Tenant | null
  uri: string
  triggers: readonly Trigger[]
  signingKey: SigningKey
  schedule: ScheduleName
  origin: WebhookOrigin
  /** What it may be told of people; it keeps what it was registered with. */
  audience: Audience
  pausedAt: Instant | null
  pauseReason: PauseReason | null
  createdAt: Instant
}

/** How a webhook has fared lately. */
export type Health = {
  /** Since when every attempt failed; null after a success. */
  failingSince: Instant | null
  consecutiveFailures: number
  lastAttemptedAt: Instant | null
}

/** One client needs few; a bound keeps one client from making every event a thousand deliveries. */
export const webhooksPerClientLimit = 100

/** More than every trigger there is on Patreon, few enough to index. */
export const triggersPerWebhookLimit = 200

/** A webhook for nothing but Patreon's triggers is tried as Patreon tries. */
export function scheduleFor(triggers: readonly Trigger[]): ScheduleName {
  return triggers.every((trigger) => (patreonTriggers as readonly string[]).includes(trigger)) ? 'patreon' : 'standard'
}

/** What a webhook may be told that is registered with a token of these scopes. */
export function audienceOf(opens: ReadonlySet<V2Scope>): Audience {
  const mayTellAddress = opens.has('campaigns.members.address')
  if (opens.has('campaigns.members[email]')) return mayTellAddress ? 3 : 1
  return mayTellAddress ? 2 : 0
}

/** On `standard`, a webhook that did nothing but fail for five days is paused; `patreon` pauses when a delivery is exhausted. */
export function isFailingTooLong(health: Health, schedule: ScheduleName, now: Instant): boolean {
  return schedule === 'standard' && health.failingSince !== null && now - health.failingSince >= failingLimit
}
