/** Sees every errand that a commit did: keeps the ledger by it, and judges it. */
import type { Leased } from '#src/domain/delivery.ts'
import type { Event, Sequence } from '#src/domain/event.ts'
import { standardKey } from '#src/domain/signature.ts'
import { type Duration, days, type Instant } from '#src/domain/time.ts'
import type { Webhook } from '#src/domain/webhook.ts'
import type { Result } from '#src/store/sqlite/protocol.ts'
import type { Court } from './court.ts'
import { noteFanOut, noteWaiting } from './encounters.ts'
import type { Errand } from './errands.ts'
import { judgeLease, judgeSettlements } from './judging.ts'
import type { Story } from './ledger.ts'
import type { Life } from './process.ts'

/** How long events are kept after they ended, in this file's own words. */
const retention: Duration = days(30)
const heldLimit: Duration = days(90)
const failingLimit: Duration = days(5)

/** Bounds of memory; a slice may come on top of what waits to be settled, and what a lane gives back at once. */
const waitingInLanes = 32_768
const waitingToSettle = 10_000 + 1_000 + waitingInLanes

export class Witness {
  readonly #court: Court
  #mark: Sequence = 0
  /** How many deliveries were held when it looked last. */
  #held = 0

  constructor(court: Court) {
    this.#court = court
  }

  /** One errand was done. */
  saw(life: Life, errand: Errand, result: Result, appended: readonly Event[]): void {
    this.#see(life, errand, result, appended)
    this.#held = this.#court.reads.now.counts().held
  }

  #see(life: Life, errand: Errand, result: Result, appended: readonly Event[]): void {
    for (const event of appended) this.#court.ledger.appended(event)
    if (appended.length > 0) noteFanOut(this.#court, appended)
    switch (errand.kind) {
      case 'append':
        return
      case 'command':
        if (result.kind === 'output') this.#command(errand.name, errand.input, result.output)
        return
      case 'settle':
        judgeSettlements(this.#court, errand.settlements, life, errand.now)
        for (const settlement of errand.settlements) {
          this.#lookAtWebhook(settlement.delivery.webhookId)
          noteWaiting(this.#court, settlement, life)
        }
        return this.#mustFit(life)
      case 'lease':
        if (result.kind === 'leased') this.#leased(life, errand, result.leased)
        return
      case 'flush':
        if (result.kind === 'counted' && result.count > 0) this.#lookAtOpen([...this.#court.ledger.webhooks.keys()])
        return
      case 'prune':
        return this.#pruned(errand.now)
      case 'redeliver':
        if (result.kind === 'counted' && result.count === 1) this.#askedFor(errand.key)
        return
      case 'mark':
        return this.#marked(errand.to)
    }
  }

  #command(name: string, input: unknown, output: unknown): void {
    const { ledger } = this.#court
    const { id = '', tenant = '' } = input as { id?: string; tenant?: string }
    if (name === 'webhooks.register') this.#registered(output as Registered)
    if (name === 'clients.register') ledger.grants.set((output as { client: { id: string } }).client.id, new Set())
    if (name === 'clients.grant') {
      ledger.grants.get(id)?.add(tenant)
      ledger.everGranted.add(`${id} ${tenant}`)
    }
    if (name === 'clients.withdraw') {
      ledger.grants.get(id)?.delete(tenant)
      ledger.withdrawn.add(`${id} ${tenant}`)
    }
    if (name === 'webhooks.describe')
      this.#change(id, (story) => ledger.disguised(story, { uri: (output as Webhook).uri }))
    if (name === 'webhooks.delete') this.#change(id, (story) => (story.isDeleted = true))
    if (name === 'webhooks.resume') ledger.resumed(id)
    if (name === 'webhooks.pause' || name === 'webhooks.resume' || name === 'webhooks.delete') this.#lookAtWebhook(id)
  }

  #change(id: string, change: (story: Story) => void): void {
    const story = this.#court.ledger.webhooks.get(id)
    if (story !== undefined) change(story)
  }

