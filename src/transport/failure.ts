import type { Outcome, Phase } from '../domain/outcome.ts'

type Untimed<T> = T extends unknown ? Omit<T, 'timing'> : never

/** How an attempt failed, before it is known how long it took. */
export type Failure = Untimed<Exclude<Outcome, { kind: 'answered' }>>

/** Carries a failure through undici, which wants to be told of errors. */
export class Failed extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.kind)
    this.failure = failure
  }
}

/** Says what an error of a socket, of TLS or of the parser means. */
export function failureOf(error: Error, phase: Phase): Failure {
  if (error instanceof Failed) return error.failure

  const code = codeOf(error)
  if (code === 'ECONNREFUSED') return { kind: 'refused' }
  if (code === 'ETIMEDOUT') return { kind: 'timed-out', phase }
  if (isReset(error, code)) return { kind: 'reset', phase: phaseOfReset(error, phase) }
  if (isGarbled(code)) return { kind: 'garbled', code }
  if (phase === 'securing' || isOfTls(code)) return { kind: 'insecure', code }
  return { kind: 'unreachable', code }
}

function codeOf(error: Error): string {
  if (error.name === 'HTTPParserError') return parserCodeOf(error.message)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

// undici 7 loses the parser's code and keeps its reason, in brackets: one of a fixed list of phrases.
function parserCodeOf(message: string): string {
  const reason = /\((.*)\)$/.exec(message)?.[1] ?? 'unknown'
  return `HPE_${reason
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_|_$/g, '')
    .toUpperCase()}`
}

function isReset(error: Error, code: string): boolean {
  if (code === 'UND_ERR_SOCKET') return !isOutOfTurn(error)
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'ECONNABORTED' || code === 'ENOTCONN'
}

// undici has one code for all sockets that it gives up; its words tell a broken one from a receiver out of turn.
function isOutOfTurn(error: Error): boolean {
  return error.message === 'bad response' || error.message === 'bad upgrade'
}

// When reading finds the reset, everything had been handed to the network; when writing finds it, not everything had.
function phaseOfReset(error: Error, phase: Phase): Phase {
  if (phase !== 'sending' && phase !== 'answering') return phase
  return 'syscall' in error && error.syscall === 'write' ? 'sending' : phase
}

function isGarbled(code: string): boolean {
  if (code.startsWith('HPE_') || code === 'UND_ERR_SOCKET') return true
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH') return true
  // undici asserts what a well-behaved receiver would keep to.
  return code === 'ERR_ASSERTION'
}

// A server may refuse our side of TLS after the handshake looked done (TLS 1.3, a certificate demanded of us).
function isOfTls(code: string): boolean {
  return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO'
}
