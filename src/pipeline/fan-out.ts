import type { Clock } from '../clock.ts'
import { type DeliveryKey, deliveryId } from '../domain/delivery.ts'
import type { Event, Sequence } from '../domain/event.ts'
import { type Duration, seconds } from '../domain/time.ts'
import type { Journal, JournalBatch } from '../journal/journal.ts'
import type { Store } from '../store/store.ts'
import type { Lanes } from './lanes.ts'
import type { Listening } from './listening.ts'
import { Progress } from './progress.ts'
import type { Settling } from './settle.ts'

/** How many events are planned at a time. */
const batchLimit = 500

/**
 * After so many deliveries whoever waits at the door gets a turn: their events are on their way to the disk while these
 * are being sent, so that neither the disk nor the processor waits for the other.
 */
const turnLimit = 32

/** A store that can't be read is asked again after this; nobody gives up. */
const retryWait: Duration = seconds(1)

/** After so many deliveries planning waits until there is room for more, so that it does not take all memory at once. */
const sliceLimit = 1_000

type Tools = {
  journal: Journal
  store: Pick<Store, 'deliveries'>
  listening: Listening
  lanes: Lanes
  settling: Settling
  clock: Clock
  /** Resolves once everything else that was ready to run has had its turn. */
  endOfTurn: () => Promise<void>
  log: (message: string, error: unknown) => void
}

/** Plans one delivery for each webhook that hears an event, from the journal's mark onwards, until `signal` aborts. */
export class FanOut {
  readonly #tools
  #planned: Sequence = 0

  constructor(tools: Tools) {
    this.#tools = tools
  }

  /** Every event up to this one has been planned. */
  get planned(): Sequence {
    return this.#planned
  }

  async run(signal: AbortSignal): Promise<void> {
    const { journal } = this.#tools
    const progress = new Progress((to) => journal.moveMark(to))
    this.#planned = (await this.#patiently(() => journal.mark(), signal)) ?? 0

    for (;;) {
      const batch = await this.#patiently(() => journal.read(this.#planned, batchLimit, signal), signal)
      if (batch === null) return
      const known = await this.#patiently(() => this.#prepare(batch), signal)
      if (known === null) return
      await this.#plan(batch, { known, progress, signal })
    }
  }

  /** Tries until it can; null once `signal` aborts. Nobody gives up because a store could not be read for a while. */
  async #patiently<Result>(read: () => Promise<Result>, signal: AbortSignal): Promise<Result | null> {
    const { clock, log } = this.#tools
    while (!signal.aborted) {
      try {
        return await read()
      } catch (error) {
        log('events could not be planned; trying again', error)
        await clock.sleepUntil(clock.now() + retryWait, signal)
      }
    }
    return null
  }

  async #plan(
    { events }: JournalBatch,
    { known, progress, signal }: { known: ReadonlySet<string>; progress: Progress; signal: AbortSignal },
  ): Promise<void> {
    const { listening, settling, endOfTurn } = this.#tools
    const last = events.at(-1)?.sequence ?? this.#planned
    const open = progress.begin(last)
    let handed = 0
    for (const event of events) {
      for (const { webhookId } of listening.hearing(event)) {
        if (known.has(deliveryId({ sequence: event.sequence, webhookId }))) continue
        this.#hand(event, webhookId, open)
        handed += 1
        if (handed % turnLimit === 0) await endOfTurn()
        if (handed % sliceLimit === 0) await settling.room(signal)
      }
    }
    open.close()
    this.#planned = last
    await settling.room(signal)
  }

  /** Brings the index up to date, and finds what is written already. */
  async #prepare({ events, listenersVersion, mayBeKnown }: JournalBatch): Promise<ReadonlySet<string>> {
    await this.#tools.listening.catchUp(listenersVersion)
    return mayBeKnown ? await this.#known(events) : new Set()
  }

  #hand(event: Event, webhookId: string, open: { add(): () => void }): void {
    const { lanes, settling } = this.#tools
    const work = { event, webhookId, attemptsMade: 0, lease: null, done: open.add() }
    // A full lane's deliveries wait in the store, so that the journal never waits for a slow receiver.
    if (!lanes.offer(work)) settling.postpone(work)
  }

  async #known(events: readonly Event[]): Promise<Set<string>> {
    const [first, last] = [events[0], events.at(-1)]
    if (first === undefined || last === undefined) return new Set()
    const keys: DeliveryKey[] = await this.#tools.store.deliveries.listKnown(first.sequence, last.sequence)
    return new Set(keys.map(deliveryId))
  }
}
