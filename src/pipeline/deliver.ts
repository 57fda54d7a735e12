import type { Clock } from '../clock.ts'
import { deliveryId } from '../domain/delivery.ts'
import { bodyFor, type Event } from '../domain/event.ts'
import type { Outcome } from '../domain/outcome.ts'
import { messageId, patreonSignature, standardSignature, timestampOf } from '../domain/signature.ts'
import { type Duration, type Instant, minutes } from '../domain/time.ts'
import type { SignedRequest, Transport } from '../transport/transport.ts'
import type { Hearing, Listening } from './listening.ts'
import type { Settling } from './settle.ts'
import type { Work } from './work.ts'

type Tools = {
  listening: Listening
  transport: Transport
  settling: Settling
  clock: Clock
  /** The machine's own: receivers have no other to check a signature's freshness by. */
  machine: Clock
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

/** How long a delivery waits that could not even be tried, because of a mistake of ours or a store that can't be read. */
const troubleWait: Duration = minutes(1)

/** Makes one attempt at one delivery, and hands on what came of it. Never rejects. */
export async function deliver(work: Work, tools: Tools): Promise<void> {
  const { listening, transport, settling, clock, machine, log } = tools
  let tried: Tried
  try {
    const behind = listening.catchUp()
    if (behind !== null) await behind
    const webhook = listening.find(work.webhookId)
    // Paused or deleted since it was planned: the commit that writes it down says which.
    if (webhook === null || webhook.isPaused) return settling.postpone(work)

    const startedAt = clock.now()
    const request = requestFor(work.event, webhook, machine.now())
    tried = { webhook, startedAt, outcome: await transport.post(request) }
  } catch (error) {
    // Nothing was sent, so no attempt is used up.
    log(`the delivery ${work.event.sequence}-${work.webhookId} could not be tried; it waits a minute`, error)
    return settling.postpone(work, troubleWait)
  }
  settling.settle(work, tried, tried.webhook.schedule)
  tools.attempted(noteOf(work, tried))
}

type Tried = { webhook: Hearing; startedAt: Instant; outcome: Outcome }

const noteOf = ({ event, webhookId, attemptsMade }: Work, { webhook, outcome }: Tried): Attempted => ({
  delivery: deliveryId({ sequence: event.sequence, webhookId }),
  event: event.id,
  trigger: event.trigger,
  uri: webhook.uri,
  attempt: attemptsMade + 1,
  outcome,
})

/** The request that carries an event: headers in the names, the order and the case of wire.md §2.1. */
function requestFor(event: Event, webhook: Hearing, now: Instant): SignedRequest {
  const { keys } = webhook
  if (keys === null) throw new Error(`the secrets of webhook ${webhook.webhookId} can't be opened`)
  const { trigger } = event
  const body = bodyFor(event, webhook.granted.has(event.tenant) ? 0 : webhook.audience)
  const id = messageId(event.id, trigger)
  const timestamp = timestampOf(now)
  return {
    uri: webhook.destination,
    body,
    headers: [
      ['User-Agent', 'Patreon HTTP Robot'],
      ['Content-Type', 'application/json'],
      ['X-Patreon-Event', trigger],
      ['X-Patreon-Signature', patreonSignature(keys.secret, body)],
      ['webhook-id', id],
      ['webhook-timestamp', String(timestamp)],
      ['webhook-signature', standardSignature(keys.standardKey, { id, timestamp, body })],
    ],
  }
}
