/** The way to the receivers, and how they behave. What a receiver heard it has heard, whoever dies meanwhile. */
import type { Outcome } from '#src/domain/outcome.ts'
import { type Duration, type Instant, seconds } from '#src/domain/time.ts'
import type { SignedRequest, Transport } from '#src/transport/transport.ts'
import type { Dice } from './dice.ts'
import type { FaultName, Faults } from './faults.ts'
import type { Ledger } from './ledger.ts'
import type { Life } from './process.ts'
import type { Scheduler } from './scheduler.ts'

/** The total deadline of an attempt. */
const deadline: Duration = seconds(15)

type Tools = { scheduler: Scheduler; dice: Dice; faults: Faults; ledger: Ledger }

/** What one attempt will come to: who hears it when, and what comes back when. */
type Course = { hearings: Duration[]; ended: Duration; outcome: (now: Instant) => Outcome }

/** Everything between the server and its receivers. */
export class Network {
  readonly #tools: Tools
  /** Receivers that are down, and until when. */
  readonly #downUntil = new Map<string, { until: Instant; how: FaultName }>()

  constructor(tools: Tools) {
    this.#tools = tools
  }

  /** From now on, for a while, one receiver does nothing but this. */
  takeDown(host: string, length: Duration, how: FaultName): void {
    this.#downUntil.set(host, { until: this.#tools.scheduler.now + length, how })
  }

  heal(): void {
    this.#downUntil.clear()
  }

  /** The door out of one process. */
  transportOf(life: Life): Transport {
    const flying = new Set<() => void>()
    return {
      post: (request) => (life.isAlive ? this.#post(request, life, flying) : new Promise(() => {})),
      async close() {
        for (const reset of [...flying]) reset()
      },
    }
  }

  #post(request: SignedRequest, life: Life, flying: Set<() => void>): Promise<Outcome> {
    const { scheduler, ledger } = this.#tools
    const post = ledger.posted(request, life)
    const course = this.#course(request.uri.host)
    for (const wait of course.hearings) {
      scheduler.after(wait, 'a receiver hears', () => ledger.heard(post))
    }
    return new Promise((resolve) => {
      const end = (outcome: Outcome) => {
        if (!flying.delete(reset)) return
        ledger.returned(post, outcome, life.clock.now())
        resolve(outcome)
      }
      const reset = () => life.after(0, 'a socket is closed', () => end(broken('reset', 0)))
      flying.add(reset)
      life.after(course.ended, 'an attempt ends', () => end(course.outcome(life.clock.now())))
    })
  }

  #course(host: string): Course {
    const { dice, scheduler } = this.#tools
    const down = this.#downUntil.get(host)
    const how = down !== undefined && down.until > scheduler.now ? down.how : this.#mishap()
    const latency = dice.between(1, 20)
    return this.#unanswered(how, latency) ?? this.#answered(how, latency)
  }

  /** Those ways in which no answer comes back. */
  #unanswered(how: FaultName | null, latency: Duration): Course | null {
    if (how === 'a connection is refused') {
      return { hearings: [], ended: latency, outcome: () => ({ kind: 'refused', timing: timing(latency) }) }
    }
    if (how === 'a name is not found') {
      return { hearings: [], ended: latency * 50, outcome: () => broken('unresolved', latency * 50) }
    }
    if (how === 'a request is lost on its way') {
      return { hearings: [], ended: deadline, outcome: () => broken('timed-out', deadline) }
    }
    if (how === 'an answer is lost') {
      return { hearings: [latency], ended: latency * 3, outcome: () => broken('reset', latency * 3) }
    }
    if (how === 'an answer comes too late') {
      return { hearings: [latency], ended: deadline, outcome: () => broken('timed-out', deadline) }
    }
    return null
  }

  #answered(how: FaultName | null, latency: Duration): Course {
    const { dice } = this.#tools
    const ended = how === 'an answer is slow' ? dice.between(1_000, 14_900) : latency * 2
    const hearings = how === 'a request is heard twice' ? [latency, ended] : [latency]
    const status = statusFor(how, dice)
    const wait = dice.pick([0, 1, 30, 600, 7_200, 86_400, 999_999_999])
    return { hearings, ended, outcome: (now) => answered(status, ended, retryAfter(how, wait, now)) }
  }

  #mishap(): FaultName | null {
    return mishaps.find((name) => this.#tools.faults.strikes(name)) ?? null
  }
}

/** What can happen to a single attempt, in the order in which it is drawn. */
export const mishaps = [
  'a connection is refused',
  'a name is not found',
  'a request is lost on its way',
  'an answer is lost',
  'an answer comes too late',
  'a request is heard twice',
  'an answer is slow',
  'answers 500',
  'answers 4xx',
  'answers with a redirect',
  'answers 410',
  'answers 503 with Retry-After in seconds',
  'answers 429 with Retry-After as a date',
] as const satisfies readonly FaultName[]

function statusFor(how: FaultName | null, dice: Dice): number {
  if (how === 'answers 500') return dice.pick([500, 502, 504, 599])
  if (how === 'answers 4xx') return dice.pick([400, 401, 404, 409, 422])
  if (how === 'answers with a redirect') return dice.pick([301, 302, 303, 307, 308])
  if (how === 'answers 410') return 410
  if (how === 'answers 503 with Retry-After in seconds') return 503
  if (how === 'answers 429 with Retry-After as a date') return 429
  return dice.pick([200, 200, 201, 202, 204, 299])
}

type Headers = readonly (readonly [string, string])[]

function retryAfter(how: FaultName | null, wait: number, now: Instant): Headers {
  if (how === 'answers 503 with Retry-After in seconds') return [['Retry-After', String(wait)]]
  if (how !== 'answers 429 with Retry-After as a date') return []
  return [['retry-after', new Date(now + Math.min(wait, 86_400 * 365) * 1000).toUTCString()]]
}

const nothing = new Uint8Array()

const answered = (status: number, ended: Duration, headers: Headers): Outcome => ({
  kind: 'answered',
  answer: { status, headers, body: nothing, isCut: false },
  timing: timing(ended),
})

function broken(kind: 'reset' | 'timed-out' | 'unresolved', ended: Duration): Outcome {
  if (kind === 'unresolved') return { kind, code: 'ENOTFOUND', timing: timing(ended) }
  return { kind, phase: 'answering', timing: timing(ended) }
}

const timing = (ended: Duration) => ({ connected: null, firstByte: null, ended })
