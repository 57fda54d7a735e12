/** How an outcome lies in the columns of `attempts`. */
import type { Answer, Outcome, Phase, Timing } from '../domain/outcome.ts'
import { headersIn, headerText } from './header-text.ts'

/** The columns that an outcome lies in. */
export type OutcomeColumns = {
  kind: number
  /** The HTTP status of an answer. */
  status: number | null
  /** The phase or code of a failure. */
  detail: string | null
  connected: number | null
  first_byte: number | null
  ended: number
  /** The answer's headers (`header-text.ts`); null where there were none. */
  headers: string | null
  body: Uint8Array | null
  is_cut: number
}

// Stored as numbers: never reorder, only append.
const kinds = [
  'answered',
  'timed-out',
  'refused',
  'reset',
  'unresolved',
  'forbidden-address',
  'insecure',
  'garbled',
  'unreachable',
] as const satisfies readonly Outcome['kind'][]

/** The columns of an outcome. */
export function columnsOf(outcome: Outcome): OutcomeColumns {
  const answer = outcome.kind === 'answered' ? outcome.answer : null
  return {
    kind: kinds.indexOf(outcome.kind),
    status: answer?.status ?? null,
    detail: 'phase' in outcome ? outcome.phase : 'code' in outcome ? outcome.code : null,
    connected: outcome.timing.connected,
    first_byte: outcome.timing.firstByte,
    ended: outcome.timing.ended,
    headers: answer === null || answer.headers.length === 0 ? null : headerText(answer.headers),
    body: answer === null || answer.body.length === 0 ? null : answer.body,
    is_cut: answer?.isCut === true ? 1 : 0,
  }
}

/** The outcome that lies in these columns. */
export function outcomeIn(row: OutcomeColumns): Outcome {
  const timing: Timing = { connected: row.connected, firstByte: row.first_byte, ended: row.ended }
  const kind = kinds[row.kind]
  const detail = row.detail ?? ''
  if (kind === undefined) {
    throw new Error(`an attempt ended in an unknown way (${row.kind}): it was written by a newer version`)
  }
  switch (kind) {
    case 'answered':
      return { kind, answer: answerIn(row), timing }
    case 'timed-out':
    case 'reset':
      return { kind, phase: detail as Phase, timing }
    case 'refused':
    case 'forbidden-address':
      return { kind, timing }
    case 'unresolved':
    case 'insecure':
    case 'garbled':
    case 'unreachable':
      return { kind, code: detail, timing }
  }
}

const answerIn = (row: OutcomeColumns): Answer => ({
  status: row.status ?? 0,
  headers: row.headers === null ? [] : headersIn(row.headers),
  body: row.body ?? new Uint8Array(),
  isCut: row.is_cut === 1,
})
