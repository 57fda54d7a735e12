/**
 * How an attempt ended, and what that means for its delivery.
 *
 * An outcome is a value: whatever a receiver, a network or a name server does,
 * it ends up here and is never thrown.
 */

/** How far a request had come when something went wrong. */
export type Phase = 'resolving' | 'connecting' | 'securing' | 'sending' | 'answering'

/** What a receiver answered, as far as we keep it. */
export type Answer = {
  status: number
  headers: readonly (readonly [name: string, value: string])[]
  /** At most `answerKeptBytes`, as they came, never decoded. */
  body: Uint8Array
  /** The body was longer than what is kept. */
  isCut: boolean
}

/** Milliseconds from the attempt's start until each step was done; null where it was not reached or not needed. */
export type Timing = {
  connected: number | null
  firstByte: number | null
  ended: number
}

/** How an attempt ended. */
export type Outcome =
  | { kind: 'answered'; answer: Answer; timing: Timing }
  | { kind: 'timed-out'; phase: Phase; timing: Timing }
  | { kind: 'refused'; timing: Timing }
  | { kind: 'reset'; phase: Phase; timing: Timing }
  | { kind: 'unresolved'; code: string; timing: Timing }
  | { kind: 'forbidden-address'; timing: Timing }
  | { kind: 'insecure'; code: string; timing: Timing }
  | { kind: 'garbled'; code: string; timing: Timing }
  | { kind: 'unreachable'; code: string; timing: Timing }

/** What an outcome means: `gone` is the receiver's way to unsubscribe (RFC 9110 §15.5.11). */
export type Verdict = 'accepted' | 'try-again' | 'gone'

/** Enough of an answer for an error page; receivers must not fill our disk. */
export const answerKeptBytes = 16 * 1024

/** Longer answers are not read to their end: a receiver must not keep us reading. */
export const answerReadBytes = 64 * 1024

/** Judges an outcome. Any 2xx accepts; redirects are failures, because what is signed for one host must not reach another. */
export function verdictOn(outcome: Outcome): Verdict {
  if (outcome.kind !== 'answered') return 'try-again'
  const { status } = outcome.answer
  if (status >= 200 && status < 300) return 'accepted'
  return status === 410 ? 'gone' : 'try-again'
}
