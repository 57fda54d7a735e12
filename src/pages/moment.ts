import { days, hours, type Instant, minutes } from '../domain/time.ts'
import { type Html, html } from './html.ts'

/** A moment as people read it: absolutely, and how long ago it is or how far ahead. */
export const moment = (at: Instant, now: Instant): Html =>
  html`<time datetime="${new Date(at).toISOString()}">${absolutely(at)} (${ago(now - at)})</time>`

/** A moment without how long ago it is. */
export const absolutely = (at: Instant): string => `${minuteOf.format(at)} UTC`

const minuteOf = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

function ago(span: number): string {
  const length = Math.abs(span)
  if (length < minutes(1)) return 'just now'
  if (length < hours(1)) return relative.format(-Math.trunc(span / minutes(1)), 'minute')
  if (length < days(1)) return relative.format(-Math.trunc(span / hours(1)), 'hour')
  return relative.format(-Math.trunc(span / days(1)), 'day')
}
