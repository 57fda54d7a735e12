import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { z } from 'zod'
import type { Caller } from '../../domain/access.ts'
import { isOperator, mustHave, mustOperate } from '../../domain/access.ts'
import { type Accepted, bodyLimitBytes, campaignTenant, type Event, type Tenant } from '../../domain/event.ts'
import { Refusal } from '../../domain/refusal.ts'
import { accept } from '../../pipeline/accept.ts'
import type { Readings } from '../../store/records.ts'
import { type Endpoint, endpoint, moment, pageOf, pageSize, written } from '../endpoint.ts'
import { recognise } from '../recognise.ts'
import { postedBatch, postedEvent } from './posted.ts'
import type { ApiTools } from './tools.ts'

/** Room for an event's body and what stands around it. */
const oneEventLimitBytes = bodyLimitBytes + 16 * 1024

/** A batch of events. */
const batchLimitBytes = 8 * 1024 * 1024

const eventShape = z
  .object({
    id: z.string(),
    sequence: z.number().int(),
    tenant: z.string(),
    trigger: z.string(),
    accepted_at: moment,
    body: z.unknown().describe('The body, parsed. Receivers got the bytes that were posted.'),
  })
  .meta({ id: 'Event' })

const listQuery = z.object({
  after: z.coerce.number().int().min(0).default(0).describe('the sequence behind which the list begins'),
  tenant: z.string().optional(),
  trigger: z.string().optional(),
  limit: pageSize,
})

/** Events that were accepted, for who may see their tenants. */
export const eventReads = (tools: ApiTools) => ({
  list: listEventsCall(tools),
  show: showEventCall(tools),
})

const listEventsCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'listEvents',
    summary: 'List events in the order they were accepted',
    tag: 'events',
    scope: 'events',
    query: listQuery,
    answer: pageOf(eventShape),
    async handle({ caller, query: { after, tenant, trigger, limit } }) {
      const visible = await tenantsSeenBy(caller, store.read)
      const tenants = tenant === undefined ? visible : visible === null || visible.includes(tenant) ? [tenant] : []
      const { entries, next } = await store.events.list({ after, tenants, trigger: trigger ?? null }, limit)
      return { data: entries.map(shown), next: next === null ? null : String(next) }
    },
  })

const showEventCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'showEvent',
    summary: 'Show one event',
    tag: 'events',
    scope: 'events',
    params: z.object({ id: z.string() }),
    answer: eventShape,
    async handle({ caller, params: { id } }) {
      const event = await store.events.findById(id, await tenantsSeenBy(caller, store.read))
      if (event === null) throw unknownEvent(id)
      return shown(event)
    },
  })

/** The answer to an event that was posted by itself. */
export type Published = { status: 200 | 202; receipt: ReturnType<typeof receipt> }

/** Lets in who may publish, if there is room for the bytes they bring. What is returned is called when they are answered. */
export async function admit(caller: Promise<Caller>, bytes: number, { budget }: ApiTools): Promise<() => void> {
  mustPublish(await caller)
  return budget.takeRequest(bytes)
}

/** The same before a request's body is read. */
const admission =
  (tools: ApiTools, limitBytes: number) =>
  async (request: FastifyRequest, { raw: response }: FastifyReply): Promise<void> => {
    // A length that nobody announced may be any.
    const bytes = Math.min(Number(request.headers['content-length'] ?? limitBytes), limitBytes)
    const over = await admit(recognise(request, tools.store.read), bytes, tools)
    // Who left while they were being recognised has left for good.
    if (response.destroyed) over()
    else response.on('close', over)
  }

/** Publishes one event of somebody who was let in. */
export async function publishOne(body: Buffer, key: string | null, tools: ApiTools): Promise<Published> {
  const posted = postedEvent(body, key)
  const [accepted] = await accept([posted], tools)
  if (accepted === undefined) throw new Error('an accepted event has an answer')
  refuseTaken(accepted, posted.idempotencyKey !== null)
  return { status: accepted.kind === 'repeated' ? 200 : 202, receipt: receipt(accepted) }
}

