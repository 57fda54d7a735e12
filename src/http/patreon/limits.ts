/** Whom Patreon's edge lets through, and how much of its API one client and one token may ask (wire.md §7). */
import type { Clock } from '../../clock.ts'
import type { Access } from '../../domain/oauth-scope.ts'
import { Refusal } from '../../domain/refusal.ts'
import { type Duration, seconds } from '../../domain/time.ts'

/** So many requests in each stretch of time. */
type Limit = { requests: number; length: Duration }

/** Patreon's: a client may ask 100 times in two seconds … */
const perClient: Limit = { requests: 100, length: seconds(2) }

/** … and with one authorization 100 times in a minute; refreshing its token starts nothing anew. */
const perAuthorization: Limit = { requests: 100, length: seconds(60) }

/** What stands between a request and its answer. */
export type Limits = {
  /** Refuses who does not say what it is, whatever it asks. */
  mustSayWho: (userAgent: string | undefined) => void
  /** Counts a request; refuses what is too many. */
  count: (access: Access) => void
}

/** The limits as Patreon has them. */
export function patreonLimits(clock: Clock): Limits {
  const [clients, authorizations] = [new Counter(perClient), new Counter(perAuthorization)]
  return {
    mustSayWho(userAgent) {
      if (userAgent === undefined || userAgent.trim() === '') throw nameless()
    },
    count({ clientId, authorizationId }) {
      const now = clock.now()
      const wait = Math.max(clients.count(clientId, now), authorizations.count(authorizationId, now))
      if (wait > 0) throw tooMany(wait)
    },
  }
}

/** No limits: what runs on one's own machine may ask as often as it likes, and namelessly. */
export const noLimits: Limits = { mustSayWho() {}, count() {} }

const nameless = (): Refusal =>
  new Refusal('user_agent_missing', {
    message: 'Patreon lets no request through that does not say what sends it.',
    field: 'User-Agent',
    expected: 'the name of your program, such as "Example/1.0 (+https://example.com)"',
  })

const tooMany = (wait: Duration): Refusal =>
  new Refusal('too_many_requests', {
    message: 'This client, or this token, asks too often.',
    expected: `at most ${perClient.requests} requests of a client in ${perClient.length / seconds(1)} s, and ${perAuthorization.requests} with one token in ${perAuthorization.length / seconds(1)} s`,
    retryAfterSeconds: Math.ceil(wait / seconds(1)),
  })

/** Counts in windows that begin at the same moments for everybody, so that a window that is over is dropped whole. */
class Counter {
  readonly #limit: Limit
  #windowEndsAt = 0
  #counts = new Map<string, number>()

  constructor(limit: Limit) {
    this.#limit = limit
  }

  /** How long to wait before asking again; 0 when this request is within the limit. */
  count(key: string, now: number): Duration {
    const { requests, length } = this.#limit
    if (now >= this.#windowEndsAt) {
      this.#windowEndsAt = (Math.floor(now / length) + 1) * length
      this.#counts = new Map()
    }
    const count = (this.#counts.get(key) ?? 0) + 1
    this.#counts.set(key, count)
    return count > requests ? this.#windowEndsAt - now : 0
  }
}
