/**
 * The event loop's side of the writer thread.
 *
 * While one commit is being written, whatever arrives waits and becomes the next one: the busier the server, the
 * more share one fsync. Nothing here blocks.
 */
import { Worker } from 'node:worker_threads'
import type { Clock } from '../../clock.ts'
import { CannotStart } from '../../domain/cannot-start.ts'
import type { NewEvent, Sequence } from '../../domain/event.ts'
import { Refusal, type RefusalCode, type RefusalDetail } from '../../domain/refusal.ts'
import { type Duration, type Instant, seconds } from '../../domain/time.ts'
import {
  type CommitReply,
  type Committed,
  type Errand,
  eventColumns,
  type Opened,
  type Result,
  type WriterData,
} from './protocol.ts'

/** What a commit said beside the results of its errands. `appended` are the events that it put into the journal. */
export type CommitNews = Pick<Committed, 'listenersVersion' | 'wakes' | 'isFlushing'> & {
  appended: Committed['happened']
  /** Something beside events and deliveries may have changed. */
  ranCommands: boolean
}

/** `clock` paces commits, so it is the machine's own whatever time the rest is told. */
type Tools = { clock: Clock; onNews: (news: CommitNews) => void }

type Waiting =
  | { kind: 'append'; events: readonly NewEvent[]; bytes: number; resolve: (result: Appended) => void; reject: Reject }
  | { kind: 'errand'; errand: Errand; bytes: 0; resolve: (result: Result) => void; reject: Reject }
type Appended = Extract<Result, { kind: 'appended' }>
type Reject = (error: Error) => void

/** One commit holds at most so many bytes of bodies, so that the others don't wait long for it. */
const commitBytesLimit = 8 * 1024 * 1024

const retryAfterSeconds = 2

/** A commit that carried so many is one of many: what they cost together matters more than when each of them is done. */
const busyErrands = 24

/**
 * Then the next one begins no sooner than this after the last: every commit writes each page that it touched, so fewer
 * and larger ones cost less. Where less happens, nothing is waited for.
 */
const gatheringTime: Duration = seconds(0.004)

/**
 * After a commit that failed others are likely to fail for so long, though a small one may fit onto a full disk. Then it is
 * worth a try, whether anybody wrote meanwhile or not.
 */
const doubtTime: Duration = seconds(10)

/** Starts a writer thread and hands errands to it. */
export class Mailbox {
  readonly opened: Extract<Opened, { kind: 'opened' }>
  readonly #worker: Worker
  readonly #clock: Clock
  readonly #onNews: (news: CommitNews) => void
  #waiting: Waiting[] = []
  #flying: Waiting[] | null = null
  #isScheduled = false
  #mark: Sequence | null = null
  #flyingMark: Sequence | null = null
  #lastTakeOff: Instant = 0
  #lastCarried = 0
  #closed: (() => void) | null = null
  #death: Error | null = null
  #failedAt: Instant = Number.NEGATIVE_INFINITY
  /** Resolves should nothing be written here any more, with why; what is on disk is for the next start to find out. */
  readonly broke: Promise<Error>
  #break: (error: Error) => void = () => {}

