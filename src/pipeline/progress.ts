import type { Sequence } from '../domain/event.ts'

/** Batches in the order they were planned; the journal's mark follows the oldest that is not settled yet. */
export class Progress {
  readonly #moveMark: (to: Sequence) => void
  readonly #batches: { to: Sequence; open: number }[] = []

  constructor(moveMark: (to: Sequence) => void) {
    this.#moveMark = moveMark
  }

  /** Begins a batch that ends at `to`; it stays open until it is closed and all that was added is done. */
  begin(to: Sequence): { add(): () => void; close(): void } {
    const batch = { to, open: 1 }
    this.#batches.push(batch)
    const done = () => {
      batch.open -= 1
      if (batch.open === 0) this.#advance()
    }
    return {
      add() {
        batch.open += 1
        return done
      },
      close: done,
    }
  }

  #advance(): void {
    let mark: Sequence | null = null
    while (this.#batches[0]?.open === 0) mark = this.#batches.shift()?.to ?? mark
    if (mark !== null) this.#moveMark(mark)
  }
}
