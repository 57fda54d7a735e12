/** How Patreon's API tells what went wrong (wire.md §7): a list with one error in it. */
import type { Refusal, RefusalCode } from '../../domain/refusal.ts'

/** What clients find in `errors`. */
export type PatreonError = {
  code: number | null
  code_name: string
  detail: string
  id: string
  status: string
  title: string
  source?: { parameter: string }
  retry_after_seconds?: number
}

type Named = {
  code: number | null
  name: string
  title: string
  /** What would be right at Patreon's addresses, where the refusal speaks of others. */
  expected?: string
}

/** The names that clients were seen to know, and those that say more than a status; every other refusal goes by its status. */
const known: Partial<Record<RefusalCode, Named>> = {
  token_wrong: { code: 1, name: 'Unauthorized', title: 'Unauthorized' },
  view_forbidden: { code: 3, name: 'ViewForbidden', title: 'You are not allowed to see this' },
  user_agent_missing: {
    code: 16,
    name: 'UserAgentMissing',
    title: 'Requests without a User-Agent are not let through',
  },
  parameter_invalid: { code: 2, name: 'ParameterInvalidOnType', title: 'Invalid value for parameter' },
  too_many_requests: { code: null, name: 'RequestThrottled', title: 'You have made too many requests' },
  body_too_large: {
    ...{ code: 10, name: 'RequestTooLarge', title: 'The request is too large' },
    expected: 'a document of a few kilobytes',
  },
  content_type_unsupported: {
    ...{ code: 11, name: 'UnsupportedMediaType', title: 'This content type is not read here' },
    expected: 'application/json or application/vnd.api+json',
  },
}

const byStatus: Record<number, Named> = {
  400: { code: 4, name: 'BadRequest', title: 'Bad request' },
  403: { code: 3, name: 'ViewForbidden', title: 'You are not allowed to do this' },
  404: { code: 5, name: 'ResourceNotFound', title: 'There is no such resource' },
  405: { code: 6, name: 'MethodNotAllowed', title: 'Method not allowed' },
  406: { code: 7, name: 'NotAcceptable', title: 'Answers are JSON' },
  408: { code: 12, name: 'RequestTimeout', title: 'The request came too slowly' },
  410: { code: 8, name: 'Gone', title: 'The resource is gone' },
  422: { code: 13, name: 'Unprocessable', title: 'The request could not be carried out' },
  431: { code: 14, name: 'HeadersTooLarge', title: 'Address and headers are too long' },
  500: { code: 15, name: 'InternalServerError', title: 'Something went wrong here' },
  503: { code: 9, name: 'ServiceUnavailable', title: 'Service unavailable' },
}

const unnamed: Named = { code: 0, name: 'Error', title: 'The request could not be carried out' }

/** The document that tells a refusal; `id` names this occurrence of it. */
export function errorDocument(refusal: Refusal, id: string): { errors: [PatreonError] } {
  const { message, field, retryAfterSeconds } = refusal.detail
  const named = known[refusal.code] ?? byStatus[refusal.status] ?? unnamed
  const { code, name, title, expected = refusal.detail.expected } = named
  return {
    errors: [
      {
        code,
        code_name: name,
        detail: expected === undefined ? message : `${message} Expected: ${expected}.`,
        id,
        status: String(refusal.status),
        title,
        ...(field === undefined ? {} : { source: { parameter: field } }),
        ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
      },
    ],
  }
}
