import { z } from 'zod'
import { type Caller, isOperator } from '../../domain/access.ts'
import { type Attempt, type DeliveryKey, deliveryId, deliveryKeyOf, deliveryStatuses } from '../../domain/delivery.ts'
import { inWords } from '../../domain/outcome-in-words.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { DeliveryView } from '../../store/store.ts'
import { type Endpoint, endpoint, moment, pageOf, pageSize, written } from '../endpoint.ts'
import type { ApiTools } from './tools.ts'
import { findWebhookOf, mustBeOpen, webhookOf, webhooksOf } from './webhook.ts'

const deliveryShape = z
  .object({
    id: z.string(),
    event_id: z.string(),
    webhook_id: z.string(),
    tenant: z.string(),
    trigger: z.string(),
    accepted_at: moment.describe('when its event was accepted'),
    status: z.enum(deliveryStatuses),
    attempts_made: z.number().int(),
    due_at: moment.nullable().describe('when it is tried next'),
    held_since: moment.nullable(),
    ended_at: moment.nullable(),
  })
  .meta({ id: 'Delivery' })

const attemptShape = z
  .object({
    number: z.number().int(),
    started_at: moment,
    duration_ms: z.number(),
    outcome: z.string(),
    in_words: z.string().describe('what happened, the likely cause, and what to do about it'),
    phase: z.string().nullable().describe('how far it came, when it did not end with an answer'),
    code: z.string().nullable(),
    connected_ms: z.number().nullable().describe('null over a kept-alive connection'),
    first_byte_ms: z.number().nullable(),
    answer: z
      .object({
        status: z.number().int(),
        headers: z.array(z.array(z.string())),
        body: z.string().describe('as text; bytes that are no UTF-8 are shown as U+FFFD'),
        is_cut: z.boolean().describe('it was longer than what is kept'),
      })
      .nullable(),
  })
  .meta({ id: 'Attempt' })

const withAttempts = deliveryShape.extend({ attempts: z.array(attemptShape) }).meta({ id: 'DeliveryWithAttempts' })

const byId = z.object({ id: z.string() })

const listQuery = z.object({
  webhook_id: z.string().optional(),
  event_id: z.string().optional(),
  status: z.enum(deliveryStatuses).optional(),
  before: z.string().optional().describe('the id of the delivery behind which the list goes on'),
  limit: pageSize,
})

/** Deliveries and their attempts, for who may see their webhooks. */
export const deliveryCalls = (tools: ApiTools) => ({
  list: listDeliveriesCall(tools),
  show: showDeliveryCall(tools),
  redeliver: redeliverCall(tools),
})

const calls = { tag: 'deliveries', scope: 'webhooks' } as const

function listDeliveriesCall(tools: ApiTools): Endpoint {
  const { store } = tools
  return endpoint(store.read, {
    ...calls,
    id: 'listDeliveries',
    summary: 'List deliveries, the newest event first',
    query: listQuery,
    answer: pageOf(deliveryShape),
    async handle({ caller, query }) {
      const filter = await filterFor(caller, query, tools)
      if (filter === null) return { data: [], next: null }
      const { entries, next } = await store.deliveries.list(filter, query.limit)
      return { data: entries.map(shown), next: next === null ? null : deliveryId(next) }
    },
  })
}

function showDeliveryCall(tools: ApiTools): Endpoint {
  const { store } = tools
  return endpoint(store.read, {
    ...calls,
    id: 'showDelivery',
    summary: 'Show one delivery with its attempts',
    params: byId,
    answer: withAttempts,
    async handle({ caller, params: { id } }) {
      const view = await deliveryOf(caller, id, tools)
      const attempts = await store.deliveries.listAttempts(view.delivery)
      return { ...shown(view), attempts: attempts.map(shownAttempt) }
    },
  })
}

function redeliverCall(tools: ApiTools): Endpoint {
  const { store, clock } = tools
  return endpoint(store.read, {
    ...calls,
    id: 'redeliver',
    summary: 'Deliver again: one more attempt as soon as possible',
    params: byId,
    status: 201,
    answer: deliveryShape,
    async handle({ caller, params: { id } }) {
      const { delivery } = await deliveryOf(caller, id, tools)
      await mustBeOpen(caller, delivery.webhookId, tools)
      await store.deliveries.redeliver(delivery, clock.now())
      tools.wake()
      return shown(await deliveryOf(caller, id, tools))
    },
  })
}

async function deliveryOf(caller: Caller, id: string, tools: ApiTools): Promise<DeliveryView> {
  const key = deliveryKeyOf(id)
  const view = key === null ? null : await tools.store.deliveries.find(key)
  // Whoever may not see the webhook is told what they would be told if there were no such delivery.
  const webhook = view === null ? null : await findWebhookOf(caller, view.delivery.webhookId, tools)
  if (view === null || webhook === null) throw unknownDelivery(id)
  return view
}

/** Null: nothing can match. */
async function filterFor(caller: Caller, query: z.output<typeof listQuery>, tools: ApiTools) {
  const webhookIds = await webhookIdsFor(caller, query.webhook_id, tools)
  if (webhookIds?.length === 0) return null
  const { event_id: eventId = null, status = null, before } = query
  return { webhookIds, eventId, status, before: beforeIn(before) }
}

async function webhookIdsFor(caller: Caller, asked: string | undefined, tools: ApiTools): Promise<string[] | null> {
  if (asked !== undefined) return [(await webhookOf(caller, asked, tools)).id]
  return isOperator(caller) ? null : (await webhooksOf(caller, tools)).map(({ id }) => id)
}

function beforeIn(cursor: string | undefined): DeliveryKey | null {
  if (cursor === undefined) return null
  const key = deliveryKeyOf(cursor)
  if (key !== null) return key
  throw new Refusal('query_malformed', {
    message: 'This is no cursor.',
    field: 'before',
    expected: 'the "next" of a list',
  })
}

function shown({ delivery, event }: DeliveryView): z.output<typeof deliveryShape> {
  return {
    id: deliveryId(delivery),
    event_id: event.id,
    webhook_id: delivery.webhookId,
    tenant: event.tenant,
    trigger: event.trigger,
    accepted_at: written(event.acceptedAt),
    status: delivery.status,
    attempts_made: delivery.attemptsMade,
    due_at: delivery.status === 'due' ? written(delivery.dueAt) : null,
    held_since: delivery.status === 'held' ? written(delivery.heldSince) : null,
    ended_at: 'endedAt' in delivery ? written(delivery.endedAt) : null,
  }
}

function shownAttempt({ number, startedAt, outcome }: Attempt): z.output<typeof attemptShape> {
  const answer = outcome.kind === 'answered' ? outcome.answer : null
  return {
    number,
    started_at: written(startedAt),
    duration_ms: outcome.timing.ended,
    outcome: outcome.kind,
    in_words: inWords(outcome),
    phase: 'phase' in outcome ? outcome.phase : null,
    code: 'code' in outcome ? outcome.code : null,
    connected_ms: outcome.timing.connected,
    first_byte_ms: outcome.timing.firstByte,
    answer:
      answer === null
        ? null
        : {
            status: answer.status,
            headers: answer.headers.map(([name, value]) => [name, value]),
            body: Buffer.from(answer.body).toString('utf8'),
            is_cut: answer.isCut,
          },
  }
}

const unknownDelivery = (id: string): Refusal =>
  new Refusal('delivery_not_found', {
    message: `There is no delivery ${id.slice(0, 40)}.`,
    field: 'id',
    expected: 'the id of a delivery that GET /api/v1/deliveries lists',
  })
