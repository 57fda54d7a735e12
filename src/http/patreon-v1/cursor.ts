/**
 * Where a page of pledges begins: the moment of its first pledge, as a date that is included ("start where the first
 * attribute in `sort` equals this value").
 *
 * Many pledges may share a moment, and a date alone would then skip or repeat some of them. So a cursor is as fine as
 * it must be: whole seconds where the page before ended in another second, which is nearly always, else six digits of a
 * fraction, which Patreon's own dates have had and every reader of dates takes. The first three are the true
 * millisecond, the others the place in it (`domain/pledge-order.ts`). Pages end where such places end.
 *
 * More digits were rejected, because strict readers refuse them; so was a second parameter beside the cursor, because
 * clients take `page[cursor]` out of `links.next` and drop the rest.
 */
import { type DatedPledge, microsecondOf, type PledgeOrder, type PledgePlace } from '../../domain/pledge-order.ts'
import { Refusal } from '../../domain/refusal.ts'
import { days, type Instant, seconds } from '../../domain/time.ts'
import { timestamp } from '../../membership/documents/timestamp.ts'

/** The cursor of the page that begins with `next`, behind a page that ended with `last`, or was empty. */
export function cursorBefore(next: DatedPledge, last: DatedPledge | null): string {
  const whole = timestamp(next.at)
  if (last !== null && whole !== timestamp(last.at)) return whole
  const milliseconds = threeDigits(((next.at % seconds(1)) + seconds(1)) % seconds(1))
  return whole.replace('+', `.${milliseconds}${threeDigits(microsecondOf(next.pledge.patronId))}+`)
}

const threeDigits = (number: number): string => String(number).padStart(3, '0')

// A plus that nobody encoded arrives as a space.
const written = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,30}))?(Z|[-+ ]\d\d:?\d\d)?)?$/i

/** The place in the order that a cursor names. A date that says less than a microsecond is all of what it names. */
export function placeAt(cursor: string, { isDescending }: PledgeOrder): PledgePlace {
  const [, date = '', time, fraction, zone = 'Z'] = written.exec(cursor.trim()) ?? []
  const milliseconds = (fraction ?? '').slice(0, 3).padEnd(3, '0')
  const at = Date.parse(`${date}T${time ?? '00:00:00'}.${milliseconds}${zone.replace(' ', '+').toUpperCase()}`)
  if (!Number.isSafeInteger(at)) throw refused(cursor)

  const [, microsecond] = /^\d{3}(\d{3})/.exec(fraction ?? '') ?? []
  if (microsecond !== undefined) return { at, microsecond: Number(microsecond) }
  return { at: isDescending ? lastOf(at, time, fraction) : at, microsecond: null }
}

function lastOf(at: Instant, time: string | undefined, fraction: string | undefined): Instant {
  if (time === undefined) return at + days(1) - 1
  return fraction === undefined ? at + seconds(1) - 1 : at
}

const refused = (cursor: string): Refusal =>
  new Refusal('parameter_invalid', {
    message: `${JSON.stringify(cursor.slice(0, 100))} is no cursor.`,
    field: 'page[cursor]',
    expected: 'the cursor in links.next, or a date such as 2017-08-01T12:00:00+00:00',
  })
