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
export function logTo(level: LogLevel): Log {
  const out = pino.destination(2)
  return pino({ level, base: null }, { write: (line) => void out.write(`${visibleJson(line.trimEnd())}\n`) })
}

/** An error as fields of a line. */
export function errorFields(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { error: String(error) }
  return { error: error.message, cause: error.cause, stack: error.stack }
}
