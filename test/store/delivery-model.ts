import type { DeliveryKey, DeliveryStatus, Leased } from '#src/domain/delivery.ts'
import type { Fate } from './stage.ts'

type Row = {
  sequence: number
  webhookId: string
  status: DeliveryStatus
  /** When it is handed out next; for a leased one, when the lease ends. */
  wake: { at: number; isLeased: boolean } | null
}

type Standing = 'due' | 'held' | 'cancelled'

/** What a store must do with deliveries, in as few words as possible: everything in lists, nothing indexed. */
export class DeliveryModel {
  readonly #rows: Row[] = []
  readonly #paused = new Set<string>()
  readonly #deleted = new Set<string>()
  /** How far the pass over each webhook's waiting deliveries has come. */
  readonly #passes = new Map<string, number>()
  #lastTurn = 0
  #isPermitted = true

  settle(key: DeliveryKey, fate: Fate, lease: Leased | null): void {
    const row = this.#find(key)
    if (row === undefined) {
      const fresh: Row = { sequence: key.sequence, webhookId: key.webhookId, status: 'cancelled', wake: null }
      this.#rows.push(fresh)
      this.#become(fresh, fate)
    } else if (lease !== null && row.wake?.isLeased === true && row.wake.at === lease.leaseEndsAt) {
      row.wake = null
      if (row.status !== 'delivered') this.#become(row, fate)
    } else if (fate.status === 'delivered') {
      if (isOpen(row)) row.status = 'delivered'
      row.wake = null
    }
  }

  /** How many are handed out; `sequences` are those that were. */
  lease(webhookId: string, sequences: readonly number[], { now, limit }: { now: number; limit: number }): number {
    const ready = this.#waiting(webhookId, ({ at }) => at <= now).slice(0, limit)
    if (this.#standing(webhookId) !== 'due') {
      for (const row of ready) this.#divert(row)
      return 0
    }
    for (const row of ready) {
      if (sequences.includes(row.sequence)) row.wake = { at: now + 30_000, isLeased: true }
    }
    return ready.length
  }

  redeliver(key: DeliveryKey, now: number): boolean {
    const row = this.#find(key)
    if (row === undefined) return false
    if (row.status !== 'delivered') row.status = 'due'
    if (row.wake?.isLeased !== true) row.wake = { at: now, isLeased: false }
    return true
  }

  /** Webhooks take turns; each pass goes once over what waits, in sequence. */
  flush(now: number, limit: number): number {
    for (;;) {
      const ids = [...this.#passes.keys()].sort((one, other) => Number(one) - Number(other))
      const webhookId = ids.find((id) => Number(id) > this.#lastTurn) ?? ids[0]
      if (webhookId === undefined) return 0
      this.#lastTurn = Number(webhookId)
      const rows = this.#ahead(webhookId, now).slice(0, limit)
      for (const row of rows) {
        if (row.status === 'held') row.status = 'due'
        row.wake = { at: now, isLeased: false }
      }
      const passed = rows.at(-1)?.sequence
      if (passed === undefined) this.#passes.delete(webhookId)
      else this.#passes.set(webhookId, passed)
      if (rows.length > 0) return rows.length
    }
  }

  change(webhookId: string, how: 'pause' | 'resume' | 'delete'): void {
    if (how === 'pause') this.#paused.add(webhookId)
    if (how === 'delete') this.#deleted.add(webhookId)
    if (how === 'resume') this.#paused.delete(webhookId)
    if (how !== 'pause') this.#passes.set(webhookId, 0)
  }

  permit(isPermitted: boolean): void {
    this.#isPermitted = isPermitted
  }

  isDeleted(webhookId: string): boolean {
    return this.#deleted.has(webhookId)
  }

  isDue(webhookId: string, now: number): boolean {
    return this.#waiting(webhookId, ({ at }) => at <= now).length > 0
  }

  statusesOf(webhookId: string): Record<number, DeliveryStatus> {
    return Object.fromEntries(this.#of(webhookId).map(({ sequence, status }) => [sequence, status]))
  }

  countsOf(webhookId: string): { due: number; held: number } {
    const rows = this.#of(webhookId)
    return {
      due: rows.filter(({ wake }) => wake !== null).length,
      held: rows.filter(({ status }) => status === 'held').length,
    }
  }

  #become(row: Row, fate: Fate): void {
    row.status = fate.status === 'due' ? this.#standing(row.webhookId) : fate.status
    if (row.status === 'due' && fate.status === 'due') row.wake = { at: fate.dueAt, isLeased: false }
  }

  /** A redelivery of something delivered is forgotten; what is open becomes what its webhook makes of it. */
  #divert(row: Row): void {
    row.wake = null
    if (isOpen(row)) row.status = this.#standing(row.webhookId)
  }

  /** What a pass has still before it: held, or waiting for a later time. */
  #ahead(webhookId: string, now: number): Row[] {
    if (this.#paused.has(webhookId) && !this.#deleted.has(webhookId)) return []
    const passed = this.#passes.get(webhookId) ?? 0
    return this.#of(webhookId)
      .filter(({ sequence }) => sequence > passed)
      .filter(({ status, wake }) => status === 'held' || (wake !== null && wake.at > now && !wake.isLeased))
      .sort((one, other) => one.sequence - other.sequence)
  }

  #standing(webhookId: string): Standing {
    if (this.#deleted.has(webhookId) || !this.#isPermitted) return 'cancelled'
    return this.#paused.has(webhookId) ? 'held' : 'due'
  }

  #waiting(webhookId: string, isWanted: (wake: { at: number; isLeased: boolean }) => boolean): Row[] {
    return this.#of(webhookId)
      .filter(({ wake }) => wake !== null && isWanted(wake))
      .sort((one, other) => (one.wake?.at ?? 0) - (other.wake?.at ?? 0))
  }

  #of(webhookId: string): Row[] {
    return this.#rows.filter((row) => row.webhookId === webhookId).sort((one, other) => one.sequence - other.sequence)
  }

  #find({ sequence, webhookId }: DeliveryKey): Row | undefined {
    return this.#rows.find((row) => row.sequence === sequence && row.webhookId === webhookId)
  }
}

const isOpen = ({ status }: Row): boolean => status === 'due' || status === 'held'
