/** What every settlement and every lease must be. */
import type { Delivery, Leased } from '#src/domain/delivery.ts'
import { type Outcome, verdictOn } from '#src/domain/outcome.ts'
import { type Duration, days, hours, type Instant, minutes, seconds } from '#src/domain/time.ts'
import type { Settlement } from '#src/store/store.ts'
import type { Court } from './court.ts'
import type { Way } from './ledger.ts'
import type { Life } from './process.ts'

/** The schedules once more, in this file's own words, so that a mistake in the server's would show. */
const waits: Record<'standard' | 'patreon', readonly Duration[]> = {
  standard: [seconds(5), minutes(5), minutes(30), ...[2, 5, 10, 14, 20, 24].map(hours)],
  patreon: [hours(1), hours(3), days(1), days(3), days(7), days(7), days(7)],
}
const spread = { standard: 0.2, patreon: 0 }

/** Judges what was settled in one errand, and writes it into the ledger. */
export function judgeSettlements(court: Court, settlements: readonly Settlement[], life: Life, now: Instant): void {
  const counts = new Map<Way, number>()
  for (const settlement of settlements) {
    const way = court.ledger.way(settlement.delivery)
    counts.set(way, (counts.get(way) ?? 0) + 1)
    if (settlement.attempt === null) continue
    tell(court, settlement, judgeAttempt(court, settlement, way))
    court.ledger.recorded(settlement.delivery, settlement.attempt, now)
  }
  for (const settlement of settlements) {
    const way = court.ledger.way(settlement.delivery)
    const isHolder = holds(way, settlement, life)
    // Of two in one errand only the last could be judged by what lies there now, and which is which is the store's affair.
    if (counts.get(way) === 1) tell(court, settlement, judgeState(court, settlement, way, isHolder))
    keep(court, settlement, way, { isHolder, life, now })
  }
}

function tell(court: Court, { delivery }: Settlement, broken: string | null): void {
  if (broken !== null) court.fail(`what came of ${delivery.sequence}-${delivery.webhookId}: ${broken}`)
}

/** Whether this settlement decides; otherwise somebody else has the delivery, or wrote it down before. */
function holds(way: Way, { lease }: Settlement, life: Life): boolean {
  if (lease === null) return way.state === null
  return way.lease !== null && way.lease.life === life.number && way.lease.endsAt === lease.leaseEndsAt
}

function judgeAttempt(court: Court, { delivery, attempt }: Settlement, way: Way): string | null {
  const post = way.posts.find(({ outcome }) => outcome !== null && outcome === attempt?.outcome)
  if (post === undefined || attempt === null) return 'an attempt is written down that nobody made'
  if (post.isWritten) return 'one attempt is written down twice'
  post.isWritten = true
  way.attempts.push(attempt)
  if (post.startedAt !== attempt.startedAt) return 'its attempt did not start then'
  const schedule = court.ledger.webhooks.get(delivery.webhookId)?.schedule ?? 'standard'
  const endedAt = post.endedAt ?? 0
  noteSpread(court, delivery, { schedule, endedAt, asked: retryAfterIn(attempt.outcome, endedAt) })
  return judgeVerdict(delivery, attempt.outcome, { schedule, endedAt })
}

/** Where a wait lies within its spread, so that somebody can see whether it is spread at all. */
function noteSpread(
  { ledger }: Court,
  delivery: Delivery,
  { schedule, endedAt, asked }: { schedule: 'standard' | 'patreon'; endedAt: Instant; asked: Duration },
): void {
  const wait = waits[schedule][delivery.attemptsMade - 1]
  if (delivery.status !== 'due' || schedule !== 'standard' || asked > 0 || wait === undefined) return
  ledger.spreads.push((delivery.dueAt - endedAt) / wait)
}

/** What a delivery may become after such an outcome. */
function judgeVerdict(
  delivery: Delivery,
  outcome: Outcome,
  { schedule, endedAt }: { schedule: 'standard' | 'patreon'; endedAt: Instant },
): string | null {
  const verdict = verdictOn(outcome)
  if (verdict === 'accepted')
    return delivery.status === 'delivered' ? null : 'its receiver took it, and that is not said'
  if (delivery.status === 'delivered') return 'it is said to be delivered, and its receiver did not take it'
  if (verdict === 'gone') return delivery.status === 'held' ? null : 'its receiver is gone, and it is not held'
  const wait = waits[schedule][delivery.attemptsMade - 1]
  if (delivery.status === 'exhausted')
    return wait === undefined ? null : `it is exhausted after ${delivery.attemptsMade}`
  if (delivery.status !== 'due' || wait === undefined) return `it is ${delivery.status} after ${delivery.attemptsMade}`
  const asked = retryAfterIn(outcome, endedAt)
  const lowest = Math.max(wait * (1 - spread[schedule]), asked)
  const highest = Math.max(wait * (1 + spread[schedule]), asked)
  const due = delivery.dueAt - endedAt
  const isRight = due >= Math.floor(lowest) && due <= Math.ceil(highest)
  return isRight ? null : `it is due in ${due} ms, which should be between ${lowest} and ${highest}`
}

