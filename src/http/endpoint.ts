/**
 * One call of the API: what it takes, what it answers, who may make it, and what it does. From this the framework
 * checks requests and OpenAPI describes them.
 */
import type { FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import { z } from 'zod'
import { type Caller, mustHave, type Scope } from '../domain/access.ts'
import type { Readings } from '../store/records.ts'
import { recognise } from './recognise.ts'

type Shape = z.ZodType

/** What a call is given. */
export type Asked<Params, Query, Body> = {
  caller: Caller
  params: Params
  query: Query
  body: Body
  request: FastifyRequest
  reply: FastifyReply
}

/** What is written down for a call. */
type Description<Params extends Shape, Query extends Shape, Body extends Shape, Answer extends Shape> = {
  /** A name for generated clients. */
  id: string
  summary: string
  tag: string
  scope: Scope
  params?: Params
  query?: Query
  body?: Body
  /** The status of success. */
  status?: 200 | 201 | 204
  answer: Answer
  handle(asked: Asked<z.output<Params>, z.output<Query>, z.output<Body>>): Promise<z.input<Answer>>
}

/** A call, ready to be put at a URL. */
export type Endpoint = Pick<RouteOptions, 'schema' | 'handler'>

const problem = z
  .object({
    error: z.object({
      code: z.string().describe('one of a closed list; docs/errors.md has them all'),
      message: z.string().describe('what was wrong'),
      field: z.string().optional().describe('the field, header or parameter at fault'),
      expected: z.string().optional().describe('what would be right'),
      retry_after_seconds: z.number().optional(),
    }),
  })
  .meta({ id: 'Problem' })

/** A call that knows how to recognise its callers. */
export const endpoint = <Params extends Shape, Query extends Shape, Body extends Shape, Answer extends Shape>(
  read: Readings,
  call: Description<Params, Query, Body, Answer>,
): Endpoint => ({
  schema: {
    operationId: call.id,
    summary: call.summary,
    tags: [call.tag],
    ...(call.params === undefined ? {} : { params: call.params }),
    ...(call.query === undefined ? {} : { querystring: call.query }),
    ...(call.body === undefined ? {} : { body: call.body }),
    response: { [call.status ?? 200]: call.answer, '4xx': problem, '5xx': problem },
  },
  async handler(request, reply) {
    const caller = await recognise(request, read)
    mustHave(caller, call.scope)
    // The framework has checked these three against their shapes.
    const asked = { caller, request, reply, params: request.params, query: request.query, body: request.body }
    const answer = await call.handle(asked as Asked<z.output<Params>, z.output<Query>, z.output<Body>>)
    await reply.status(call.status ?? 200).send(answer)
    return reply
  },
})

/** The answer of a call that has nothing to say. */
export const nothing = z.null().describe('nothing')

/** A page of a list, and the cursor behind it; null when there is no more. */
export const pageOf = <Entry extends Shape>(entry: Entry) =>
  z.object({
    data: z.array(entry),
    next: z
      .string()
      .nullable()
      .describe('where the list goes on, perhaps behind a page that is short or empty; null when there is no more'),
  })

/** The cursor behind the last entry of a page that is full; null where there is no more. */
export function nextOf<Entry>(entries: readonly Entry[], limit: number, cursorOf: (last: Entry) => string | number) {
  const last = entries.length === limit ? entries.at(-1) : undefined
  return last === undefined ? null : String(cursorOf(last))
}

/** The most that one page holds. */
const pageLimit = 200

/** How many entries a page shall have. */
export const pageSize = z.coerce.number().int().min(1).max(pageLimit).default(50)

/** A moment as the API writes it (RFC 3339). */
export const moment = z.string().meta({ format: 'date-time' })

/** Writes a moment. */
export const written = (at: number): string => new Date(at).toISOString()

/** Writes a moment that may not have come. */
export const writtenOrNull = (at: number | null): string | null => (at === null ? null : written(at))
