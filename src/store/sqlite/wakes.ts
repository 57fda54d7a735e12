import type { Instant } from '../../domain/time.ts'

/** When something is due next, for each webhook that has something due. */
export class Wakes {
  readonly #next = new Map<string, Instant>()

  note(wakes: readonly (readonly [webhookId: string, wakeAt: Instant | null])[]): void {
    for (const [webhookId, wakeAt] of wakes) {
      if (wakeAt === null) this.#next.delete(webhookId)
      else this.#next.set(webhookId, wakeAt)
    }
  }

  /** The longest waiting first. */
  dueAt(now: Instant): string[] {
    return [...this.#next]
      .filter(([, wakeAt]) => wakeAt <= now)
      .sort(([, one], [, other]) => one - other)
      .map(([webhookId]) => webhookId)
  }

  nextAfter(now: Instant): Instant | null {
    let next: Instant | null = null
    for (const wakeAt of this.#next.values()) if (wakeAt > now && (next === null || wakeAt < next)) next = wakeAt
    return next
  }
}
