import type { Accepted, Event, NewEvent, Sequence } from '../domain/event.ts'

/** Events that follow one another, and who listened when the last of them was accepted. */
export type JournalBatch = {
  events: Event[]
  /** An index of listeners of at least this version knows every webhook that these events are for. */
  listenersVersion: number
  /** Some of them were read before, perhaps by a process that died: their deliveries may be written already. */
  mayBeKnown: boolean
}

/** Where accepted events are durable until all their deliveries are settled. */
export interface Journal {
  /**
   * Resolves once every event is on disk. All of them are there, or none is and the promise rejects
   * with the refusal `unavailable`.
   */
  append(events: readonly NewEvent[]): Promise<Accepted[]>

  /** The sequence up to which no event has to be read again. */
  mark(): Promise<Sequence>

  /** The next events in sequence behind `after`; waits for at least one, null once `signal` aborts. */
  read(after: Sequence, limit: number, signal: AbortSignal): Promise<JournalBatch | null>

  /** Notes that every delivery of the events up to this one is in the store. Rides along with the next commit. */
  moveMark(to: Sequence): void
}
