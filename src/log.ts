import pino from 'pino'
import type { LogLevel } from './config.ts'
import { visibleJson } from './domain/visible-text.ts'

/** One wide line for each step, as JSON on standard error; secrets never get into its fields. */
export type Log = {
  isLevelEnabled(level: string): boolean
  debug(fields: Record<string, unknown>, message: string): void
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}

/** A log that writes lines of at least this level to standard error, whatever they tell of: each is one line, and safe to look at. */
export const logTo = (level: LogLevel): Log => pino({ level, base: null }, standardError())

/** What can't be written there, as its disk is full, is dropped: a server is worth more than its log. */
function standardError(): pino.DestinationStream {
  let stream = opened()
  return { write: (line) => void stream.write(`${visibleJson(line.trimEnd())}\n`) }

  function opened() {
    const fresh = pino.destination(2)
    fresh.once('error', (error: Error & { code?: string }) => {
      // Where nobody reads any more, pino itself writes nothing more.
      if (error.code === 'EPIPE') return
      // It would keep every line until there is room, and at the exit wait for that.
      fresh.destroy()
      stream = opened()
    })
    return fresh
  }
}

/** An error as fields of a line. */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) }
  return { error: error.message, cause: error.cause, stack: error.stack }
}
