import type { Clock } from '../clock.ts'
import { deliveryId } from '../domain/delivery.ts'
import type { Event } from '../domain/event.ts'
import type { Outcome } from '../domain/outcome.ts'
import { messageId, patreonSignature, standardSignature, timestampOf } from '../domain/signature.ts'
import type { Instant } from '../domain/time.ts'
import type { SignedRequest, Transport } from '../transport/transport.ts'
import type { Hearing, Listening } from './listening.ts'
import type { Settling } from './settle.ts'
import type { Work } from './work.ts'

type Tools = {
  listening: Listening
  transport: Transport
  settling: Settling
  clock: Clock
  log: (message: string, error: unknown) => void
  /** Told of every attempt, for the log. */
  attempted: (attempt: Attempted) => void
}

/** One wide line's worth of an attempt. */
export type Attempted = {
  delivery: string
  event: string
  trigger: string
  uri: string
  attempt: number
  outcome: Outcome
}

/** Makes one attempt at one delivery, and hands on what came of it. Never rejects. */
export async function deliver(work: Work, tools: Tools): Promise<void> {
  const { settling, clock, log } = tools
  try {
    await attempt(work, tools)
  } catch (error) {
    // Our own mistake: it is shown as a failed attempt and tried again like any other, so that nothing is lost by it.
    log(`the delivery ${work.event.sequence}-${work.webhookId} could not be made`, error)
    const timing = { connected: null, firstByte: null, ended: 0 }
    settling.settle(
      work,
      { startedAt: clock.now(), outcome: { kind: 'unreachable', code: 'internal_error', timing } },
      'standard',
    )
  }
}

async function attempt(work: Work, { listening, transport, settling, clock, attempted }: Tools): Promise<void> {
  const behind = listening.catchUp()
  if (behind !== null) await behind
  const webhook = listening.find(work.webhookId)
  // Paused or deleted since it was planned: the commit that writes it down says which.
  if (webhook === null || webhook.isPaused) return settling.postpone(work)

  const startedAt = clock.now()
  const outcome = await transport.post(requestFor(work.event, webhook, startedAt))
  settling.settle(work, { startedAt, outcome }, webhook.schedule)
  const { event, webhookId, attemptsMade } = work
  attempted({
    delivery: deliveryId({ sequence: event.sequence, webhookId }),
    event: event.id,
    trigger: event.trigger,
    uri: webhook.uri,
    attempt: attemptsMade + 1,
    outcome,
  })
}

/** The request that carries an event: headers in the names, the order and the case of wire.md §2.1. */
function requestFor(event: Event, webhook: Hearing, now: Instant): SignedRequest {
  const { body, trigger } = event
  const id = messageId(event.id, trigger)
  const timestamp = timestampOf(now)
  return {
    uri: webhook.destination,
    body,
    headers: [
      ['User-Agent', 'Patreon HTTP Robot'],
      ['Content-Type', 'application/json'],
      ['X-Patreon-Event', trigger],
      ['X-Patreon-Signature', patreonSignature(webhook.secret, body)],
      ['webhook-id', id],
      ['webhook-timestamp', String(timestamp)],
      ['webhook-signature', standardSignature(webhook.standardKey, { id, timestamp, body })],
    ],
  }
}
