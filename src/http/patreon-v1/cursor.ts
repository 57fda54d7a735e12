/**
 * Where a page of pledges begins: the moment of its first pledge, as a date that is included ("start where the first
 * attribute in `sort` equals this value").
 *
 * Many pledges may share a moment, and a date alone would then skip or repeat some of them. So a cursor is as fine as
 * it must be: whole seconds where the page before ended in another second, which is nearly always; else six digits of
 * a fraction; and only between two pledges of the same millisecond fifteen digits more, which name the patron that the
 * page begins with. To whoever reads a date these lie far below a microsecond, so it is the true moment. Who cuts it
 * there and sends it back begins with the first pledge of that moment: some come twice, none is lost.
 *
 * A second parameter beside the cursor was rejected: clients take `page[cursor]` out of `links.next` and drop the rest.
 */
import type { DatedPledge, PledgeOrder, PledgePlace } from '../../domain/pledge-order.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Instant } from '../../domain/time.ts'
import { timestamp } from '../../membership/documents/timestamp.ts'

const microsecondDigits = 6
/** As many as an id may have. */
const patronDigits = 15

/** The cursor of the page that begins with `next`, behind a page that ended with `last`. */
export function cursorBefore(next: DatedPledge, last: DatedPledge): string {
  const whole = timestamp(next.at)
  if (whole !== timestamp(last.at)) return whole
  const fraction = String(((next.at % second) + second) % second)
    .padStart(3, '0')
    .padEnd(microsecondDigits, '0')
  const patron = next.at === last.at ? next.pledge.patronId.padStart(patronDigits, '0') : ''
  return whole.replace('+', `.${fraction}${patron}+`)
}

const second = 1000
const day = 86_400_000

// A plus that nobody encoded arrives as a space.
const written = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,30}))?(Z|[-+ ]\d\d:?\d\d)?)?$/i

/** The place in the order that a cursor names. A date that says less than a millisecond is all of its day or second. */
export function placeAt(cursor: string, { isDescending }: PledgeOrder): PledgePlace {
  const [, date = '', time, fraction, zone = 'Z'] = written.exec(cursor.trim()) ?? []
  const milliseconds = (fraction ?? '').slice(0, 3).padEnd(3, '0')
  const at = Date.parse(`${date}T${time ?? '00:00:00'}.${milliseconds}${zone.replace(' ', '+').toUpperCase()}`)
  if (!Number.isSafeInteger(at)) throw refused(cursor)

  const isExact = fraction?.length === microsecondDigits + patronDigits
  if (isExact) return { at, patronId: String(Number(fraction.slice(microsecondDigits))) }
  return { at: isDescending ? lastOf(at, time, fraction) : at, patronId: null }
}

function lastOf(at: Instant, time: string | undefined, fraction: string | undefined): Instant {
  if (time === undefined) return at + day - 1
  return fraction === undefined ? at + second - 1 : at
}

const refused = (cursor: string): Refusal =>
  new Refusal('parameter_invalid', {
    message: `${JSON.stringify(cursor.slice(0, 100))} is no cursor.`,
    field: 'page[cursor]',
    expected: 'the cursor in links.next, or a date such as 2017-08-01T12:00:00+00:00',
  })
