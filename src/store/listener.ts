import type { Audience, Sequence, Tenant } from '../domain/event.ts'
import type { ScheduleName } from '../domain/retry-schedule.ts'
import type { Trigger } from '../domain/trigger.ts'

/** What fan-out and delivery need to know of one webhook. */
export type Listener = {
  webhookId: string
  uri: string
  triggers: readonly Trigger[]
  /** The tenants that its client may see, narrowed to the webhook's own where it has one. */
  tenants: readonly Tenant[]
  /** It hears what came after this. */
  sinceSequence: Sequence
  isPaused: boolean
  /** What it may be told of people. */
  audience: Audience
  /** Of these tenants it is told no more than anybody: its client sees them because an operator said so, not their creator. */
  granted: ReadonlySet<Tenant>
  schedule: ScheduleName
  /** Null where its secrets can't be opened: nothing can be signed for it then, and the others go on. */
  keys: SigningKeys | null
}

/** What signs a webhook's deliveries. */
export type SigningKeys = {
  /** Keys `X-Patreon-Signature`. */
  secret: string
  /** Keys `webhook-signature`: the bytes behind `whsec_…`. */
  standardKey: Uint8Array
}
