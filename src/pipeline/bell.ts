import type { Clock } from '../clock.ts'
import type { Instant } from '../domain/time.ts'

/** Wakes one sleeper early: rung while nobody sleeps, it wakes the next sleeper at once. */
export class Bell {
  #isRung = false
  #wake: (() => void) | null = null

  ring(): void {
    this.#isRung = true
    this.#wake?.()
  }

  /** Until it rings, until `wakeAt` (null: never by itself), or until `signal` aborts. */
  async wait(wakeAt: Instant | null, clock: Clock, signal: AbortSignal): Promise<void> {
    if (!this.#isRung && !signal.aborted) {
      const woken = new AbortController()
      // A reason of our own: without one, a DOMException with a stack would be made each time.
      const wake = () => woken.abort('woken')
      this.#wake = wake
      signal.addEventListener('abort', wake, { once: true })
      await clock.sleepUntil(wakeAt ?? Number.POSITIVE_INFINITY, woken.signal)
      signal.removeEventListener('abort', wake)
      this.#wake = null
    }
    this.#isRung = false
  }
}
