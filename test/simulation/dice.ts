import type { Random } from '#src/clock.ts'

/** All chance of one run: the same seed rolls the same numbers. It is the dice of the server under test, too. */
export class Dice implements Random {
  #a: number
  #b = 0x9e3779b9
  #c = 0x243f6a88
  #counter = 1

  constructor(seed: number) {
    this.#a = seed >>> 0
    for (let warm = 0; warm < 12; warm += 1) this.#next()
  }

  // sfc32, by Chris Doty-Humphrey (PractRand): small, fast, and without a visible pattern.
  #next(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0
    return sum >>> 0
  }

  fraction(): number {
    return this.#next() / 2 ** 32
  }

  chance(probability: number): boolean {
    return probability > 0 && this.fraction() < probability
  }

  /** A whole number in [0, limit). */
  below(limit: number): number {
    return Math.floor(this.fraction() * limit)
  }

  /** A whole number, both ends included. */
  between(lowest: number, highest: number): number {
    return lowest + this.below(highest - lowest + 1)
  }

  /** Between two positive numbers, each order of magnitude as likely as the next. */
  spread(lowest: number, highest: number): number {
    return lowest * (highest / lowest) ** this.fraction()
  }

  pick<One>(list: readonly One[]): One {
    const one = list[this.below(list.length)]
    if (one === undefined) throw new Error('nothing can be picked from an empty list')
    return one
  }

  /** Another source of chance that follows from this one, so that two parts do not take each other's numbers. */
  another(): Dice {
    return new Dice(this.#next())
  }

  id(now: number): string {
    return `${now.toString(16)}-${this.#next().toString(16)}-${this.#next().toString(16)}`
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length)
    for (let at = 0; at < length; at += 1) bytes[at] = this.#next() & 0xff
    return bytes
  }
}
