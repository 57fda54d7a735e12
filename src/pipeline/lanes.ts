/**
 * Lanes: one for each webhook, with its own limit of requests in flight.
 *
 * Lanes that have something to send and a free hand stand in a ring and take turns, so a busy webhook can't starve a
 * quiet one; slow webhooks have a ring and a share of the hands of their own (`patience.ts`). What waits here is memory;
 * a lane that does not move gives its waiting deliveries back, to wait in the store.
 */
import { bytesOf } from '../domain/event.ts'
import { type Duration, type Instant, seconds } from '../domain/time.ts'
import { type Flight, type Hands, Patience, type Standing, standings } from './patience.ts'
import type { Work } from './work.ts'

/** Requests in flight to one webhook: enough for a healthy receiver, bearable for a weak one. */
const inFlightPerWebhook = 8

/** Deliveries that may wait in one lane, and in all of them: memory for bursts. */
const waitingPerLane = 8_192
const waitingInAll = 32_768

/** Their bodies, in all: beyond it they wait in the store. */
const waitingBytesInAll = 64 * 1024 * 1024

/** A delivery that waited for so long in memory waits in the store from then on. */
export const laneWaitLimit: Duration = seconds(2)

type Lane = {
  readonly webhookId: string
  waiting: { work: Work; since: Instant }[]
  inFlight: number
  standing: Standing
  isInRing: boolean
}

/** All lanes of a process. */
export class Lanes {
  readonly #send: (work: Work) => Promise<void>
  readonly #now: () => Instant
  readonly #queued: () => void
  readonly #freed: () => void
  #drained: (() => void)[] = []
  readonly #lanes = new Map<string, Lane>()
  readonly #patience = new Patience<Lane>()
  readonly #rings: Record<Standing, Lane[]> = { quick: [], unknown: [], slow: [] }
  #turns = 0
  #isStopped = false
  #owed: ReadonlySet<string> = new Set()
  waiting = 0
  #waitingBytes = 0

  /** `send` makes one attempt and never rejects. `queued`: something waits now; `freed`: a lane that something is owed has room. */
  constructor(
    send: (work: Work) => Promise<void>,
    { now, queued, freed }: { now: () => Instant; queued: () => void; freed: () => void },
  ) {
    this.#queued = queued
    this.#send = send
    this.#now = now
    this.#freed = freed
  }

