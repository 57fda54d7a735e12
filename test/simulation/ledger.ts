/**
 * What is true, whatever the server believes: every event that was accepted, every request that was made and heard,
 * everything that was committed. It is told by the disk and the network themselves, so a server that is mistaken can't
 * mislead it.
 */
import type { Attempt, Delivery, DeliveryKey } from '#src/domain/delivery.ts'
import type { Event, Sequence } from '#src/domain/event.ts'
import { type Outcome, verdictOn } from '#src/domain/outcome.ts'
import type { Duration, Instant } from '#src/domain/time.ts'
import type { SignedRequest } from '#src/transport/transport.ts'
import type { Life } from './process.ts'
import type { Scheduler } from './scheduler.ts'

/** One request that left the server. */
export type Post = {
  request: SignedRequest
  life: number
  way: Way
  /** By the server's clock. */
  startedAt: Instant
  endedAt: Instant | null
  outcome: Outcome | null
  hearings: number
  isWritten: boolean
}

/** One event's way to one webhook, as it truly went. */
export type Way = {
  key: DeliveryKey
  event: Event
  posts: Post[]
  /** In which life it was first written down. */
  writtenIn: number | null
  /** How many leases each life was given. */
  leases: Map<number, number>
  lease: { endsAt: Instant; life: number } | null
  /** Before this moment, by the server's clock, it should not be handed out. */
  notBefore: Instant | null
  /** Attempts that were written down. */
  attempts: Attempt[]
  isDeliveredSince: Instant | null
  /** Somebody asked for it by hand since it was delivered. */
  isAskedFor: boolean
  /** As the store had it when it was last looked at. */
  state: Delivery | null
}

/** A webhook's true story. */
export type Story = {
  id: string
  clientId: string
  schedule: 'patreon' | 'standard'
  triggers: readonly string[]
  since: Sequence
  isDeleted: boolean
  /** Since when, by true time, nothing may be sent to it; null while it may. */
  stoppedSince: Instant | null
  /** Where it was, with which keys, and until when by true time. */
  guises: { uri: string; secret: string; standardKey: Uint8Array; until: Instant | null }[]
}

/** Everything that is true. */
export class Ledger {
  /** Beside each event who hears it, and when it came by true time. */
  readonly events = new Map<Sequence, { event: Event; hearers: readonly string[]; at: Instant }>()
  readonly webhooks = new Map<string, Story>()
  readonly ways = new Map<string, Way>()
  readonly grants = new Map<string, Set<string>>()
  /** Client and tenant, where it was ever given. */
  readonly everGranted = new Set<string>()
  /** Client and tenant, where it was ever taken away. */
  readonly withdrawn = new Set<string>()
  readonly flying = new Map<number, Set<Post>>()
  readonly #open = new Map<string, Set<Way>>()
  readonly dropped = new Set<Sequence>()
  /** Outcomes that were written down. */
  readonly written = new WeakSet<Outcome>()
  /** Since when, by true time, nothing goes wrong any more. */
  healedAt: Instant | null = null
  lastSequence: Sequence = 0
  /** Each wait for a retry as a share of what the schedule says. */
  readonly spreads: number[] = []
  readonly #byMessage = new Map<string, Sequence>()
  readonly #gone = new Set<string>()
  readonly #failingSince = new Map<string, Instant>()
  readonly #longestFailing = new Map<string, Duration>()
  readonly #byUri = new Map<string, string>()
  readonly #scheduler: Scheduler
  readonly #onPost: (post: Post, life: Life) => void
  readonly #fail: (broken: string) => void

  constructor(scheduler: Scheduler, onPost: (post: Post, life: Life) => void, fail: (broken: string) => void) {
    this.#scheduler = scheduler
    this.#onPost = onPost
    this.#fail = fail
  }

