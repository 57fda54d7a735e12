import type { Leased } from '../domain/delivery.ts'
import type { Event } from '../domain/event.ts'

/** One delivery in this process's hands. */
export type Work = {
  event: Event
  webhookId: string
  attemptsMade: number
  /** Null straight from the journal. */
  lease: Leased | null
  /** Called once what came of it is in the store. */
  done: () => void
}
