import type { Clock } from '../clock.ts'
import { type Duration, seconds } from '../domain/time.ts'

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** npm passes Ctrl-C on to a program that the terminal has told already; that is not a person asking twice. */
const echo: Duration = seconds(0.25)

/** Aborts at the first signal to stop; a second one, that somebody meant, ends the process at once. */
export function stopSignal(clock: Clock): AbortSignal {
  const asked = new AbortController()
  let askedAt = Number.POSITIVE_INFINITY
  for (const name of signals) {
    process.on(name, () => {
      if (clock.now() - askedAt > echo) process.exit(1)
      if (asked.signal.aborted) return
      askedAt = clock.now()
      asked.abort()
    })
  }
  return asked.signal
}

/** Resolves when the signal aborts. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
