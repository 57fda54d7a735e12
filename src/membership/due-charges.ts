import type { Clock } from '../clock.ts'
import { type Duration, type Instant, minutes } from '../domain/time.ts'
import type { Store } from '../store/store.ts'
import { runCharges } from './charge-run.ts'

/** A store that failed is asked again after this: charges are told as of the moment they were due, so nobody hurries. */
const retryWait: Duration = minutes(1)

/** The end of all times: the first charge that is due by then is the next. */
const everAfter: Instant = Number.MAX_SAFE_INTEGER

/** Charges that become due by the clock. */
export type DueCharges = {
  /** Takes what is due now, or as much of it as one run takes; true when nothing is left. */
  take(): Promise<boolean>
  /** When the next is due, which may be over; null while nobody is charged. */
  nextAt(): Promise<Instant | null>
}

/** The charges of all campaigns. */
export function dueCharges(tools: { store: Store; clock: Clock; linkBase: string }): DueCharges {
  const { clock, store } = tools
  return {
    take: async () => (await runCharges(clock.now(), tools)).isFinished,
    nextAt: async () => (await store.read.members.listChargeable(everAfter, 1))[0]?.member.nextChargeAt ?? null,
  }
}

type Tools = {
  charges: DueCharges
  clock: Clock
  /** Waits until this moment, or until something changed that may be due sooner. */
  sleepUntil: (moment: Instant, signal: AbortSignal) => Promise<void>
  log: (message: string, error: unknown) => void
}

/** Takes charges when their time comes, until `signal` aborts. Whatever else takes them meanwhile, each is taken once. */
export async function runDueCharges({ charges, clock, sleepUntil, log }: Tools, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      if (!(await charges.take())) continue
      await sleepUntil((await charges.nextAt()) ?? everAfter, signal)
    } catch (error) {
      log('charges that are due could not be taken; trying again in a minute', error)
      await clock.sleepUntil(clock.now() + retryWait, signal)
    }
  }
}
