/**
 * The simulated way to the disk: what arrives while one commit is written becomes the next one, as in the real mailbox.
 * How long a commit takes, whether it succeeds and who dies around it is drawn.
 */
import type { Sequence } from '#src/domain/event.ts'
import { Refusal, type RefusalCode, type RefusalDetail } from '#src/domain/refusal.ts'
import type { Duration } from '#src/domain/time.ts'
import type { Result } from '#src/store/sqlite/protocol.ts'
import type { Errand } from './errands.ts'
import type { Did, Memory, Written } from './memory.ts'

/** What can happen to a commit. */
export type Fate = 'written' | 'refused' | 'dies-before' | 'dies-after'

/** What decides over commits, and what is told of them. */
export type Surroundings = {
  /** Runs something later, unless the process is dead by then. */
  after(wait: Duration, label: string, run: () => void): void
  /** Somebody calls; who dies now has not been heard. */
  calling(): void
  gathering(): Duration
  writing(): Duration
  /** How many of those who wait share the next commit. */
  share(waiting: number): number
  fate(): Fate
  answering(): Duration
  die(why: string): void
  /** Told after each errand. */
  did: Did
  /** Told after each commit, before anybody is answered. */
  committed(written: Written): void
}

type Waiting = { errand: Errand; resolve: (result: Result) => void; reject: (error: Error) => void }

/** One process's way to the disk. */
export class Writer {
  readonly memory: Memory
  protected readonly around: Surroundings
  #waiting: Waiting[] = []
  #isBusy = false
  #mark: Sequence | null = null
  isBroken = false

  constructor(memory: Memory, around: Surroundings) {
    this.memory = memory
    this.around = around
  }

  send(errand: Errand): Promise<Result> {
    this.around.calling()
    return new Promise((resolve, reject) => {
      this.#waiting.push({ errand, resolve, reject })
      this.#schedule()
    })
  }

  moveMark(to: Sequence): void {
    this.#mark = Math.max(this.#mark ?? 0, to)
  }

  /** From now on nothing can be written until a new start. */
  break(): void {
    this.isBroken = true
  }

  /** Answers once everything that was sent has been written, and the mark with it. */
  async close(): Promise<void> {
    const mark = this.#mark
    this.#mark = null
    if (mark !== null) await this.send({ kind: 'mark', to: mark })
    while (this.busy > 0) await new Promise<void>((resolve) => this.around.after(1, 'a close waits', resolve))
  }

  /** How many wait or are being written. */
  get busy(): number {
    return this.#waiting.length + (this.#isBusy ? 1 : 0)
  }

  #schedule(): void {
    if (this.#isBusy || this.#waiting.length === 0) return
    this.#isBusy = true
    this.around.after(this.around.gathering(), 'commit begins', () => this.takeOff())
  }

  protected takeOff(): void {
    const flying = this.#waiting.splice(0, Math.max(1, this.around.share(this.#waiting.length)))
    // Appends come first in a commit, and the mark rides along at its end.
    const inOrder = [...flying].sort((one, other) => Number(isCommand(one)) - Number(isCommand(other)))
    const errands = inOrder.map(({ errand }) => errand)
    const mark = this.#mark
    this.#mark = null
    if (mark !== null) errands.push({ kind: 'mark', to: mark })
    this.around.after(this.around.writing(), 'commit lands', () => void this.land(inOrder, errands))
  }

  protected async land(flying: readonly Waiting[], errands: readonly Errand[]): Promise<void> {
    const drawn = this.around.fate()
    const fate = this.isBroken && drawn === 'written' ? 'refused' : drawn
    if (fate === 'dies-before') return this.around.die('before a commit')
    this.#isBusy = false
    if (fate === 'refused') return this.refuse(flying, errands)
    const written = await this.memory.commit(errands, this.around.did)
    this.memory.sync()
    this.around.committed(written)
    if (fate === 'dies-after') return this.around.die('after a commit, before its answers')
    this.answer(flying, written)
    this.#schedule()
  }

  protected answer(flying: readonly Waiting[], { results }: Pick<Written, 'results'>): void {
    for (const [index, waiting] of flying.entries()) {
      this.around.after(this.around.answering(), `${waiting.errand.kind} answered`, () =>
        answer(results[index], waiting),
      )
    }
  }

  protected refuse(flying: readonly Waiting[], errands: readonly Errand[]): void {
    for (const errand of errands) if (errand.kind === 'mark') this.moveMark(errand.to)
    for (const waiting of flying) {
      this.around.after(this.around.answering(), `${waiting.errand.kind} refused`, () => waiting.reject(unavailable()))
    }
    this.#schedule()
  }
}

const isCommand = ({ errand }: Waiting): boolean => errand.kind !== 'append'

function answer(result: Result | undefined, { resolve, reject }: Waiting): void {
  if (result === undefined) reject(new Error('the writer gave too few answers'))
  else if (result.kind === 'refused') reject(new Refusal(result.code as RefusalCode, result.detail as RefusalDetail))
  else if (result.kind === 'failed') reject(new Error(result.message))
  else resolve(result)
}

const unavailable = (): Refusal =>
  new Refusal('unavailable', { message: 'The store cannot be written to at the moment.', retryAfterSeconds: 2 })