  #registered({ webhook, secret, standardSecret }: Registered): void {
    const { ledger } = this.#court
    const { id, clientId, schedule, triggers } = webhook
    const since = ledger.lastSequence
    const story = { id, clientId, schedule, triggers, since, isDeleted: false, stoppedSince: null, guises: [] }
    ledger.webhooks.set(id, story)
    ledger.disguised(story, { uri: webhook.uri, secret, standardKey: standardKey(standardSecret) })
  }

  /** Paused by somebody, by what a receiver answered, or by failing for too long. */
  #lookAtWebhook(id: string): void {
    const { reads, scheduler } = this.#court
    const isSending = reads.now.isSending(id)
    this.#change(id, (story) => {
      if (!isSending && story.stoppedSince === null) this.#stopped(story)
      story.stoppedSince = isSending ? null : (story.stoppedSince ?? scheduler.now)
    })
  }

  /** A webhook is paused by itself for a reason, and for no other. */
  #stopped(story: Story): void {
    const { ledger, reads, faults, fail } = this.#court
    const reason = reads.now.pauseReason(story.id)
    if (reason === 'gone' && !ledger.isGone(story.id))
      fail(`webhook ${story.id} is gone, and its receiver never said so`)
    if (reason === 'exhausted' && story.schedule !== 'patreon') fail(`webhook ${story.id} is paused like a patreon one`)
    if (reason !== 'failing') return
    faults.met('a webhook fails too long and is paused')
    const failing = ledger.failingSpan(story.id)
    if (failing < failingLimit) fail(`webhook ${story.id} is paused for failing after ${failing} ms`)
  }

  /** What waits in memory has bounds, whatever waits in the store. */
  #mustFit({ engine }: Life): void {
    const { waiting, inFlight, settling } = engine.load()
    if (waiting > waitingInLanes) this.#court.fail(`${waiting} deliveries wait in lanes`)
    if (settling > waitingToSettle + inFlight) this.#court.fail(`${settling} settlements wait in memory`)
  }

  #leased(life: Life, { wanted, now }: Extract<Errand, { kind: 'lease' }>, leased: readonly Leased[]): void {
    for (const one of leased) judgeLease(this.#court, one, life, now)
    // What was asked for and not handed out became something else, if its webhook is stopped.
    const counts = new Map<string, number>()
    for (const { webhookId } of leased) counts.set(webhookId, (counts.get(webhookId) ?? 0) + 1)
    const short = wanted.filter(({ webhookId, limit }) => (counts.get(webhookId) ?? 0) < limit)
    this.#lookAtOpen(short.map(({ webhookId }) => webhookId).filter((id) => this.#mayDivert(id)))
  }

  #mayDivert(id: string): boolean {
    const { ledger, reads } = this.#court
    const tenants = ledger.withdrawnFrom(ledger.webhooks.get(id)?.clientId ?? '')
    return !reads.now.isSending(id) || tenants > 0
  }

  /** What was due or held may be something else now. */
  #lookAtOpen(webhookIds: readonly string[]): void {
    const { ledger, reads } = this.#court
    for (const way of ledger.openOf(webhookIds)) {
      const state = reads.now.delivery(way.key)
      if (state?.status === 'due' && state.dueAt < (way.notBefore ?? 0)) way.notBefore = state.dueAt
      ledger.looked(way, state)
    }
  }

  #askedFor(key: { sequence: Sequence; webhookId: string }): void {
    const way = this.#court.ledger.way(key)
    way.isAskedFor = true
    way.notBefore = null
    this.#court.ledger.looked(way, this.#court.reads.now.delivery(key))
  }

  /** Behind the mark nothing is read again, so everything must be written down. */
  #marked(to: Sequence): void {
    const { ledger, reads, fail } = this.#court
    for (let sequence = this.#mark + 1; sequence <= to; sequence += 1) {
      for (const webhookId of ledger.events.get(sequence)?.hearers ?? []) {
        const story = ledger.webhooks.get(webhookId)
        if (story === undefined || ledger.mayBeMissing(story, sequence)) continue
        if (reads.now.delivery({ sequence, webhookId }) === null) {
          fail(`the journal's mark is behind ${sequence}-${webhookId}, which is not written down`)
        }
      }
    }
    this.#mark = Math.max(to, this.#mark)
  }

  #pruned(now: Instant): void {
    const { events, held } = this.#court.reads.now.counts()
    const { ledger } = this.#court
    if (events < ledger.events.size - ledger.dropped.size) this.#lookAtDropped(now)
    if (held < this.#held) this.#lookAtExpired(now)
  }

  #lookAtDropped(now: Instant): void {
    const { ledger, reads, faults, fail } = this.#court
    for (const [sequence, { event }] of ledger.events) {
      if (ledger.dropped.has(sequence) || reads.now.event(sequence) !== null) continue
      ledger.dropped.add(sequence)
      faults.met('an event is dropped for its age')
      if (event.acceptedAt >= now - retention) fail(`event ${sequence} is dropped too early`)
      for (const way of ledger.waysOf(sequence)) {
        const { state } = way
        const isOpen = state === null || state.status === 'due' || state.status === 'held'
        const isNowhere = state === null && ledger.mayBeMissing(ledger.story(way), sequence)
        if (!isNowhere && (isOpen || state.endedAt >= now - retention)) {
          fail(`${sequence}-${way.key.webhookId} is dropped, and it was ${state?.status ?? 'nowhere'}`)
        }
        ledger.looked(way, null)
      }
    }
  }

  #lookAtExpired(now: Instant): void {
    const { ledger, reads, faults, fail } = this.#court
    for (const way of ledger.openOf()) {
      const state = reads.now.delivery(way.key)
      const before = way.state
      if (before?.status === 'held' && state?.status === 'exhausted') {
        faults.met('what was held for too long is given up')
        if (before.heldSince >= now - heldLimit) fail(`${way.key.sequence}-${way.key.webhookId} is given up too early`)
      }
      ledger.looked(way, state)
    }
  }
}

type Registered = { webhook: Webhook; secret: string; standardSecret: string }
