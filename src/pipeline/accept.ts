import { isUtf8 } from 'node:buffer'
import type { Clock, Random } from '../clock.ts'
import {
  type Accepted,
  bodyLimitBytes,
  eventIdForKey,
  eventIdNamed,
  type NewEvent,
  tenantNamed,
} from '../domain/event.ts'
import { Refusal } from '../domain/refusal.ts'
import { triggerNamed } from '../domain/trigger.ts'
import type { Journal } from '../journal/journal.ts'
import type { Budget } from './budget.ts'

/** An event as somebody posted it. */
export type Posted = {
  tenant: string
  trigger: string
  /** The caller's own id for it. */
  id: string | null
  /** A key that makes it safe to post it twice. */
  idempotencyKey: string | null
  /** The bytes that receivers get. */
  body: Uint8Array
}

/** Says whether a trigger is registered. `isKnown` answers at once, and may not know yet. */
export type Catalogue = { isKnown(trigger: string): boolean; knows(trigger: string): Promise<boolean> }

type Tools = {
  journal: Journal
  catalogue: Catalogue
  budget: Pick<Budget, 'takeEvents'>
  clock: Clock
  random: Random
}

/**
 * Accepts events: answers once all of them are on disk, in the order they were posted.
 * A refusal means that none of them was kept.
 */
export async function accept(posted: readonly Posted[], tools: Tools): Promise<Accepted[]> {
  const now = tools.clock.now()
  const events = posted.map((event) => checked(event, now, tools.random))
  for (const { trigger } of events) {
    if (!tools.catalogue.isKnown(trigger)) await mustBeRegistered(trigger, tools.catalogue)
  }
  return await tools.budget.takeEvents(events.length, () => tools.journal.append(events))
}

function checked({ tenant, trigger, id, idempotencyKey, body }: Posted, now: number, random: Random): NewEvent {
  const whose = tenantNamed(tenant, 'tenant')
  mustFit(body)
  return {
    id: idFor(whose, id, idempotencyKey) ?? random.id(now),
    tenant: whose,
    trigger: triggerNamed(trigger, 'trigger'),
    body,
    acceptedAt: now,
    mayRepeat: id !== null || idempotencyKey !== null,
  }
}

function idFor(tenant: string, id: string | null, key: string | null): string | null {
  if (id !== null) return eventIdNamed(id, 'id')
  return key === null ? null : eventIdForKey(tenant, key, 'Idempotency-Key')
}

/** Bytes that are no UTF-8 would be signed differently by libraries that read bodies as text. */
function mustFit(body: Uint8Array): void {
  if (body.length > bodyLimitBytes) {
    throw new Refusal('body_too_large', {
      message: `The event's body has ${body.length} bytes.`,
      field: 'body',
      expected: `at most ${bodyLimitBytes} bytes; put more into a file and its link into the event`,
    })
  }
  if (!isUtf8(body)) {
    throw new Refusal('body_not_utf8', {
      message: "The event's body is not valid UTF-8.",
      field: 'body',
      expected: 'JSON in UTF-8 (RFC 8259 §8.1)',
    })
  }
}

async function mustBeRegistered(trigger: string, catalogue: Catalogue): Promise<void> {
  if (await catalogue.knows(trigger)) return
  throw new Refusal('trigger_unknown', {
    message: `Nobody registered the trigger "${trigger}".`,
    field: 'trigger',
    expected: 'a trigger that GET /api/v1/triggers lists; register a new one with POST /api/v1/triggers',
  })
}
