import type { Answer } from './outcome.ts'
import { retryAfterLimit } from './retry-schedule.ts'
import { type Duration, type Instant, seconds } from './time.ts'

const delaySeconds = /^\d+$/
const httpDate =
  /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2} GMT$/

/**
 * How long a receiver asks to be left alone, at most `retryAfterLimit`; null when it does not say
 * or can't be understood. Seconds or an HTTP date (RFC 9110 §10.2.3); of several headers the longest counts.
 */
export function retryAfterOf(answer: Answer, now: Instant): Duration | null {
  const asked = answer.headers
    .filter(([name]) => name.toLowerCase() === 'retry-after')
    .map(([, value]) => waitIn(value.trim(), now))
    .filter((wait) => wait !== null)
  return asked.length === 0 ? null : Math.min(Math.max(...asked), retryAfterLimit)
}

function waitIn(value: string, now: Instant): Duration | null {
  if (delaySeconds.test(value)) return seconds(Number(value))
  if (!httpDate.test(value)) return null
  const date = Date.parse(value)
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}
