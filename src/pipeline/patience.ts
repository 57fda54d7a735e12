/**
 * Who gets the hands. However many receivers keep us waiting, those that were quick when we last met them go on: slow
 * webhooks may not hold all hands, nor may they together with those that were never met.
 *
 * A webhook is slow from the moment when one of its attempts has lasted too long, whether or not that ever ends, and
 * quick from the moment when one was over in time.
 */
import { type Duration, type Instant, seconds } from '../domain/time.ts'

/** Healthy receivers answer within this, the way to them included; whoever takes longer keeps a hand from many others. */
const slowAfter: Duration = seconds(0.25)

/** So many standings are remembered while nothing is in flight to them; beyond it, the one that is oldest is forgotten. */
const remembered = 65_536

/** How a webhook answered when it was last met. */
export type Standing = 'quick' | 'unknown' | 'slow'

/** Those who may hold the fewest hands come last. */
export const standings: readonly Standing[] = ['quick', 'unknown', 'slow']

/**
 * Requests in flight, each of which holds a socket: in all, to those that are not known to be quick, and to the slow.
 * Quick ones need few hands: an eighth of all, at ten milliseconds each, is more than one process can send.
 */
const inFlightAtMost = { quick: 1_024, unknown: 896, slow: 768 } as const satisfies Record<Standing, number>

/** One webhook's attempts. */
export type Watched = { readonly webhookId: string; inFlight: number; standing: Standing }

/** An attempt that is being made. */
export type Flight<Lane extends Watched> = { readonly lane: Lane; readonly since: Instant }

type Held = Record<Standing, number>

/** How many hands somebody of this standing could still have. */
function freeFor(standing: Standing, { quick, unknown, slow }: Readonly<Held>): number {
  const inAll = inFlightAtMost.quick - quick - unknown - slow
  if (standing === 'quick') return Math.max(0, inAll)
  const forOthers = Math.min(inAll, inFlightAtMost.unknown - unknown - slow)
  return Math.max(0, standing === 'unknown' ? forOthers : Math.min(forOthers, inFlightAtMost.slow - slow))
}

/** The hands that are free, while somebody shares them out. */
export class Hands {
  readonly #held: Held

  constructor(held: Readonly<Held>) {
    this.#held = { ...held }
  }

  for(standing: Standing): number {
    return freeFor(standing, this.#held)
  }

  take(count: number, standing: Standing): void {
    this.#held[standing] += count
  }
}

/** Counts attempts in flight by the standing of their webhooks. */
export class Patience<Lane extends Watched> {
  // In the order in which they began; those that lasted too long are taken out.
  readonly #young = new Set<Flight<Lane>>()
  readonly #standings = new Map<string, Standing>()
  readonly #held: Held = { quick: 0, unknown: 0, slow: 0 }

  get inFlight(): number {
    return this.#held.quick + this.#held.unknown + this.#held.slow
  }

  hands(): Hands {
    return new Hands(this.#held)
  }

  isHandFree(standing: Standing): boolean {
    return freeFor(standing, this.#held) > 0
  }

  standingOf(webhookId: string): Standing {
    return this.#standings.get(webhookId) ?? 'unknown'
  }

  begin(lane: Lane, now: Instant): Flight<Lane> {
    this.#notice(now)
    const flight = { lane, since: now }
    this.#young.add(flight)
    lane.inFlight += 1
    this.#held[lane.standing] += 1
    return flight
  }

  end(flight: Flight<Lane>, now: Instant): void {
    const { lane, since } = flight
    this.#young.delete(flight)
    lane.inFlight -= 1
    this.#held[lane.standing] -= 1
    this.#judge(lane, now - since > slowAfter ? 'slow' : 'quick')
  }

  /** Whoever keeps us waiting is slow before its answer comes, if one ever does. */
  #notice(now: Instant): void {
    for (const flight of this.#young) {
      if (now - flight.since <= slowAfter) return
      this.#young.delete(flight)
      this.#judge(flight.lane, 'slow')
    }
  }

  #judge(lane: Lane, standing: Standing): void {
    if (lane.standing === standing) return
    this.#held[lane.standing] -= lane.inFlight
    this.#held[standing] += lane.inFlight
    lane.standing = standing
    this.#remember(lane.webhookId, standing)
  }

  #remember(webhookId: string, standing: Standing): void {
    this.#standings.delete(webhookId)
    this.#standings.set(webhookId, standing)
    const [oldest] = this.#standings.keys()
    if (this.#standings.size > remembered && oldest !== undefined) this.#standings.delete(oldest)
  }
}
