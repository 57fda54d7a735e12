/** Whether a world has come to rest: everything that was accepted has ended with everybody who hears it. */
import type { Sequence } from '#src/domain/event.ts'
import type { Court } from './court.ts'

/** What has to have come to an end: everything, or everything whose webhook is not paused. */
export type Rest = 'all' | 'but what is held'

/** Looks at what has not ended yet, and not again at what has. */
export class Unsettled {
  readonly #court: Court
  readonly #unsettled = new Set<Sequence>()
  #seen: Sequence = 0

  constructor(court: Court) {
    this.#court = court
  }

  isEmpty(what: Rest): boolean {
    const { ledger } = this.#court
    while (this.#seen < ledger.lastSequence) this.#unsettled.add((this.#seen += 1))
    for (const sequence of this.#unsettled) if (this.#open(sequence, 'all') === null) this.#unsettled.delete(sequence)
    return what === 'all' ? this.#unsettled.size === 0 : this.#first(what) === null
  }

  /** One that has not come to an end, and how it stands. */
  inWords(what: Rest): string {
    const first = this.#first(what)
    if (first === null) return 'nothing'
    const state = this.#court.reads.now.delivery(first)
    return `${first.sequence}-${first.webhookId}, which is ${JSON.stringify(state)},`
  }

  /** Where nothing went wrong everything has arrived. */
  mustBeDelivered(): void {
    const { ledger, reads, fail } = this.#court
    for (const [sequence, { hearers }] of ledger.events) {
      if (ledger.dropped.has(sequence)) continue
      const missing = hearers.find((webhookId) => reads.now.delivery({ sequence, webhookId })?.status !== 'delivered')
      if (missing !== undefined) fail(`nothing went wrong, and ${sequence}-${missing} is not delivered`)
    }
  }

  #first(what: Rest): { sequence: Sequence; webhookId: string } | null {
    for (const sequence of this.#unsettled) {
      const webhookId = this.#open(sequence, what)
      if (webhookId !== null) return { sequence, webhookId }
    }
    return null
  }

  /** The first webhook with which an event has not come to an end. */
  #open(sequence: Sequence, what: Rest): string | null {
    const { ledger } = this.#court
    if (ledger.dropped.has(sequence)) return null
    const hearers = ledger.events.get(sequence)?.hearers ?? []
    return hearers.find((webhookId) => this.#isOpen({ sequence, webhookId }, what)) ?? null
  }

  #isOpen(key: { sequence: Sequence; webhookId: string }, what: Rest): boolean {
    const { ledger, reads } = this.#court
    const state = reads.now.delivery(key)
    if (state !== null) return state.status === 'due' || (state.status === 'held' && what === 'all')
    const story = ledger.webhooks.get(key.webhookId)
    return story !== undefined && !ledger.mayBeMissing(story, key.sequence)
  }
}
