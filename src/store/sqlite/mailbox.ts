/**
 * The event loop's side of the writer thread.
 *
 * While one commit is being written, whatever arrives waits and becomes the next one: the busier the server, the
 * more share one fsync. Nothing here blocks.
 */
import { Worker } from 'node:worker_threads'
import { CannotStart } from '../../domain/cannot-start.ts'
import type { NewEvent, Sequence } from '../../domain/event.ts'
import { Refusal, type RefusalCode, type RefusalDetail } from '../../domain/refusal.ts'
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

type Waiting = {
  errand: Errand | { kind: 'append-later'; events: readonly NewEvent[] }
  resolve: (result: Result) => void
  reject: (error: Error) => void
}

/** More bodies than this are not taken in while the disk is slow: memory is the only place to keep them. */
const waitingBytesLimit = 64 * 1024 * 1024

/** One commit holds at most so many bytes of bodies, so that the others don't wait long for it. */
const commitBytesLimit = 8 * 1024 * 1024

const retryAfterSeconds = 2

/** Starts a writer thread and hands errands to it. */
export class Mailbox {
  readonly opened: Extract<Opened, { kind: 'opened' }>
  readonly #worker: Worker
  readonly #onNews: (news: CommitNews) => void
  #waiting: Waiting[] = []
  #waitingBytes = 0
  #flying: Waiting[] | null = null
  #isScheduled = false
  #mark: Sequence | null = null
  #flyingMark: Sequence | null = null
  #closed: (() => void) | null = null
  #death: Error | null = null

  private constructor(worker: Worker, opened: Extract<Opened, { kind: 'opened' }>, onNews: (news: CommitNews) => void) {
    this.#worker = worker
    this.opened = opened
    this.#onNews = onNews
    worker.on('message', (reply: CommitReply) => this.#land(reply))
    worker.on('error', (error) => this.#die(error))
    worker.on('exit', () => this.#die(new Error('the writer thread ended')))
  }

  /** Opens the store. `onNews` is called after each commit, before whoever waited for it is answered. */
  static async open(thread: URL, data: WriterData, onNews: (news: CommitNews) => void): Promise<Mailbox> {
    const worker = new Worker(thread, { workerData: data })
    const hello = await new Promise<Opened>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', reject)
    })
    if (hello.kind === 'opened') return new Mailbox(worker, hello, onNews)
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

  async send(errand: Errand): Promise<Result> {
    return this.#add(errand)
  }

  /** Like an errand of its own, but packed together with the others that wait. */
  async append(events: readonly NewEvent[]): Promise<Extract<Result, { kind: 'appended' }>> {
    const bytes = events.reduce((sum, event) => sum + event.body.length, 0)
    if (this.#waitingBytes + bytes > waitingBytesLimit) throw overloaded()
    this.#waitingBytes += bytes
    const result = await this.#add({ kind: 'append-later', events })
    if (result.kind !== 'appended') throw new Error(`an append was answered with ${result.kind}`)
    return result
  }

  /** Rides along with the next commit, because nobody waits for it; only the highest matters. */
  moveMark(to: Sequence): void {
    this.#mark = Math.max(this.#mark ?? 0, to)
  }

  /** Answers once everything that was sent has been written. */
  async close(): Promise<void> {
    // Lost, it would only make the next start look at a few settled events once more.
    if (this.#mark !== null && this.#death === null) this.#add({ kind: 'mark', to: this.#mark }).catch(() => {})
    if (this.#death === null && this.busy > 0) await new Promise<void>((resolve) => (this.#closed = resolve))
    this.#death ??= new Error('the store is closed')
    await this.#worker.terminate()
  }

  #add(errand: Waiting['errand']): Promise<Result> {
    if (this.#death !== null) return Promise.reject(unavailable(this.#death.message))
    return new Promise((resolve, reject) => {
      this.#waiting.push({ errand, resolve, reject })
      this.#schedule()
    })
  }

  // At the end of this turn of the event loop, so that what arrives in the same turn shares the commit.
  #schedule(): void {
    if (this.#isScheduled || this.#flying !== null) return
    this.#isScheduled = true
    setImmediate(() => {
      this.#isScheduled = false
      this.#takeOff()
    })
  }

  #takeOff(): void {
    const flying = this.#waiting.splice(0, this.#share())
    if (flying.length === 0) return
    this.#flying = flying
    const errands = flying.map(({ errand }) =>
      errand.kind === 'append-later' ? ({ kind: 'append', events: eventColumns(errand.events) } as const) : errand,
    )
    const mark = this.#mark === null ? [] : [{ kind: 'mark', to: this.#mark } as const]
    this.#mark = null
    this.#flyingMark = mark[0]?.to ?? null
    const buffers = errands.flatMap(transferred)
    this.#worker.postMessage([...errands, ...mark], buffers)
  }

  /** How many of those who wait fit into one commit. */
  #share(): number {
    let bytes = 0
    const over = this.#waiting.findIndex(({ errand }) => {
      if (errand.kind === 'append-later') bytes += errand.events.reduce((sum, event) => sum + event.body.length, 0)
      return bytes > commitBytesLimit
    })
    return over === -1 ? this.#waiting.length : Math.max(1, over)
  }

  #land(reply: CommitReply): void {
    const flying = this.#flying ?? []
    this.#flying = null
    for (const { errand } of flying) {
      if (errand.kind === 'append-later')
        this.#waitingBytes -= errand.events.reduce((sum, { body }) => sum + body.length, 0)
    }
    if (reply.kind === 'not-committed' && this.#flyingMark !== null) this.moveMark(this.#flyingMark)
    if (reply.kind === 'committed') this.#deliver(reply, flying)
    else for (const { reject } of flying) reject(unavailable(reply.message))
    this.#takeOff()
    if (this.busy === 0) this.#closed?.()
  }

  #deliver(reply: Committed, flying: readonly Waiting[]): void {
    const { listenersVersion, wakes, isFlushing } = reply
    const ranCommands = flying.some(({ errand }) => errand.kind === 'command')
    this.#onNews({ listenersVersion, wakes, isFlushing, ranCommands, appended: appendedBy(reply, flying) })
    for (const [index, { resolve, reject }] of flying.entries()) {
      const result = reply.results[index]
      if (result === undefined) reject(new Error('the writer thread gave too few answers'))
      else if (result.kind === 'refused')
        reject(new Refusal(result.code as RefusalCode, result.detail as RefusalDetail))
      else if (result.kind === 'failed') reject(new Error(result.message))
      else resolve(result)
    }
  }

