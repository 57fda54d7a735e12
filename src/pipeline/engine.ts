import { type Clock, type Random, within } from '../clock.ts'
import type { Outcome } from '../domain/outcome.ts'
import { type Duration, seconds } from '../domain/time.ts'
import type { Journal } from '../journal/journal.ts'
import type { Settlement, Store } from '../store/store.ts'
import type { Transport } from '../transport/transport.ts'
import { Bell } from './bell.ts'
import { type Attempted, deliver } from './deliver.ts'
import { runDue } from './due.ts'
import { FanOut } from './fan-out.ts'
import { Lanes, laneWaitLimit } from './lanes.ts'
import { Listening } from './listening.ts'
import { Onlookers } from './onlookers.ts'
import { runPrune } from './prune.ts'
import { Settling } from './settle.ts'

/** How long a stop waits for answers: as long as an attempt can take. */
const stopGrace: Duration = seconds(15)

/** How long a stop waits for a store that can't be written to; what is not written down by then is done again. */
const writeGrace: Duration = seconds(5)

/** Beyond that limit, so that what waited too long is gathered a few times a second, not one by one. */
const gatherStuck: Duration = seconds(0.1)

type Tools = {
  store: Pick<Store, 'deliveries' | 'events' | 'listeners'>
  journal: Journal
  transport: Transport
  clock: Clock
  /** The machine's own, which receivers check signatures by, whatever time the rest is told. */
  machine: Clock
  /** What lengths are measured by: nobody moves it. */
  steady: Clock
  random: Random
  /** Resolves once everything else that was ready to run has had its turn. */
  endOfTurn: () => Promise<void>
  log: (message: string, error: unknown) => void
  attempted: (attempt: Attempted) => void
}

/** What the engine has in hand. */
export type Load = { planned: number; waiting: number; inFlight: number; settling: number }

/** An engine that runs. */
export type Engine = {
  load(): Load
  /** Looks for due deliveries now: somebody asked for one by hand, or resumed a webhook. */
  wake(): void
  /** How the next attempt at a webhook ends, once that is written down; null once `signal` aborts. */
  nextOutcome(webhookId: string, signal: AbortSignal): Promise<Outcome | null>
  /** Resolves when no attempt is in flight and what came of them is written down. */
  rest(): Promise<void>
  /**
   * Starts nothing new and returns when all that was in flight has been written down. Where nothing can be written any more
   * nobody waits for answers: what is in flight is done again by the next start.
   */
  stop(isBroken?: boolean): Promise<void>
}

/** Runs everything that happens after an event was accepted. */
export function startEngine(tools: Tools): Engine {
  const { store, journal, transport, clock, machine, steady, random, endOfTurn, log, attempted } = tools
  const stopped = new AbortController()
  const { signal } = stopped
  const dueBell = new Bell()
  const queueBell = new Bell()
  const listening = new Listening(store.listeners)
  const onlookers = new Onlookers()
  const written = (settlements: readonly Settlement[]) => onlookers.tell(settlements)
  const settling = new Settling({ store, clock, machine, random, noteDue: () => dueBell.ring(), written, log })
  const lanes = new Lanes((work) => deliver(work, { listening, transport, settling, clock, machine, log, attempted }), {
    now: () => steady.now(),
    queued: () => queueBell.ring(),
    freed: () => dueBell.ring(),
  })
  const fanOut = new FanOut({ journal, store, listening, lanes, settling, clock, endOfTurn, log })

  const loops = [
    fanOut.run(signal),
    runDue({ store, lanes, settling, clock, bell: dueBell, log }, signal),
    runPrune({ store, clock, log }, signal),
    giveBackStuck({ lanes, settling, steady, bell: queueBell }, signal),
  ]

  return {
    load: () => ({
      planned: fanOut.planned,
      waiting: lanes.waiting,
      inFlight: lanes.inFlight,
      settling: settling.waiting,
    }),
    wake: () => dueBell.ring(),
    nextOutcome: (webhookId, signal) => onlookers.next(webhookId, signal),
    async rest() {
      await lanes.drained()
      await settling.drained()
    },
    async stop(isBroken = false) {
      stopped.abort()
      if (isBroken) settling.abandon()
      for (const work of lanes.stop()) if (work.lease !== null) settling.postpone(work)
      if (!isBroken) await within(stopGrace, lanes.drained(), clock)
      await transport.close()
      await lanes.drained()
      await Promise.all(loops)
      if (!isBroken) await within(writeGrace, settling.drained(), clock)
      settling.abandon()
    },
  }
}

/** What a slow lane keeps waiting in memory for too long waits in the store instead. */
async function giveBackStuck(
  { lanes, settling, steady, bell }: { lanes: Lanes; settling: Settling; steady: Clock; bell: Bell },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const oldest = lanes.waitingSince()
    await bell.wait(oldest === null ? null : oldest + laneWaitLimit + gatherStuck, steady, signal)
    for (const work of lanes.takeStuck()) settling.postpone(work)
  }
}