  /** An event is in the journal for good; who hears it is settled by that. */
  appended(event: Event): void {
    const hearers = [...this.webhooks.values()].filter((story) => this.#hears(story, event)).map(({ id }) => id)
    if (event.sequence !== this.lastSequence + 1) this.#fail(`after event ${this.lastSequence} comes ${event.sequence}`)
    this.events.set(event.sequence, { event, hearers, at: this.#scheduler.now })
    this.lastSequence = event.sequence
    this.#byMessage.set(`${event.id}~${event.trigger}`, event.sequence)
  }

  /** Whoever was there, and was permitted, when the event was accepted must hear it. */
  #hears(story: Story, event: Event): boolean {
    const isGranted = this.grants.get(story.clientId)?.has(event.tenant) === true
    return !story.isDeleted && isGranted && this.mayHear(story, event)
  }

  /** Whoever is permitted before the event is planned may hear it, too. */
  mayHear({ clientId, triggers, since }: Story, { tenant, trigger, sequence }: Event): boolean {
    return this.everGranted.has(`${clientId} ${tenant}`) && triggers.includes(trigger) && since < sequence
  }

  /** A webhook is somewhere else, or signs with something else. */
  disguised(story: Story, changed: Partial<Story['guises'][number]>): void {
    const current = story.guises.at(-1)
    const { now } = this.#scheduler
    if (current !== undefined) current.until = now
    const next = { uri: '', secret: '', standardKey: new Uint8Array(), ...current, ...changed, until: null }
    story.guises.push(next)
    this.#byUri.set(next.uri, story.id)
  }

  /** The webhook that a way leads to. */
  story({ key }: Way): Story {
    const story = this.webhooks.get(key.webhookId)
    if (story === undefined) throw new Error(`nobody registered webhook ${key.webhookId}`)
    return story
  }

  way(key: DeliveryKey): Way {
    const name = `${key.sequence}-${key.webhookId}`
    const known = this.ways.get(name)
    if (known !== undefined) return known
    const event = this.events.get(key.sequence)?.event
    if (event === undefined) throw new Error(`there is a delivery of event ${key.sequence}, but no such event`)
    const { sequence, webhookId } = key
    const way: Way = {
      ...{ key: { sequence, webhookId }, event, posts: [], writtenIn: null, leases: new Map(), lease: null },
      ...{ notBefore: null, attempts: [], isDeliveredSince: null, isAskedFor: false, state: null },
    }
    this.ways.set(name, way)
    return way
  }

  /** What the store says of it now. */
  looked(way: Way, state: Delivery | null): void {
    way.state = state
    const open = this.#open.get(way.key.webhookId) ?? new Set()
    this.#open.set(way.key.webhookId, open)
    if (state?.status === 'due' || state?.status === 'held') open.add(way)
    else open.delete(way)
  }

  /** Ways that were due or held when they were last looked at. */
  *openOf(webhookIds: Iterable<string> = this.#open.keys()): Generator<Way> {
    for (const webhookId of webhookIds) yield* this.#open.get(webhookId) ?? []
  }

  /** Every way of one event. */
  waysOf(sequence: Sequence): Way[] {
    const hearers = this.events.get(sequence)?.hearers ?? []
    return hearers.flatMap((webhookId) => this.ways.get(`${sequence}-${webhookId}`) ?? [])
  }

  /** How many tenants were ever taken from a client. */
  withdrawnFrom(clientId: string): number {
    return [...this.withdrawn].filter((one) => one.startsWith(`${clientId} `)).length
  }

  /** Whether a webhook may not have been there any more when an event was planned. */
  mayBeMissing({ clientId, isDeleted }: Story, sequence: Sequence): boolean {
    return isDeleted || this.withdrawn.has(`${clientId} ${this.events.get(sequence)?.event.tenant}`)
  }

  /** Whether a receiver ever answered that it is gone. */
  isGone(webhookId: string): boolean {
    return this.#gone.has(webhookId)
  }

  /** For how long nothing but failures was written down at a time, by the server's clock, since it was resumed last. */
  failingSpan(webhookId: string): Duration {
    return this.#longestFailing.get(webhookId) ?? 0
  }

  /** An attempt is written down at a moment of the server's clock. */
  recorded({ webhookId }: DeliveryKey, { outcome, startedAt }: Attempt, now: Instant): void {
    this.written.add(outcome)
    const verdict = verdictOn(outcome)
    if (verdict === 'gone') this.#gone.add(webhookId)
    if (verdict === 'accepted') return void this.#failingSince.delete(webhookId)
    const since = this.#failingSince.get(webhookId) ?? startedAt
    this.#failingSince.set(webhookId, since)
    this.#longestFailing.set(webhookId, Math.max(now - since, this.failingSpan(webhookId)))
  }

  /** Whoever resumes a webhook gives it another chance. */
  resumed(webhookId: string): void {
    this.#failingSince.delete(webhookId)
    this.#longestFailing.delete(webhookId)
  }

  posted(request: SignedRequest, life: Life): Post | null {
    const header = (name: string) => request.headers.find(([one]) => one === name)?.[1] ?? ''
    const sequence = this.#byMessage.get(header('webhook-id'))
    const webhookId = this.#byUri.get(String(request.uri))
    if (sequence === undefined || webhookId === undefined) {
      this.#fail(`a request to ${String(request.uri)} carries ${header('webhook-id')}, which nobody accepted`)
      return null
    }
    const way = this.way({ sequence, webhookId })
    const startedAt = life.clock.now()
    const post: Post = {
      ...{ request, life: life.number, way, startedAt, endedAt: null, outcome: null },
      ...{ hearings: 0, isWritten: false },
    }
    this.#onPost(post, life)
    way.posts.push(post)
    this.flyingIn(life.number).add(post)
    return post
  }

  heard(post: Post | null): void {
    if (post !== null) post.hearings += 1
  }

  returned(post: Post | null, outcome: Outcome, at: Instant): void {
    if (post === null) return
    post.outcome = outcome
    post.endedAt = at
    this.flyingIn(post.life).delete(post)
  }

  /** What is in flight from one life. */
  flyingIn(life: number): Set<Post> {
    const found = this.flying.get(life)
    if (found !== undefined) return found
    const made = new Set<Post>()
    this.flying.set(life, made)
    return made
  }
}

/** What happens within it after a change may still be as before. */
export const grace: Duration = 1_000