  private constructor(worker: Worker, opened: Extract<Opened, { kind: 'opened' }>, { clock, onNews }: Tools) {
    this.#worker = worker
    this.#clock = clock
    this.opened = opened
    this.#onNews = onNews
    this.broke = new Promise((resolve) => (this.#break = resolve))
    worker.on('message', (reply: CommitReply) => this.#land(reply))
    worker.on('error', (error) => this.#die(error))
    worker.on('exit', () => this.#die(new Error('the writer thread ended')))
  }

  /** Opens the store. `onNews` is called after each commit, before whoever waited for it is answered. */
  static async open(thread: URL, data: WriterData, tools: Tools): Promise<Mailbox> {
    const worker = new Worker(thread, { workerData: data })
    const hello = await new Promise<Opened>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    if (hello.kind === 'opened') return new Mailbox(worker, hello, tools)
    await worker.terminate()
    throw new CannotStart(
      hello.kind === 'locked'
        ? `Another Tidings has ${data.path} open. Stop it first, or choose another folder with TIDINGS_DATA.`
        : `${data.path} could not be opened: ${hello.message}`,
    )
  }

  /** How many errands are waiting or being written. */
  get busy(): number {
    return this.#waiting.length + (this.#flying?.length ?? 0)
  }

  /** Whether something can be written, as far as the last commits tell: to ask costs nothing. */
  get state(): 'writable' | 'unwritable' | 'broken' {
    if (this.#death !== null) return 'broken'
    return this.#clock.now() - this.#failedAt < doubtTime ? 'unwritable' : 'writable'
  }

  send(errand: Errand): Promise<Result> {
    return new Promise((resolve, reject) => this.#add({ kind: 'errand', errand, bytes: 0, resolve, reject }))
  }

  /** Like an errand of its own, but packed together with the others that wait. */
  append(events: readonly NewEvent[]): Promise<Appended> {
    const bytes = events.reduce((sum, event) => sum + event.body.length, 0)
    return new Promise((resolve, reject) => this.#add({ kind: 'append', events, bytes, resolve, reject }))
  }

  /** Rides along with the next commit, because nobody waits for it; only the highest matters. */
  moveMark(to: Sequence): void {
    this.#mark = Math.max(this.#mark ?? 0, to)
  }

  /** Answers once everything that was sent has been written. */
  async close(): Promise<void> {
    // Lost, it would only make the next start look at a few settled events once more.
    if (this.#mark !== null && this.#death === null) this.send({ kind: 'mark', to: this.#mark }).catch(() => {})
    if (this.#death === null && this.busy > 0) await new Promise<void>((resolve) => (this.#closed = resolve))
    this.#death ??= new Error('the store is closed')
    await this.#ended()
  }

  /** The thread closes its database and ends by itself; one that has died already has ended. */
  async #ended(): Promise<void> {
    if (this.#worker.threadId === -1) return
    const ended = new Promise((resolve) => this.#worker.once('exit', resolve))
    this.#worker.postMessage(null)
    await ended
  }

  #add(waiting: Waiting): void {
    if (this.#death !== null) return waiting.reject(unavailable(this.#death.message))
    this.#waiting.push(waiting)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#isScheduled || this.#flying !== null || this.#waiting.length === 0) return
    this.#isScheduled = true
    const takeOff = () => {
      this.#isScheduled = false
      this.#takeOff()
    }
    // At the earliest at the end of this turn of the event loop, so that what arrives in the same turn shares a commit.
    if (this.#lastCarried < busyErrands) setImmediate(takeOff)
    else void this.#clock.sleepUntil(this.#lastTakeOff + gatheringTime).then(() => setImmediate(takeOff))
  }

  #takeOff(): void {
    const flying = this.#waiting.splice(0, this.#share())
    if (flying.length === 0) return
    this.#flying = flying
    this.#lastTakeOff = this.#clock.now()
    this.#lastCarried = flying.length

    const published = flying.flatMap((one) => (one.kind === 'append' ? one.events : []))
    const append = flying.every((one) => one.kind === 'errand')
      ? []
      : [{ kind: 'append', events: eventColumns(published) } as const]
    const errands = flying.flatMap((one) => (one.kind === 'errand' ? [one.errand] : []))
    const mark = this.#mark === null ? [] : [{ kind: 'mark', to: this.#mark } as const]
    this.#flyingMark = this.#mark
    this.#mark = null
    const all: Errand[] = [...append, ...errands, ...mark]
    this.#worker.postMessage(all, all.flatMap(transferred))
  }

  /** How many of those who wait fit into one commit. */
  #share(): number {
    let bytes = 0
    const over = this.#waiting.findIndex((one) => {
      bytes += one.bytes
      return bytes > commitBytesLimit
    })
    return over === -1 ? this.#waiting.length : Math.max(1, over)
  }

  #land(reply: CommitReply): void {
    if (reply.kind === 'not-committed' && reply.fault === 'broken') return this.#die(new Error(reply.message))
    const flying = this.#flying ?? []
    this.#flying = null
    if (reply.kind === 'committed') this.#deliver(reply, flying)
    else this.#giveBack(reply.message, flying)
    this.#schedule()
    if (this.busy === 0) this.#closed?.()
  }

  #giveBack(cause: string, flying: readonly Waiting[]): void {
    this.#failedAt = this.#clock.now()
    if (this.#flyingMark !== null) this.moveMark(this.#flyingMark)
    for (const { reject } of flying) reject(unavailable(cause))
  }

  /** Tells what happened first, then answers those who waited: appends share the first result, errands have their own. */
  #deliver(reply: Committed, flying: readonly Waiting[]): void {
    const appends = flying.filter((one) => one.kind === 'append')
    const errands = flying.filter((one) => one.kind === 'errand')
    const [first] = reply.results
    const appended = appends.length > 0 ? first : undefined
    const { listenersVersion, wakes, isFlushing } = reply
    const ranCommands = errands.some(({ errand }) => errand.kind === 'command')
    this.#onNews({ listenersVersion, wakes, isFlushing, ranCommands, appended: appendedBy(reply, appends, appended) })

    let place = 0
    for (const { events, resolve, reject } of appends) {
      const end = place + events.length
      if (appended?.kind === 'appended') resolve(partOf(appended, place, end))
      else reject(new Error(`an append was answered with ${appended?.kind ?? 'nothing'}`))
      place = end
    }
    const skipped = appends.length > 0 ? 1 : 0
    for (const [index, { resolve, reject }] of errands.entries())
      answer(reply.results[index + skipped], { resolve, reject })
  }

  /** From now on nothing is written. */
  #die(error: Error): void {
    if (this.#death !== null) return
    this.#death = error
    const [flying, waiting] = [this.#flying ?? [], this.#waiting]
    this.#flying = null
    this.#waiting = []
    for (const { reject } of flying) reject(unavailable(error.message, 'Nobody knows yet whether this was kept.'))
    for (const { reject } of waiting) reject(unavailable(error.message))
    this.#break(error)
    this.#closed?.()
  }
}

/** What moves to the other thread instead of being copied. */
function transferred(errand: Errand): ArrayBuffer[] {
  if (errand.kind === 'append') return [errand.events.bodies]
  return errand.kind === 'settle' ? [errand.settlements.bodies] : []
}

/** The events that a commit put into the journal, in sequence; their bodies are the ones that came in. */
function appendedBy(
  { happened }: Committed,
  appends: readonly { events: readonly NewEvent[] }[],
  result: Result | undefined,
): Committed['happened'] {
  if (result?.kind !== 'appended') return happened
  const { sequences, fates } = result
  const published: Committed['happened'] = []
  let place = 0
  for (const { events } of appends) {
    for (const event of events) {
      const sequence: Sequence | undefined = sequences[place]
      if (fates[place] === 0 && sequence !== undefined) published.push({ ...event, sequence, bodies: null })
      place += 1
    }
  }
  // Appends come first in a commit, commands after them.
  return happened.length === 0 ? published : [...published, ...happened]
}

const partOf = ({ sequences, fates }: Appended, start: number, end: number): Appended => ({
  kind: 'appended',
  sequences: sequences.slice(start, end),
  fates: fates.slice(start, end),
})

function answer(
  result: Result | undefined,
  { resolve, reject }: { resolve: (result: Result) => void; reject: Reject },
): void {
  if (result === undefined) reject(new Error('the writer thread gave too few answers'))
  else if (result.kind === 'refused') reject(new Refusal(result.code as RefusalCode, result.detail as RefusalDetail))
  else if (result.kind === 'failed') reject(new Error(result.message))
  else resolve(result)
}

/** The cause is for the log, not for the caller. */
function unavailable(cause: string, fate = 'Nothing of this was kept.'): Refusal {
  const refusal = new Refusal('unavailable', {
    message: `The store cannot be written to at the moment. ${fate}`,
    retryAfterSeconds,
  })
  refusal.cause = cause
  return refusal
}
