import type { Dispatcher } from 'undici'
import type { Clock } from '../clock.ts'
import {
  type Answer,
  answerKeptBytes,
  answerReadBytes,
  type Outcome,
  type Phase,
  type Timing,
} from '../domain/outcome.ts'
import type { Instant } from '../domain/time.ts'
import type { Limited } from './deadlines.ts'
import { type Failure, failureOf } from './failure.ts'
import type { Line } from './line.ts'
import type { Passenger } from './lines.ts'
import type { SignedRequest } from './transport.ts'

/** More news before an answer than anyone needs (103, 102); past this it is a flood. */
const informationalAtMost = 16

/** Those who look after an exchange and its line. */
export type Keeper = {
  readonly clock: Clock
  /** It has its outcome; its line is free to carry the next. */
  finished(exchange: Exchange, line: Line): void
  /** It has its outcome; its line, if it had one, must not be used again. */
  broken(exchange: Exchange, line: Line | null): void
}

const noBytes = new Uint8Array(0)

/**
 * One attempt: a request, and what comes back until its outcome is known.
 *
 * It is undici's handler and its own deadline's subject, so that an attempt is
 * one object and one promise. It speaks undici's older handler interface: only
 * that one gives headers as they came, and needs no wrapper per request.
 */
export class Exchange implements Dispatcher.DispatchHandler, Limited, Passenger {
  endsAt: Instant = 0
  readonly origin: string
  readonly startedAt: Instant
  readonly #keeper: Keeper
  readonly #request: Dispatcher.DispatchOptions
  #resolve: ((outcome: Outcome) => void) | null
  #line: Line | null = null
  #isWritten = false
  #connected: number | null = null
  #firstByte: number | null = null
  #informational = 0
  #status = 0
  #headers: readonly Buffer[] = []
  #kept: Buffer[] = []
  #readBytes = 0

  constructor({ uri, headers, body }: SignedRequest, keeper: Keeper, resolve: (outcome: Outcome) => void) {
    this.origin = uri.origin
    this.startedAt = keeper.clock.now()
    this.#keeper = keeper
    this.#resolve = resolve
    this.#request = { method: 'POST', path: uri.pathname + uri.search, headers: flat(headers), body }
  }

  /** A line was found for it. */
  board(line: Line): void {
    this.#line = line
    line.carry(this.#request, this)
  }

  /** Time is up: an answer that had begun counts by its status, anything less is nothing. */
  expire(): void {
    if (this.#status !== 0) this.#break(this.#answered(true))
    else this.#break(this.#failed({ kind: 'timed-out', phase: this.#phase() }))
  }

  /** The process stops; nobody will know what the receiver made of it. */
  abandon(): void {
    this.#break(this.#failed({ kind: 'reset', phase: this.#phase() }))
  }

  onConnect(): void {
    this.#isWritten = true
    const line = this.#line
    // A kept-alive socket was connected in somebody else's time.
    this.#connected = line === null || line.served > 0 ? null : line.connectedAt - this.startedAt
  }

  onResponseStarted(): void {
    this.#firstByte ??= this.#elapsed()
  }

  onHeaders(status: number, headers: Buffer[]): boolean {
    this.#line?.heard()
    if (status >= 200) {
      this.#status = status
      this.#headers = headers
    } else if (status < 100) {
      // RFC 9110 §15 knows none below 100, and undici would take it for news of an answer to come.
      this.#break(this.#failed({ kind: 'garbled', code: 'UNEXPECTED_STATUS' }))
    } else if (++this.#informational > informationalAtMost) {
      this.#break(this.#failed({ kind: 'garbled', code: 'TOO_MANY_INFORMATIONAL' }))
    }
    return true
  }

  onData(chunk: Buffer): boolean {
    this.#line?.heard()
    const room = answerKeptBytes - this.#readBytes
    // Copied, because a slice would keep all that was read from the socket at once.
    if (room > 0) this.#kept.push(Buffer.from(chunk.subarray(0, room)))
    this.#readBytes += chunk.length
    if (this.#readBytes > answerReadBytes) this.#break(this.#answered(true))
    return true
  }

  onComplete(): void {
    const line = this.#line
    if (this.#resolve === null || line === null) return
    line.heard()
    line.served += 1
    this.#end(this.#answered(this.#readBytes > answerKeptBytes))
    this.#keeper.finished(this, line)
  }

  onError(error: Error): void {
    if (this.#resolve === null) return
    const failure = failureOf(error, this.#phase())
    if (this.#mayResendAfter(failure)) return this.#resend()
    // The receiver has spoken; that its body broke off does not unsay it. What is no HTTP says nothing.
    if (this.#status !== 0 && isCutShort(failure, error)) this.#break(this.#answered(true))
    else this.#break(this.#failed(failure))
  }

  // A socket that was idle may have been closed while we wrote to it (RFC 9112 §9.3.1). Only then it is
  // near certain that nobody read the request. The second sending is over a new socket: hence it is the last.
  #mayResendAfter(failure: Failure): boolean {
    const isOldSocket = this.#isWritten && this.#line !== null && this.#line.served > 0
    return failure.kind === 'reset' && isOldSocket && this.#firstByte === null
  }

  #resend(): void {
    this.#isWritten = false
    // The client has no socket any more and makes a new one; another line might have an old one.
    this.#line?.carry(this.#request, this)
  }

  #phase(): Phase {
    const line = this.#line
    if (line === null) return 'connecting'
    if (line.dial !== null) return line.dial.phase
    return !this.#isWritten || line.isSending ? 'sending' : 'answering'
  }

  #answered(isCut: boolean): Outcome {
    const body = this.#kept.length === 0 ? noBytes : Buffer.concat(this.#kept)
    const answer: Answer = { status: this.#status, headers: headersOf(this.#headers), body, isCut }
    return { kind: 'answered', answer, timing: this.#timing() }
  }

  #failed(failure: Failure): Outcome {
    return { ...failure, timing: this.#timing() }
  }

  #timing(): Timing {
    return { connected: this.#connected, firstByte: this.#firstByte, ended: this.#elapsed() }
  }

  #elapsed(): number {
    return this.#keeper.clock.now() - this.startedAt
  }

  #break(outcome: Outcome): void {
    if (!this.#end(outcome)) return
    const line = this.#line
    this.#line = null
    this.#keeper.broken(this, line)
  }

  #end(outcome: Outcome): boolean {
    const resolve = this.#resolve
    this.#resolve = null
    resolve?.(outcome)
    return resolve !== null
  }
}

// In pairs for us, one after another for undici. Written out, because it runs for every request.
function flat(headers: SignedRequest['headers']): string[] {
  const flattened: string[] = []
  for (const [name, value] of headers) flattened.push(name, value)
  return flattened
}

// A receiver that ends its answer early is cut short, too: undici says so with a code of its own.
function isCutShort(failure: Failure, error: Error): boolean {
  if (failure.kind === 'reset' || failure.kind === 'timed-out') return true
  return 'code' in error && error.code === 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH'
}

function headersOf(raw: readonly Buffer[]): [name: string, value: string][] {
  const headers: [name: string, value: string][] = []
  for (let index = 0; index + 1 < raw.length; index += 2) {
    headers.push([raw[index]?.toString('latin1') ?? '', raw[index + 1]?.toString('latin1') ?? ''])
  }
  return headers
}