  #die(error: Error): void {
    this.#death ??= error
    const orphans = [...(this.#flying ?? []), ...this.#waiting]
    this.#flying = null
    this.#waiting = []
    for (const { reject } of orphans) reject(unavailable(error.message))
    this.#closed?.()
  }
}

/** What moves to the other thread instead of being copied. */
function transferred(errand: Errand): ArrayBuffer[] {
  if (errand.kind === 'append') return [errand.events.bodies]
  return errand.kind === 'settle' ? [errand.settlements.bodies] : []
}

/** The events that a commit put into the journal, in sequence; their bodies are the ones that came in. */
function appendedBy(reply: Committed, flying: readonly Waiting[]): Committed['happened'] {
  const published = flying.flatMap(({ errand }, index) => {
    const result = reply.results[index]
    if (errand.kind !== 'append-later' || result?.kind !== 'appended') return []
    return errand.events.flatMap((event, place) => {
      const sequence: Sequence | undefined = result.sequences[place]
      return result.fates[place] === 0 && sequence !== undefined ? [{ ...event, sequence }] : []
    })
  })
  return [...published, ...reply.happened].sort((one, other) => one.sequence - other.sequence)
}

const overloaded = (): Refusal =>
  new Refusal('overloaded', {
    message: 'More events are waiting for the disk than can be kept in memory. Nothing of this was accepted.',
    retryAfterSeconds,
  })

/** Nothing of it was kept; the cause is for the log, not for the caller. */
function unavailable(cause: string): Refusal {
  const refusal = new Refusal('unavailable', {
    message: 'The store cannot be written to at the moment. Nothing of this was kept.',
    retryAfterSeconds,
  })
  refusal.cause = cause
  return refusal
}