  /** False when the lane is full: the delivery stays with the caller. */
  offer(work: Work): boolean {
    if (this.#isStopped) return false
    const lane = this.#lane(work.webhookId)
    if (!this.#canStart(lane, work) && this.#isFull(lane)) return false

    // What was leased is older than what comes from the journal.
    if (work.lease === null) lane.waiting.push({ work, since: this.#now() })
    else lane.waiting.unshift({ work, since: this.#now() })
    this.waiting += 1
    this.#waitingBytes += bytesOf(work.event)
    this.#enterRing(lane)
    this.#turn()
    if (this.waiting === 1) this.#queued()
    return true
  }

  get inFlight(): number {
    return this.#patience.inFlight
  }

  /** The hands that are free. What waits in a lane waits for that lane, not for a hand. */
  hands(): Hands {
    return this.#patience.hands()
  }

  /** How many leased deliveries of one webhook could be sent at once, and at most so many; takes them from the free hands. */
  take(webhookId: string, free: Hands, atMost: number): number {
    if (this.#isStopped) return 0
    const lane = this.#lanes.get(webhookId)
    const standing = lane?.standing ?? this.#patience.standingOf(webhookId)
    const taken = Math.max(0, Math.min(atMost, inFlightPerWebhook - (lane?.inFlight ?? 0), free.for(standing)))
    free.take(taken, standing)
    return taken
  }

  /**
   * These webhooks have something due in the store that found no room. In their lanes one hand is kept free of what
   * comes from the journal, so that new events can't starve old ones; `freed` is called when there is room.
   */
  owe(webhookIds: readonly string[]): void {
    const before = this.#owed
    this.#owed = new Set(webhookIds)
    for (const webhookId of before) {
      const lane = this.#lanes.get(webhookId)
      if (lane !== undefined && !this.#owed.has(webhookId)) this.#enterRing(lane)
    }
    this.#turn()
  }

  /** Since when the longest waiting delivery waits; null when none does. */
  waitingSince(): Instant | null {
    if (this.waiting === 0) return null
    let since: Instant | null = null
    for (const lane of this.#lanes.values()) {
      const oldest = lane.waiting[0]?.since
      if (oldest !== undefined && (since === null || oldest < since)) since = oldest
    }
    return since
  }

  /** Resolves when nothing is in flight. */
  drained(): Promise<void> {
    return this.inFlight === 0 ? Promise.resolve() : new Promise((resolve) => this.#drained.push(resolve))
  }

  /** Gives back what waited too long. */
  takeStuck(): Work[] {
    const before = this.#now() - laneWaitLimit
    return this.#takeWaiting(({ since }) => since <= before)
  }

  /** Starts nothing any more and gives back what has not been started. */
  stop(): Work[] {
    this.#isStopped = true
    return this.#takeWaiting(() => true)
  }

  #takeWaiting(isTaken: (waiting: Lane['waiting'][number]) => boolean): Work[] {
    const taken: Work[] = []
    for (const lane of this.#lanes.values()) {
      if (!lane.waiting.some(isTaken)) continue
      taken.push(...lane.waiting.filter(isTaken).map(({ work }) => work))
      lane.waiting = lane.waiting.filter((waiting) => !isTaken(waiting))
    }
    for (const lane of this.#lanes.values()) if (isIdle(lane)) this.#lanes.delete(lane.webhookId)
    this.waiting -= taken.length
    for (const { event } of taken) this.#waitingBytes -= bytesOf(event)
    return taken
  }

  #lane(webhookId: string): Lane {
    const found = this.#lanes.get(webhookId)
    if (found !== undefined) return found
    const standing = this.#patience.standingOf(webhookId)
    const lane: Lane = { webhookId, waiting: [], inFlight: 0, standing, isInRing: false }
    this.#lanes.set(webhookId, lane)
    return lane
  }

  #isFull(lane: Lane): boolean {
    const isCrowded = this.waiting >= waitingInAll || this.#waitingBytes >= waitingBytesInAll
    return isCrowded || lane.waiting.length >= waitingPerLane
  }

  #canStart(lane: Lane, work: Work): boolean {
    return lane.waiting.length === 0 && this.#hasHand(lane, work) && this.#patience.isHandFree(lane.standing)
  }

  #hasHand(lane: Lane, { lease }: Work): boolean {
    const kept = lease === null && this.#owed.has(lane.webhookId) ? 1 : 0
    return lane.inFlight < inFlightPerWebhook - kept
  }

  #enterRing(lane: Lane): void {
    const next = lane.waiting[0]
    if (lane.isInRing || next === undefined || !this.#hasHand(lane, next.work)) return
    lane.isInRing = true
    this.#rings[lane.standing].push(lane)
  }

  /** Lets each lane in the rings send one, as long as there are hands. */
  #turn(): void {
    for (let lane = this.#next(); lane !== null; lane = this.#next()) {
      lane.isInRing = false
      const next = lane.waiting.shift()
      // What waited here may have been given back meanwhile.
      if (next === undefined) continue
      this.#start(lane, next.work)
      this.#enterRing(lane)
    }
  }

  /** Whose turn it is; null when nobody has both something to send and a hand to do it. The rings take turns, too. */
  #next(): Lane | null {
    for (let skipped = 0; skipped < standings.length; ) {
      const standing = standings[this.#turns % standings.length] ?? 'quick'
      this.#turns += 1
      const lane = this.#patience.isHandFree(standing) ? this.#rings[standing].shift() : undefined
      if (lane === undefined) skipped += 1
      else if (lane.standing === standing) return lane
      else {
        // It became slow, or quick, while it stood here.
        this.#rings[lane.standing].push(lane)
        skipped = 0
      }
    }
    return null
  }

  #start(lane: Lane, work: Work): void {
    this.waiting -= 1
    this.#waitingBytes -= bytesOf(work.event)
    const flight = this.#patience.begin(lane, this.#now())
    void this.#send(work).then(() => this.#ended(flight))
  }

  #ended(flight: Flight<Lane>): void {
    const { lane } = flight
    const wasScarce = !this.#patience.isHandFree(lane.standing)
    this.#patience.end(flight, this.#now())
    if (isIdle(lane)) this.#lanes.delete(lane.webhookId)
    else this.#enterRing(lane)
    this.#turn()
    // Where hands were scarce, any of those that are owed something may have waited for this one.
    if (this.#owed.has(lane.webhookId) || (wasScarce && this.#owed.size > 0)) this.#freed()
    if (this.inFlight === 0) for (const resolve of this.#drained.splice(0)) resolve()
  }
}

const isIdle = (lane: Lane): boolean => lane.inFlight === 0 && lane.waiting.length === 0
