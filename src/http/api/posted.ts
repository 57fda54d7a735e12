import { Refusal } from '../../domain/refusal.ts'
import type { Posted } from '../../pipeline/accept.ts'
import { malformedJson, mustBeShallow } from '../json-body.ts'
import { plainEvent } from '../plain-event.ts'
import { sliceOf } from '../slice.ts'

/** More events than this in one batch would make everybody else wait for its commit. */
const batchLimit = 1_000

const lineFeed = 0x0a

/** Reads one event; its body is the bytes that were posted. */
export function postedEvent(json: Buffer, idempotencyKey: string | null, where = 'The event'): Posted {
  const event = plainEvent(json) ?? carefulEvent(json, where)
  return { ...event, idempotencyKey: event.id === null ? idempotencyKey : null }
}

/** Reads one event with all that JSON allows, and says what is wrong with it. */
export function carefulEvent(json: Buffer, where: string): Omit<Posted, 'idempotencyKey'> {
  const parsed = parsedObject(json, where)
  const body = sliceOf(json, 'body')
  if (body === null) {
    throw new Refusal('field_missing', {
      message: `${where} has no "body", or has two.`,
      field: 'body',
      expected: 'one field "body" with any JSON value',
    })
  }
  return {
    tenant: textIn(parsed, 'tenant', where),
    trigger: textIn(parsed, 'trigger', where),
    id: parsed['id'] === undefined ? null : textIn(parsed, 'id', where),
    body,
  }
}

/** Reads a batch: one event a line; empty lines don't count. */
export function postedBatch(lines: Buffer): Posted[] {
  const posted: Posted[] = []
  let number = 0
  let start = 0
  while (start < lines.length) {
    const feed = lines.indexOf(lineFeed, start)
    const end = feed === -1 ? lines.length : feed
    number += 1
    const line = lines.subarray(start, end)
    if (line.some((byte) => byte > 0x20)) posted.push(postedEvent(line, null, `Line ${number}`))
    if (posted.length > batchLimit) throw tooMany()
    start = end + 1
  }
  if (posted.length === 0) {
    throw new Refusal('field_missing', { message: 'The batch is empty.', field: 'body', expected: 'one event a line' })
  }
  return posted
}

const fields = ['tenant', 'trigger', 'id', 'body']

function parsedObject(json: Buffer, where: string): Record<string, unknown> {
  mustBeShallow(json, where)
  let parsed: unknown
  try {
    parsed = JSON.parse(json.toString('utf8'))
  } catch (error) {
    throw malformedJson(error instanceof Error ? error.message : '', where)
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw malformedJson('an object was expected', where)
  }
  const unknown = Object.keys(parsed).find((name) => !fields.includes(name))
  if (unknown !== undefined) {
    throw new Refusal('field_invalid', {
      message: `${where} has the field "${unknown.slice(0, 100)}", which means nothing here.`,
      field: unknown.slice(0, 100),
      expected: `only ${fields.join(', ')}`,
    })
  }
  return { ...parsed }
}

function textIn(event: Record<string, unknown>, name: string, where: string): string {
  const value = event[name]
  if (typeof value === 'string') return value
  throw new Refusal(value === undefined ? 'field_missing' : 'field_invalid', {
    message: `${where} has ${value === undefined ? `no "${name}"` : `a "${name}" that is no string`}.`,
    field: name,
    expected: `a string "${name}"`,
  })
}

const tooMany = (): Refusal =>
  new Refusal('too_many', {
    message: `The batch has more than ${batchLimit} events.`,
    field: 'body',
    expected: `at most ${batchLimit} events; send several batches`,
  })
