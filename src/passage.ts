/**
 * How time passes when somebody moves the clock.
 *
 * It does not leap to its end. It goes from one moment at which something happens by itself, a charge or an attempt, to
 * the next, and stands still at each until nothing is on its way any more. So everything that happens in between happens
 * at its own time and in its order, a month's retries one after the other; and while the clock jumps no attempt is in
 * flight, so no lease runs out under one. A single leap was rejected: of seven retries it shows one, late.
 */
import { type Clock, within } from './clock.ts'
import { Refusal } from './domain/refusal.ts'
import { type Duration, days, type Instant, seconds } from './domain/time.ts'
import type { DueCharges } from './membership/due-charges.ts'
import type { MovableClock } from './movable-clock.ts'
import type { Load } from './pipeline/engine.ts'
import { endOfTurn } from './pipeline/turn.ts'
import type { Store } from './store/store.ts'

/** Whoever moves the clock waits so long by their own: longer than a silent receiver can take, shorter than callers give up. */
const patience: Duration = seconds(20)

/** A year and its turn can be tried out at once; a slip of the finger in the year must not, for there is no way back. */
export const farthestMove: Duration = days(400)

/** Moves the clock. */
export type Passage = {
  /** How far the clock is ahead of the machine's. */
  ahead(): Duration
  /** Lets time pass until this moment, which lies ahead; false when it takes too long and somebody must ask again. */
  to(moment: Instant): Promise<boolean>
}

type Tools = {
  clock: MovableClock
  machine: Clock
  store: Pick<Store, 'deliveries'>
  /** Null where nobody is charged by themselves. */
  charges: DueCharges | null
  /** What is on its way. */
  load: () => Load & { unwritten: number; lastSequence: number }
  /** Resolves when no attempt is in flight, or sooner. */
  rest: () => Promise<void>
}

/** Lets time pass, until `signal` aborts. */
export function passageOf(tools: Tools, signal: AbortSignal): Passage {
  const { clock, machine, load, rest, charges } = tools
  return {
    ahead: () => clock.ahead(),

    async to(moment) {
      mustBeAhead(moment, clock.now())
      const endsAt = machine.now() + patience
      while (machine.now() < endsAt && !signal.aborted) {
        if ((await charges?.take()) === false) continue
        await within(endsAt - machine.now(), rest(), machine)
        await endOfTurn()
        const next = await nextMoment(clock.now(), tools)
        // Looked at last: from here to the jump nothing else has its turn.
        if (!isQuiet(load())) continue
        if (clock.now() >= moment) break
        clock.moveTo(Math.min(next, moment))
      }
      return clock.now() >= moment
    },
  }
}

/** The way to move the clock, where there is one. */
export function passageIn({ passage }: { passage: Passage | null }): Passage {
  if (passage !== null) return passage
  throw new Refusal('clock_fixed', {
    message: 'The clock of this server is the machine’s, and nobody moves it.',
    expected: 'a server that was started with TIDINGS_CLOCK=movable, as `tidings dev` is',
  })
}

function mustBeAhead(moment: Instant, now: Instant): void {
  if (moment > now && moment <= now + farthestMove) return
  const [earliest, latest] = [now, now + farthestMove].map((at) => new Date(at).toISOString())
  throw new Refusal('field_invalid', {
    message: moment > now ? 'The clock is not moved so far at once.' : 'Time does not go back.',
    field: 'to',
    expected: `a moment after ${earliest} and not after ${latest}`,
  })
}

const isQuiet = ({ planned, lastSequence, waiting, inFlight, settling, unwritten }: ReturnType<Tools['load']>) =>
  planned === lastSequence && waiting + inFlight + settling + unwritten === 0

/** When something happens by itself next; now, where it is due and just about to. */
async function nextMoment(now: Instant, { store, charges }: Tools): Promise<Instant> {
  if ((await store.deliveries.webhooksDue(now)).length > 0) return now
  const [attemptAt, chargeAt] = [await store.deliveries.nextDueAt(now), (await charges?.nextAt()) ?? null]
  return Math.min(attemptAt ?? Number.POSITIVE_INFINITY, chargeAt ?? Number.POSITIVE_INFINITY)
}
