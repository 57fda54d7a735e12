import { hours, type Instant, minutes, seconds } from '../domain/time.ts'

/** A moment of the API, for a list: to the second, in UTC. */
export const moment = (at: string): string => at.replace('T', ' ').replace(/\.\d+Z$/, 'Z')

/** A moment of the API, for one thing: absolutely and relatively. */
export const momentAndAge = (at: string, now: Instant): string => `${moment(at)} (${distance(Date.parse(at) - now)})`

/** The same where the moment may not have come; undefined is left out. */
export const maybeMoment = (at: string | null, now: Instant): string | undefined =>
  at === null ? undefined : momentAndAge(at, now)

/** The moment that somebody typed: a day, or a moment in it, as the API reads it; null for what is none. */
export function momentIn(typed: string): string | null {
  const at = Date.parse(typed)
  // Without a year in front, “3” would be a month of 2001.
  return /^\d{4}-/.test(typed) && !Number.isNaN(at) ? new Date(at).toISOString() : null
}

function distance(ahead: number): string {
  const length = inWords(Math.abs(ahead))
  return ahead > 0 ? `in ${length}` : `${length} ago`
}

function inWords(length: number): string {
  const day = hours(24)
  if (length < minutes(2)) return count(length / seconds(1), 'second')
  if (length < hours(2)) return count(length / minutes(1), 'minute')
  if (length < 2 * day) return count(length / hours(1), 'hour')
  return count(length / day, 'day')
}

function count(exact: number, unit: string): string {
  const whole = Math.floor(exact)
  return `${whole} ${unit}${whole === 1 ? '' : 's'}`
}
