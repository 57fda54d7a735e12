/**
 * What is true, whatever the server believes: every event that was accepted, every request that was made and heard,
 * everything that was committed. It is told by the disk and the network themselves, so a server that is mistaken can't
 * mislead it.
 */
import type { Attempt, Delivery, DeliveryKey } from '#src/domain/delivery.ts'
import type { Accepted, Event, Sequence } from '#src/domain/event.ts'
import type { Outcome } from '#src/domain/outcome.ts'
import type { Duration, Instant } from '#src/domain/time.ts'
import type { Posted } from '#src/pipeline/accept.ts'
import type { SignedRequest } from '#src/transport/transport.ts'
import type { Reads } from './memory.ts'
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
  readonly events = new Map<Sequence, { event: Event; hearers: readonly string[] }>()
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
  lastSequence: Sequence = 0
  /** Each wait for a retry as a share of what the schedule says. */
  readonly spreads: number[] = []
  readonly #byMessage = new Map<string, Sequence>()
  readonly #acknowledged = new Set<Sequence>()
  /** By the name that it was posted under. */
  readonly #answers = new Map<string, Sequence>()
  readonly #unsettled = new Set<Sequence>()
  #seen: Sequence = 0
  readonly #byUri = new Map<string, string>()
  readonly #scheduler: Scheduler
  readonly #onPost: (post: Post, life: Life) => void
  readonly #fail: (broken: string) => void

  constructor(scheduler: Scheduler, onPost: (post: Post, life: Life) => void, fail: (broken: string) => void) {
    this.#scheduler = scheduler
    this.#onPost = onPost
    this.#fail = fail
  }

  /** Somebody learnt that an event is accepted: it is there, for good, as it was posted. */
  acknowledged(posted: Posted, answer: Accepted, reads: Reads): void {
    const { tenant, id, idempotencyKey } = posted
    const name = id ?? idempotencyKey
    const key = `${tenant} ${id === null ? 'key' : 'id'} ${name}`
    const first = name === null ? undefined : this.#answers.get(key)
    const wasHere = first !== undefined && !this.dropped.has(first)
    if (answer.kind === 'taken') {
      if (!wasHere || this.#isTheSame(posted, first, reads)) this.#fail(`${key} is said to be taken, and it is free`)
      return
    }
    if (!this.#isTheSame(posted, answer.sequence, reads))
      this.#fail(`event ${answer.sequence} was acknowledged, and it is not there as it was posted`)
    if (!this.events.has(answer.sequence)) this.#fail(`event ${answer.sequence} was acknowledged before it was on disk`)
    if (wasHere && first !== answer.sequence)
      this.#fail(`events ${first} and ${answer.sequence} are one, accepted twice`)
    this.#acknowledged.add(answer.sequence)
    this.#answers.set(key, answer.sequence)
  }

  #isTheSame({ tenant, trigger, body }: Posted, sequence: Sequence, reads: Reads): boolean {
    const kept = reads.now.event(sequence) ?? this.events.get(sequence)?.event
    return kept?.tenant === tenant && kept.trigger === trigger && Buffer.compare(kept.body, body) === 0
  }

  /** Whatever was acknowledged has survived. */
  mustHaveAcknowledged(reads: Reads): void {
    for (const sequence of this.#acknowledged) {
      if (this.dropped.has(sequence) || reads.now.event(sequence) !== null) continue
      return this.#fail(`event ${sequence} was acknowledged, and it is lost`)
    }
  }

  /** An event is in the journal for good; who hears it is settled by that. */
  appended(event: Event): void {
    const hearers = [...this.webhooks.values()].filter((story) => this.#hears(story, event)).map(({ id }) => id)
    this.events.set(event.sequence, { event, hearers })
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

  /** Whether a webhook may not have been there any more when an event was planned. */
  mayBeMissing({ clientId, isDeleted }: Story, sequence: Sequence): boolean {
    return isDeleted || this.withdrawn.has(`${clientId} ${this.events.get(sequence)?.event.tenant}`)
  }

  /** Whether every event came to an end with everybody who hears it. What did once is not looked at again. */
  isSettled(reads: Reads, what: Rest): boolean {
    for (const sequence of this.events.keys()) if (sequence > this.#seen) this.#unsettled.add(sequence)
    this.#seen = this.lastSequence
    for (const sequence of this.#unsettled) if (this.#hasEnded(sequence, reads, 'all')) this.#unsettled.delete(sequence)
    if (what === 'all') return this.#unsettled.size === 0
    return [...this.#unsettled].every((sequence) => this.#hasEnded(sequence, reads, what))
  }

  /** One that has not come to an end, and how it stands. */
  firstUnsettled(reads: Reads, what: Rest): string {
    const sequence = [...this.#unsettled].find((one) => !this.#hasEnded(one, reads, what)) ?? 0
    const hearers = this.events.get(sequence)?.hearers ?? []
    const webhookId = hearers.find((id) => !this.#hasEndedFor(id, sequence, reads, what))
    const state = webhookId === undefined ? null : reads.now.delivery({ sequence, webhookId })
    return `${sequence}-${webhookId}, which is ${JSON.stringify(state)},`
  }

  #hasEnded(sequence: Sequence, reads: Reads, what: Rest): boolean {
    if (this.dropped.has(sequence)) return true
    const hearers = this.events.get(sequence)?.hearers ?? []
    return hearers.every((webhookId) => this.#hasEndedFor(webhookId, sequence, reads, what))
  }

  #hasEndedFor(webhookId: string, sequence: Sequence, reads: Reads, what: Rest): boolean {
    const state = reads.now.delivery({ sequence, webhookId })
    if (state !== null) return state.status !== 'due' && (state.status !== 'held' || what !== 'all')
    const story = this.webhooks.get(webhookId)
    return story === undefined || this.mayBeMissing(story, sequence)
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

/** What has to have come to an end: everything, or everything whose webhook is not paused. */
export type Rest = 'all' | 'but what is held'

/** What happens within it after a change may still be as before. */
export const grace: Duration = 1_000
