/** What publishers were told of their events, and what follows from it. */
import type { Accepted, Sequence } from '#src/domain/event.ts'
import type { Posted } from '#src/pipeline/accept.ts'
import type { Court } from './court.ts'

/** Everything that somebody learnt to be accepted. */
export class Answers {
  readonly #court: Court
  readonly #acknowledged = new Set<Sequence>()
  /** By the name that it was posted under. */
  readonly #byName = new Map<string, Sequence>()

  constructor(court: Court) {
    this.#court = court
  }

  /** Somebody learnt what came of an event: it is there, for good, as it was posted, and there is no other of its name. */
  learnt(posted: Posted, answer: Accepted): void {
    const { ledger, fail } = this.#court
    const { tenant, id, idempotencyKey } = posted
    const name = id ?? idempotencyKey
    const key = `${tenant} ${id === null ? 'key' : 'id'} ${name}`
    const first = name === null ? undefined : this.#byName.get(key)
    const wasHere = first !== undefined && !ledger.dropped.has(first)
    if (answer.kind === 'taken') {
      if (!wasHere || this.#isTheSame(posted, first)) fail(`${key} is said to be taken, and it is free`)
      return
    }
    const { sequence } = answer
    if (!this.#isTheSame(posted, sequence)) fail(`event ${sequence} was accepted, and it is not there as it was posted`)
    if (!ledger.events.has(sequence)) fail(`event ${sequence} was accepted before it was on disk`)
    if (wasHere && first !== sequence) fail(`events ${first} and ${sequence} are one, accepted twice`)
    this.#acknowledged.add(sequence)
    this.#byName.set(key, sequence)
  }

  #isTheSame({ tenant, trigger, body }: Posted, sequence: Sequence): boolean {
    const { ledger, reads } = this.#court
    const kept = reads.now.event(sequence) ?? ledger.events.get(sequence)?.event
    return kept?.tenant === tenant && kept.trigger === trigger && Buffer.compare(kept.body, body) === 0
  }

  /** Whatever was accepted has survived. */
  mustBeThere(): void {
    const { ledger, reads, fail } = this.#court
    const lost = [...this.#acknowledged].find((one) => !ledger.dropped.has(one) && reads.now.event(one) === null)
    if (lost !== undefined) fail(`event ${lost} was accepted, and it is lost`)
  }
}