/** At most a day. */
function retryAfterIn(outcome: Outcome, now: Instant): Duration {
  if (outcome.kind !== 'answered') return 0
  const value = outcome.answer.headers.find(([name]) => name.toLowerCase() === 'retry-after')?.[1]
  if (value === undefined) return 0
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now
  return Math.min(Math.max(0, wait), days(1))
}

/** What lies in the store after the commit. */
function judgeState(court: Court, { delivery, attempt }: Settlement, way: Way, isHolder: boolean): string | null {
  const state = court.reads.now.delivery(delivery)
  if (state === null) return 'nothing is there'
  const recorded = court.reads.now.attemptsRecorded(delivery)
  if (recorded !== way.attempts.length) return `${way.attempts.length} attempts ended, ${recorded} are recorded`
  if (state.attemptsMade !== way.attempts.length) {
    return `it counts ${state.attemptsMade} attempts, and ${way.attempts.length} were written down`
  }
  if (way.isDeliveredSince !== null && state.status !== 'delivered')
    return `it was delivered and is ${state.status} now`
  const isAccepted = attempt !== null && verdictOn(attempt.outcome) === 'accepted'
  if (isAccepted && (state.status === 'due' || state.status === 'held')) return `it was taken, and is ${state.status}`
  if (way.isDeliveredSince !== null || isAccepted) return null
  if (!isHolder) return state.status === way.state?.status ? null : `it is another's, and is ${state.status} now`
  return judgeStanding(court, delivery, state)
}

/** What was to stay open may have become something else, if its webhook is paused, deleted or no longer permitted. */
function judgeStanding({ ledger, reads }: Court, wanted: Delivery, state: Delivery): string | null {
  const isOpen = wanted.status === 'due' || wanted.status === 'held'
  if (!isOpen) return state.status === wanted.status ? null : `it is ${state.status} and should be ${wanted.status}`
  if (state.status === 'due') {
    // Paused in this very errand is not paused yet for what came before it.
    const wasStopped = ledger.webhooks.get(state.webhookId)?.stoppedSince !== null
    if (wasStopped && !reads.now.isSending(state.webhookId)) return 'it is due, and its webhook is paused'
    return wanted.status !== 'due' || state.dueAt === wanted.dueAt ? null : 'it is due at another time'
  }
  if (state.status === 'held') return reads.now.isSending(state.webhookId) ? 'it is held, and its webhook is not' : null
  if (state.status !== 'cancelled') return `it is ${state.status} and should be open`
  const story = ledger.webhooks.get(state.webhookId)
  const isWithdrawn = ledger.withdrawn.has(`${story?.clientId} ${ledger.events.get(state.sequence)?.event.tenant}`)
  return story?.isDeleted === true || isWithdrawn ? null : 'it is cancelled, and nobody asked for that'
}

function keep(
  court: Court,
  { delivery, lease }: Settlement,
  way: Way,
  { isHolder, life, now }: { isHolder: boolean; life: Life; now: Instant },
): void {
  const state = court.reads.now.delivery(delivery)
  way.writtenIn ??= life.number
  if (isHolder && lease !== null) way.lease = null
  if (isHolder) way.notBefore = state?.status === 'due' ? state.dueAt : null
  if (delivery.status === 'delivered') {
    way.lease = null
    way.isDeliveredSince ??= now
    way.isAskedFor = false
  }
  court.ledger.looked(way, state)
  if (state?.status === 'exhausted') court.faults.met('a schedule is exhausted')
}

/** Judges a lease that is on disk now, and writes it into the ledger. */
export function judgeLease(court: Court, leased: Leased, life: Life, now: Instant): void {
  const way = court.ledger.way(leased)
  const broken = isLeasable(court, leased, way, { life, now }) ?? isInTime(court, way, now)
  if (broken !== null) court.fail(`the lease of ${leased.sequence}-${leased.webhookId}: ${broken}`)
  if (way.lease !== null && way.lease.life === life.number) court.faults.met('a lease is lost')
  way.lease = { endsAt: leased.leaseEndsAt, life: life.number }
  way.notBefore = null
  way.leases.set(life.number, (way.leases.get(life.number) ?? 0) + 1)
}

/** Once nothing goes wrong any more, nobody waits much longer than they have to. */
const patience: Duration = minutes(10)

function isInTime({ ledger, scheduler, faults }: Court, { state }: Way, now: Instant): string | null {
  const { healedAt } = ledger
  if (state?.status !== 'due' || healedAt === null || scheduler.now - healedAt < patience) return null
  // Who slept when the clock was set ahead sleeps as long as before.
  if (faults.has('the clock jumps ahead') || now - state.dueAt < patience) return null
  return `it is ${now - state.dueAt} ms late`
}

function isLeasable(
  { reads }: Court,
  leased: Leased,
  way: Way,
  { life, now }: { life: Life; now: Instant },
): string | null {
  if (way.lease?.life === life.number && way.lease.endsAt > now) return 'somebody else holds it'
  if (way.state === null) return 'it was never written down'
  if (way.notBefore !== null && now < way.notBefore) return `it is ${way.notBefore - now} ms early`
  if (way.isDeliveredSince !== null && !way.isAskedFor) return 'it was delivered already'
  if (leased.attemptsMade !== way.attempts.length) {
    return `it says ${leased.attemptsMade} attempts, and ${way.attempts.length} were written down`
  }
  return reads.now.isSending(leased.webhookId) ? null : 'its webhook is paused or deleted'
}
