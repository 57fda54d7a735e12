/**
 * Virtual time, and everything that is still to happen in it.
 *
 * Whatever the simulated adapters promise is kept by a step of this scheduler. Steps run one after another, in the order
 * of their time; among those of the same time the seed decides. After each step Node runs every microtask that it caused
 * before the next immediate, so the code under test comes to rest between two steps and a run depends on its seed alone.
 */
import type { Duration, Instant } from '#src/domain/time.ts'
import type { Dice } from './dice.ts'

type Step = { at: Instant; tie: number; label: string; run: (() => void) | null }

/** Immediates armed at a time: arming each one alone would cost more than a step. */
const armedAtOnce = 64

/** Runs steps in the order that the seed gives them. */
export class Scheduler {
  now: Instant
  /** How many steps have run. */
  steps = 0
  /** Two runs with the same seed have the same trace. */
  trace = 17
  readonly #dice: Dice
  readonly #heap: Step[] = []

  constructor(dice: Dice, now: Instant) {
    this.#dice = dice
    this.now = now
  }

  /** Runs something later; after no time at all it is still a step of its own. What is called in return cancels it. */
  after(wait: Duration, label: string, run: () => void): () => void {
    const step: Step = { at: this.now + Math.max(0, Math.ceil(wait)), tie: this.#dice.fraction(), label, run }
    this.#push(step)
    return () => {
      step.run = null
    }
  }

  /** Runs steps until `isOver` says so, or nothing is left to do. */
  async run(isOver: () => boolean): Promise<void> {
    let hasMore = true
    const one = () => {
      hasMore = hasMore && !isOver() && this.#step()
    }
    while (hasMore) {
      for (let armed = 1; armed < armedAtOnce; armed += 1) setImmediate(one)
      await new Promise<void>((resolve) => setImmediate(resolve))
    }
  }

  #step(): boolean {
    let step = this.#pop()
    while (step?.run === null) step = this.#pop()
    if (step === undefined) return false
    this.now = step.at
    this.steps += 1
    this.trace = (Math.imul(this.trace ^ step.at, 0x01000193) ^ hashOf(step.label)) | 0
    step.run?.()
    return true
  }

  #push(step: Step): void {
    const heap = this.#heap
    let at = heap.push(step) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !isBefore(step, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = step
  }

  #pop(): Step | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || first === last) return first
    this.#sink(last)
    return first
  }

  #sink(step: Step): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      const left = heap[2 * at + 1]
      const right = heap[2 * at + 2]
      if (left === undefined) break
      const isRight = right !== undefined && isBefore(right, left)
      const child = isRight ? right : left
      if (!isBefore(child, step)) break
      heap[at] = child
      at = 2 * at + (isRight ? 2 : 1)
    }
    heap[at] = step
  }
}

const isBefore = (one: Step, other: Step): boolean => one.at < other.at || (one.at === other.at && one.tie < other.tie)

function hashOf(label: string): number {
  let hash = 7
  for (let at = 0; at < label.length; at += 1) hash = (Math.imul(hash, 31) + label.charCodeAt(at)) | 0
  return hash
}
