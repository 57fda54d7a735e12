/** Everybody whose charge is due, by the calendar or for a post, is charged: a slice at a time, each in a transaction of its own. */
import type { Clock } from '../clock.ts'
import { Refusal } from '../domain/refusal.ts'
import { days, type Instant } from '../domain/time.ts'
import type { Store } from '../store/store.ts'
import { takeCharge } from './charges.ts'
import { spreadCharges } from './creation-charges.ts'

/** What a run did; when it is not finished, another one goes on where it stopped. */
export type ChargeRun = { charged: number; ended: number; isFinished: boolean }

/** As many as share a commit well: each tells its event, and whoever else writes meanwhile waits for all of them. */
const chargesAtOnce = 25
/** One run ends within the time that a call may take; who has more members asks again. */
const chargesPerRun = 1000
/** A year and its turn can be tried out; a run into the far future would charge for ever. */
const farthestAhead = days(400)

/** Takes every charge that is due by `until`, which may lie ahead of the clock. Safe to repeat, and to run twice at once. */
export async function runCharges(
  until: Instant,
  { store, clock, linkBase }: { store: Store; clock: Clock; linkBase: string },
): Promise<ChargeRun> {
  mustBeInReach(until, clock.now())
  const taken = { charged: 0, ended: 0, passed: 0 }
  for (let looked = 0; looked < chargesPerRun; looked += chargesAtOnce) {
    const due = await store.read.members.listChargeable(until, chargesAtOnce)
    if (due.length === 0) {
      // Looked at before it is written, so that who only asks writes nothing.
      if ((await store.read.postCharges.findPass(until)) === null)
        return { charged: taken.charged, ended: taken.ended, isFinished: true }
      await store.execute(spreadCharges, { by: until }, clock.now())
    }
    const outcomes = await Promise.all(
      due.map(async ({ member: { id, nextChargeAt } }) => {
        const input = { memberId: id, dueAt: nextChargeAt ?? until, linkBase }
        return await store.execute(takeCharge, input, clock.now())
      }),
    )
    for (const outcome of outcomes) taken[outcome] += 1
  }
  return { charged: taken.charged, ended: taken.ended, isFinished: false }
}

function mustBeInReach(until: Instant, now: Instant): void {
  if (until <= now + farthestAhead) return
  throw new Refusal('field_invalid', {
    message: 'Charges are not taken so far ahead.',
    field: 'until',
    expected: `a moment within ${farthestAhead / days(1)} days from now`,
  })
}
