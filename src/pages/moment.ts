import { days, hours, type Instant, minutes } from '../domain/time.ts'
import { type Html, html } from './html.ts'

/** A moment as people read it: absolutely, and how long ago it is. */
export const moment = (at: Instant, now: Instant): Html =>
  html`<time datetime="${new Date(at).toISOString()}">${day.format(at)} UTC (${ago(now - at)})</time>`

const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })

function ago(span: number): string {
  if (span < minutes(1)) return 'just now'
  if (span < hours(1)) return relative.format(-Math.floor(span / minutes(1)), 'minute')
  if (span < days(1)) return relative.format(-Math.floor(span / hours(1)), 'hour')
  return relative.format(-Math.floor(span / days(1)), 'day')
}
