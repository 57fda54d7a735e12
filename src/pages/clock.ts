import { type Duration, days, hours, type Instant, minutes } from '../domain/time.ts'
import { turnOfMonth } from '../membership/charging.ts'
import { type Html, html } from './html.ts'
import { csrfField } from './layout.ts'
import { absolutely } from './moment.ts'

/** What time it is here, and how far that is ahead of the machine's. */
export type ClockView = { now: Instant; ahead: Duration }

/** Where an operator lets time pass. */
export const clockPart = ({ now, ahead }: ClockView, csrfToken: string): Html => html`<h2>The clock</h2>
<p>It is <time datetime="${new Date(now).toISOString()}">${absolutely(now)}</time> here,
${ahead < minutes(1) ? 'as on the machine' : html`${distance(ahead)} ahead of the machine’s clock`}.</p>
<form method="post" action="/clock/moves">
${csrfField(csrfToken)}<p id="clock-note">Let time pass: charges, trials and retries on the way happen at their own moments. There is no way back.
You stay logged in; other log-ins and tokens that are too old by then are over.</p>
<div class="buttons">
<button name="to" value="turn" aria-describedby="clock-note">Move to ${dayOf.format(turnOfMonth(now, 1))}</button>
<button class="quiet" name="to" value="day" aria-describedby="clock-note">Move by a day</button>
</div>
</form>`

const dayOf = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

function distance(length: Duration): string {
  if (length >= days(2)) return `${Math.floor(length / days(1))} days`
  if (length >= hours(2)) return `${Math.floor(length / hours(1))} hours`
  const count = Math.floor(length / minutes(1))
  return `${count} ${count === 1 ? 'minute' : 'minutes'}`
}
