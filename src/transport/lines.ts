import type { Clock } from '../clock.ts'
import { type Duration, type Instant, minutes } from '../domain/time.ts'
import type { Line } from './line.ts'

/** One origin may be many webhooks, each with eight requests in flight; beyond four of them they take turns. */
export const linesPerOrigin = 32

/** A socket older than this is not used again, so that a name that has moved is followed. */
const lineLifeLength: Duration = minutes(5)

/** Someone who needs a line to an origin. */
export type Passenger = {
  readonly origin: string
  readonly startedAt: Instant
  board(line: Line): void
}

/** What the lines are made of and bounded by. */
export type LinesSettings = {
  clock: Clock
  /** How many lines there may be in all. */
  atMost: number
  makeLine: (origin: string, onHangUp: (line: Line) => void) => Line
}

type Stand = { lines: Set<Line>; idle: Line[]; waiting: Set<Passenger> }

/**
 * All lines to all receivers.
 *
 * An array of clients per origin costs less than half of undici's pools when
 * there are many origins, and only here can all of them be bounded together.
 * When the bound is reached, the line that has been idle longest makes room;
 * when none is idle, whoever has waited longest gets the next that is free.
 */
export class Lines {
  readonly #settings: LinesSettings
  readonly #stands = new Map<string, Stand>()
  // In the order in which they became idle.
  readonly #idle = new Set<Line>()
  // For whom the bound on all lines left no room; those in `waiting` met their origin's own.
  readonly #stranded = new Set<Passenger>()
  // Those that are being closed.
  readonly #leaving = new Set<Promise<void>>()
  #count = 0

  constructor(settings: LinesSettings) {
    this.#settings = settings
  }

  /** Gives a passenger a line, now or when one is free. */
  seat(passenger: Passenger): void {
    const stand = this.#stands.get(passenger.origin)
    const idle = stand === undefined ? null : this.#takeIdle(stand)
    if (idle !== null) return passenger.board(idle)

    if (stand !== undefined && stand.lines.size >= linesPerOrigin) stand.waiting.add(passenger)
    else if (this.#hasRoom()) passenger.board(this.#addLine(passenger.origin))
    else this.#stranded.add(passenger)
  }

  /** A passenger no longer wants a line. */
  leave(passenger: Passenger): void {
    this.#stranded.delete(passenger)
    const stand = this.#stands.get(passenger.origin)
    stand?.waiting.delete(passenger)
    this.#forgetIfEmpty(passenger.origin, stand)
  }

  /** A line has done its work and can do more. */
  release(line: Line): void {
    this.#stands.get(line.origin)?.idle.push(line)
    this.#idle.add(line)
    this.#seatNext(line.origin)
  }

  /** A line is not to be used again. */
  discard(line: Line): void {
    this.#remove(line)
    this.#seatNext(line.origin)
  }

  /** Closes all lines, and resolves when the last socket is closed. */
  async close(): Promise<void> {
    const lines = [...this.#stands.values()].flatMap((stand) => [...stand.lines])
    for (const line of lines) this.#remove(line)
    await Promise.all(this.#leaving)
  }

  // The freshest first, so that the others grow old and are closed.
  #takeIdle(stand: Stand): Line | null {
    for (let line = stand.idle.pop(); line !== undefined; line = stand.idle.pop()) {
      this.#idle.delete(line)
      if (!this.#isTooOld(line)) return line
      this.#remove(line)
    }
    return null
  }

  #isTooOld(line: Line): boolean {
    return this.#settings.clock.now() - line.connectedAt > lineLifeLength
  }

  #hasRoom(): boolean {
    if (this.#count < this.#settings.atMost) return true
    const [longestIdle] = this.#idle
    if (longestIdle === undefined) return false
    this.#remove(longestIdle)
    return true
  }

  #addLine(origin: string): Line {
    const line = this.#settings.makeLine(origin, this.#hungUp)
    this.#standOf(origin).lines.add(line)
    this.#count += 1
    return line
  }

  // A busy line's passenger hears of it and decides; an idle line is of no more use.
  readonly #hungUp = (line: Line): void => {
    if (this.#idle.has(line)) this.discard(line)
  }

  #remove(line: Line): void {
    const stand = this.#stands.get(line.origin)
    if (stand?.lines.delete(line) !== true) return
    this.#count -= 1
    if (this.#idle.delete(line)) stand.idle = stand.idle.filter((other) => other !== line)
    this.#forgetIfEmpty(line.origin, stand)
    const left = line.destroy().finally(() => this.#leaving.delete(left))
    this.#leaving.add(left)
  }

  #seatNext(origin: string): void {
    const next = longerWaiting(firstOf(this.#stands.get(origin)?.waiting), firstOf(this.#stranded))
    if (next === undefined) return
    this.leave(next)
    this.seat(next)
  }

  #standOf(origin: string): Stand {
    const known = this.#stands.get(origin)
    if (known !== undefined) return known
    const stand = { lines: new Set<Line>(), idle: [], waiting: new Set<Passenger>() }
    this.#stands.set(origin, stand)
    return stand
  }

  #forgetIfEmpty(origin: string, stand: Stand | undefined): void {
    if (stand?.lines.size === 0 && stand.waiting.size === 0) this.#stands.delete(origin)
  }
}

function firstOf(passengers: ReadonlySet<Passenger> | undefined): Passenger | undefined {
  return passengers === undefined || passengers.size === 0 ? undefined : passengers.values().next().value
}

function longerWaiting(one: Passenger | undefined, other: Passenger | undefined): Passenger | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one.startedAt <= other.startedAt ? one : other
}