/** A door that reads raw bytes, no more than its limit, of those whom it lets in. */
type EventDoor = Endpoint & Required<Pick<RouteOptions, 'bodyLimit' | 'onRequest'>>

function mustPublish(caller: Caller): void {
  mustHave(caller, 'publish')
  mustOperate(caller)
}

/**
 * Publishing. These two read raw bytes: no schema library looks at them and nothing is serialised again, because
 * what a receiver gets must be what was posted.
 */
export function eventDoors(tools: ApiTools): { one: EventDoor; batch: EventDoor } {
  return {
    one: {
      schema: publishDescription('publishEvent', 'Publish one event', 'application/json'),
      bodyLimit: oneEventLimitBytes,
      onRequest: admission(tools, oneEventLimitBytes),
      async handler(request, reply) {
        const key = request.headers['idempotency-key']
        const published = await publishOne(rawBody(request.body), typeof key === 'string' ? key : null, tools)
        return await reply.status(published.status).send(published.receipt)
      },
    },
    batch: {
      schema: publishDescription(
        'publishEvents',
        'Publish many events, one JSON object a line',
        'application/x-ndjson',
      ),
      bodyLimit: batchLimitBytes,
      onRequest: admission(tools, batchLimitBytes),
      async handler(request, reply) {
        mustHaveNoKey(request.headers['idempotency-key'])
        const accepted = await accept(postedBatch(rawBody(request.body)), tools)
        return await reply.status(202).send({ data: accepted.map(receipt) })
      },
    },
  }
}

function rawBody(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body
  throw new Refusal('json_malformed', { message: 'The request has no body.', field: 'body', expected: 'an event' })
}

/** What is answered for each event. */
function receipt(accepted: Accepted) {
  return accepted.kind === 'taken'
    ? { id: accepted.id, status: 'taken', sequence: null }
    : { id: accepted.id, status: accepted.kind, sequence: accepted.sequence }
}

/** One key can't name many events; whoever trusted it here would publish everything twice. */
function mustHaveNoKey(key: string | string[] | undefined): void {
  if (key === undefined) return
  throw new Refusal('field_invalid', {
    message: 'A batch can have no idempotency key.',
    field: 'Idempotency-Key',
    expected: 'an "id" in each event of the batch, which makes it safe to post it again',
  })
}

function refuseTaken(accepted: Accepted, byKey: boolean): void {
  if (accepted.kind !== 'taken') return
  const [what, field] = byKey ? ['idempotency key', 'Idempotency-Key'] : ['id', 'id']
  throw new Refusal(byKey ? 'idempotency_key_taken' : 'event_id_taken', {
    message: `Another event of this tenant has this ${what}: its trigger or its body differ.`,
    field,
    expected: `the same trigger and body as the first time, or another ${what}`,
  })
}

/** Every tenant that a caller may see; null: all there are. */
export async function tenantsSeenBy(caller: Caller, read: Readings): Promise<Tenant[] | null> {
  if (isOperator(caller)) return null
  const own = (await read.memberships.listCampaignsOf(caller.accountId)).map(({ id }) => campaignTenant(id))
  const clients =
    caller.kind === 'client' ? [caller.clientId] : (await read.clients.list(caller.accountId)).map(({ id }) => id)
  const granted = await Promise.all(clients.map((id) => read.clients.listGrants(id)))
  return [...new Set([...own, ...granted.flat()])]
}

/** An event as the API shows it. */
function shown({ id, sequence, tenant, trigger, acceptedAt, body }: Event): z.input<typeof eventShape> {
  return {
    id,
    sequence,
    tenant,
    trigger,
    accepted_at: written(acceptedAt),
    body: JSON.parse(Buffer.from(body).toString('utf8')),
  }
}

const unknownEvent = (id: string): Refusal =>
  new Refusal('event_not_found', { message: `There is no event ${id}.`, field: 'id' })

/** Described for people and generated clients; checked by hand, because the bytes matter. */
const publishDescription = (operationId: string, summary: string, contentType: string) => ({
  operationId,
  summary,
  tags: ['events'],
  consumes: [contentType],
})
