import type { FastifyError } from 'fastify'
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod'
import { bodyLimitBytes } from '../domain/event.ts'
import { Refusal } from '../domain/refusal.ts'
import { errorFields, type Log } from '../log.ts'

/** How every refusal is told: a code from a closed list, the field, and what would be right. */
export type Problem = {
  error: { code: string; message: string; field?: string; expected?: string; retry_after_seconds?: number }
}

/** The body of a refusal's answer. */
export function problemOf({ code, detail }: Refusal): Problem {
  const { message, field, expected, retryAfterSeconds } = detail
  return {
    error: {
      code,
      message,
      ...(field === undefined ? {} : { field }),
      ...(expected === undefined ? {} : { expected }),
      ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
    },
  }
}

/** An answer that tells what went wrong; its body is JSON. */
export type Told = { status: number; headers: Record<string, string>; body: string }

type Asked = { method?: string | undefined; url?: string | undefined }

/** How an error is told to whoever asked, and to the log where it is ours. */
export function told(error: unknown, asked: Asked, log: Log): Told {
  const refusal = refusalIn(error, asked, log)
  return { status: refusal.status, headers: headersOf(refusal), body: JSON.stringify(problemOf(refusal)) }
}

/** The refusal that an error is told as; what is ours is told to the log. */
export function refusalIn(error: unknown, asked: Asked, log: Log): Refusal {
  const refusal = refusalFor(error) ?? ours(error, asked, log)
  // Of what is too much the log hears in sum (pipeline/budget.ts).
  if (refusal.status === 503 && refusal.code !== 'overloaded')
    log.warn({ url: asked.url, ...errorFields(refusal) }, 'request.unavailable')
  return refusal
}

/** What a refusal says in headers. */
export const headersOf = ({ status, detail: { retryAfterSeconds } }: Refusal): Record<string, string> => ({
  ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  ...(status === 401 ? { 'www-authenticate': 'Bearer realm="tidings"' } : {}),
})

/** Our own mistake: the caller learns that it was not theirs, the log learns the rest. */
function ours(error: unknown, { method, url }: Asked, log: Log): Refusal {
  log.error({ method, url, ...errorFields(error) }, 'request.failed')
  return new Refusal('internal', {
    message: 'Something went wrong here, and it was not your fault. The log says what.',
  })
}

/** What the web framework throws when it can't make sense of a request, as a refusal; null when it is our own mistake. */
function refusalFor(error: unknown): Refusal | null {
  if (error instanceof Refusal) return error
  if (hasZodFastifySchemaValidationErrors(error)) return invalidField(error)
  return isFastifyError(error) ? frameworkRefusal(error) : null
}

function invalidField(error: Parameters<typeof invalidFieldName>[0]): Refusal {
  const { field, message } = invalidFieldName(error)
  const unknown = /^Unrecognized keys?: "([^"]*)"/.exec(message)?.[1]?.slice(0, 100)
  if (unknown !== undefined) return unknownField(field === 'body' ? unknown : `${field}.${unknown}`)
  const isMissing = /received undefined/.test(message)
  return new Refusal(isMissing ? 'field_missing' : 'field_invalid', {
    message: isMissing ? `"${field}" is missing.` : `"${field}" can't be used: ${message}`,
    field,
    expected: wantedIn(message),
  })
}

const unknownField = (field: string): Refusal =>
  new Refusal('field_invalid', {
    message: `"${field}" means nothing here.`,
    field,
    expected: 'only the fields that the API description lists for this call',
  })

/** What a schema wanted, without how it says so. */
const wantedIn = (message: string): string => /expected ([^,]+)/.exec(message)?.[1] ?? message

function invalidFieldName({ validation }: { validation: readonly { instancePath: string; message?: string }[] }) {
  const first = validation[0]
  const path = first?.instancePath.replace(/^\//, '').replaceAll('/', '.') ?? ''
  return {
    // Without a path it is the whole that is wrong.
    field: path === '' ? 'body' : path,
    message: first?.message ?? 'it has the wrong form',
  }
}

/** Plugins throw errors that have a status and no code. */
const isFastifyError = (error: unknown): error is FastifyError => error instanceof Error && 'statusCode' in error

function frameworkRefusal({ code, statusCode, message }: FastifyError): Refusal | null {
  // Whoever counted has written into the headers how long to wait.
  if (statusCode === 429) return new Refusal('too_many_requests', { message })
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Refusal('body_too_large', {
        message: 'The request is too large.',
        expected: `an event's body of at most ${bodyLimitBytes} bytes`,
      })
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Refusal('content_type_unsupported', {
        message: 'This content type is not understood here.',
        field: 'Content-Type',
        expected: 'application/json (a batch of events: application/x-ndjson)',
      })
    case 'FST_CSRF_MISSING_SECRET':
    case 'FST_CSRF_INVALID_TOKEN':
      return new Refusal('form_expired', { message: 'This form is too old.', expected: 'load the page again' })
    default:
      return statusCode !== undefined && statusCode >= 400 && statusCode < 500
        ? new Refusal('request_malformed', { message: 'The request could not be understood.' })
        : null
  }
}
