import type { Outcome } from '../domain/outcome.ts'
import type { Settlement } from '../store/store.ts'

/** Those who wait to see how the next attempt at a webhook ends. */
export class Onlookers {
  readonly #waiting = new Map<string, Set<(outcome: Outcome | null) => void>>()

  /** How the next attempt at this webhook ended, once that is written down; null once `signal` aborts. */
  next(webhookId: string, signal: AbortSignal): Promise<Outcome | null> {
    if (signal.aborted) return Promise.resolve(null)
    return new Promise((resolve) => {
      const others = this.#waiting.get(webhookId) ?? new Set()
      this.#waiting.set(webhookId, others)
      const leave = (outcome: Outcome | null) => {
        others.delete(leave)
        if (others.size === 0) this.#waiting.delete(webhookId)
        resolve(outcome)
      }
      others.add(leave)
      signal.addEventListener('abort', () => leave(null), { once: true })
    })
  }

  /** Tells them what has been written down. Nearly always nobody is there, and it costs nothing. */
  tell(settlements: readonly Settlement[]): void {
    if (this.#waiting.size === 0) return
    for (const { delivery, attempt } of settlements) {
      if (attempt === null) continue
      for (const leave of [...(this.#waiting.get(delivery.webhookId) ?? [])]) leave(attempt.outcome)
    }
  }
}
