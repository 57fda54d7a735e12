import type { Clock, Random } from '../clock.ts'
import { type Attempt, type Delivery, deliveryId, settle } from '../domain/delivery.ts'
import { verdictOn } from '../domain/outcome.ts'
import { Refusal } from '../domain/refusal.ts'
import { type ScheduleName, schedules } from '../domain/retry-schedule.ts'
import { type Duration, seconds } from '../domain/time.ts'
import type { PauseReason } from '../domain/webhook.ts'
import type { Settlement, Store } from '../store/store.ts'
import type { Work } from './work.ts'

/** So many go into one commit at most, so that an accept never waits long behind them. */
const batchLimit = 1_000

/** When more than this waits to be written, fan-out waits too. */
const waitingLimit = 10_000

/** A store that can't be written to is asked again after this; nobody gives up. */
const retryWait: Duration = seconds(1)

type Tools = {
  store: Pick<Store, 'deliveries'>
  clock: Clock
  /** The machine's own, which is what receivers have. */
  machine: Clock
  random: Random
  /** Told when something may have become due. */
  noteDue: () => void
  /** Told what has been written down. */
  written: (settlements: readonly Settlement[]) => void
  log: (message: string, error: unknown) => void
}

type Waiting = { settlement: Settlement; done: () => void }

/** Writes down what came of deliveries, many in one commit. */
export class Settling {
  readonly #tools
  #waiting: Waiting[] = []
  #isWriting = false
  #roomWanted: (() => void)[] = []
  readonly #abandoned = new AbortController()

  constructor(tools: Tools) {
    this.#tools = tools
  }

  /** How many are not written down yet. */
  waiting = 0

  /** An attempt is over: decides what becomes of its delivery. */
  settle(work: Work, { startedAt, outcome }: Omit<Attempt, 'number'>, schedule: ScheduleName): void {
    const { clock, machine, random } = this.#tools
    const number = work.attemptsMade + 1
    const verdict = verdictOn(outcome)
    const { delivery, pauses } = settle({ ...keyOf(work), attemptsMade: number }, outcome, {
      now: clock.now(),
      receiverNow: machine.now(),
      // Only a wait is spread.
      fraction: verdict === 'try-again' ? random.fraction() : 0,
      schedule: schedules[schedule],
    })
    const reason: PauseReason = verdict === 'gone' ? 'gone' : 'exhausted'
    this.#add(work, { delivery, attempt: { number, startedAt, outcome }, pause: pauses ? reason : null })
  }

  /** No attempt was made: it waits in the store, due at once or after a wait. */
  postpone(work: Work, wait: Duration = 0): void {
    const delivery: Delivery = {
      ...keyOf(work),
      status: 'due',
      attemptsMade: work.attemptsMade,
      dueAt: this.#tools.clock.now() + wait,
    }
    this.#add(work, { delivery, attempt: null, pause: null })
  }

  /** Resolves when everything is written down. */
  async drained(): Promise<void> {
    while (this.waiting > 0) await new Promise<void>((resolve) => this.#roomWanted.push(resolve))
  }

  /** Tries no longer to write down what can't be written: the journal's mark stays before it, so it is done again. */
  abandon(): void {
    this.#abandoned.abort()
  }

  /** Resolves when there is room for more, or when `signal` aborts. */
  async room(signal: AbortSignal): Promise<void> {
    while (this.waiting > waitingLimit && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const resume = () => {
          signal.removeEventListener('abort', resume)
          resolve()
        }
        this.#roomWanted.push(resume)
        signal.addEventListener('abort', resume, { once: true })
      })
    }
  }

  #add(work: Work, settlement: Omit<Settlement, 'lease'>): void {
    this.#waiting.push({ settlement: { ...settlement, lease: work.lease }, done: work.done })
    this.waiting += 1
    if (!this.#isWriting) void this.#write()
  }

  async #write(): Promise<void> {
    this.#isWriting = true
    while (this.#waiting.length > 0) {
      if (!(await this.#writeDown(this.#waiting.splice(0, batchLimit)))) return
    }
    this.#isWriting = false
  }

  /**
   * Until it is written: what a receiver saw must not be forgotten because the disk was full for a while. What can't be
   * written through a mistake of ours is looked for by halves and left alone, so that it keeps nobody else waiting; its
   * event stays in front of the journal's mark or under its lease, and is done again. False when it was abandoned.
   */
  async #writeDown(batch: readonly Waiting[]): Promise<boolean> {
    const { clock, log } = this.#tools
    const { signal } = this.#abandoned
    while (!signal.aborted) {
      const fault = await this.#commit(batch)
      if (fault === null) return true
      if (fault instanceof Refusal) {
        log(`${batch.length} settlements could not be written; trying again`, fault)
        await clock.sleepUntil(clock.now() + retryWait, signal)
      } else if (batch.length > 1) {
        const middle = Math.ceil(batch.length / 2)
        return (await this.#writeDown(batch.slice(0, middle))) && (await this.#writeDown(batch.slice(middle)))
      } else {
        log(`what came of ${deliveryIdsOf(batch)} can't be written down; it is done again later`, fault)
        this.#leave(batch)
        return true
      }
    }
    return false
  }

  /** Null when it is written, and whoever waited for that has been told; otherwise what went wrong. */
  async #commit(batch: readonly Waiting[]): Promise<unknown> {
    const { store, clock, noteDue, written } = this.#tools
    const settlements = batch.map(({ settlement }) => settlement)
    let isDueChanged: boolean
    try {
      isDueChanged = await store.deliveries.settle(settlements, clock.now())
    } catch (error) {
      return error
    }
    if (isDueChanged) noteDue()
    written(settlements)
    for (const { done } of batch) done()
    this.#leave(batch)
    return null
  }

  #leave(batch: readonly Waiting[]): void {
    this.waiting -= batch.length
    for (const resume of this.#roomWanted.splice(0)) resume()
  }
}

const deliveryIdsOf = (batch: readonly Waiting[]): string =>
  batch.map(({ settlement }) => deliveryId(settlement.delivery)).join(', ')

const keyOf = ({ event, webhookId }: Work) => ({ sequence: event.sequence, webhookId })
