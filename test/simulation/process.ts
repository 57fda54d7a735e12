/** One life of the server: the real engine over a simulated disk, network and clock. Once it died, nothing it does counts. */
import type { Clock } from '#src/clock.ts'
import type { Event, Sequence } from '#src/domain/event.ts'
import type { Duration, Instant } from '#src/domain/time.ts'
import type { Journal } from '#src/journal/journal.ts'
import { Budget } from '#src/pipeline/budget.ts'
import { type Engine, startEngine } from '#src/pipeline/engine.ts'
import type { Store } from '#src/store/store.ts'
import type { Transport } from '#src/transport/transport.ts'
import type { Dice } from './dice.ts'
import type { Faults } from './faults.ts'
import type { Did, Memory } from './memory.ts'
import type { Scheduler } from './scheduler.ts'
import { journalOver, type Opened, storeOver } from './store.ts'
import type { Surroundings, Writer } from './writer.ts'

/** What a life is put into. */
export type Circumstances = {
  scheduler: Scheduler
  dice: Dice
  faults: Faults
  memory: Memory
  /** How far the machine's clock is from the truth. */
  offset(): Duration
  isDiskFull(): boolean
  /** The parts that a planted bug may replace. */
  parts: Parts
  transport(life: Life): Transport
  did(life: Life, ...done: Parameters<Did>): void
  died(life: Life, why: string): void
  /** Nothing can be written any more until a new start. */
  broke(life: Life): void
  complained(life: Life, message: string, error: unknown): void
}

/** Makes the parts that are handed in; a planted bug makes one of them otherwise. */
export type Parts = {
  writer(memory: Memory, around: Surroundings): Writer
  store(store: Store, life: Life): Store
  journal(journal: Journal, life: Life): Journal
  transport(transport: Transport, life: Life): Transport
  clock(clock: Clock): Clock
  dice(dice: Dice): Dice
}

export class Life {
  isAlive = true
  readonly number: number
  readonly clock: Clock
  readonly writer: Writer
  readonly store: Store
  readonly journal: Journal
  readonly engine: Engine
  readonly budget: Budget
  /** What was in the journal when it began. */
  readonly foundSequence: Sequence
  readonly #in: Circumstances
  readonly #hearing: ((appended: Event[]) => void)[] = []

  constructor(number: number, circumstances: Circumstances) {
    this.#in = circumstances
    this.number = number
    const { memory, parts, dice } = circumstances
    this.clock = parts.clock(this.#clockBy(() => circumstances.scheduler.now + circumstances.offset()))
    const opened: Opened = memory.open(this.clock.now())
    this.foundSequence = opened.lastSequence
    this.writer = parts.writer(memory, this.#surroundings())
    this.store = parts.store(
      storeOver(this.writer, memory.reads, (label, read) => this.#reach(label, read)),
      this,
    )
    const journal = journalOver({ writer: this.writer, reads: memory.reads, opened }, (listen) => {
      this.#hearing.push(listen)
    })
    this.journal = parts.journal(journal, this)
    this.engine = startEngine({
      store: this.store,
      journal: this.journal,
      transport: parts.transport(circumstances.transport(this), this),
      clock: this.clock,
      machine: this.clock,
      steady: this.#clockBy(() => circumstances.scheduler.now),
      random: parts.dice(dice),
      endOfTurn: () => this.#turn(),
      log: (message, error) => circumstances.complained(this, message, error),
      attempted: () => {},
    })
    this.budget = new Budget({
      unplanned: () => journal.lastSequence() - this.engine.load().planned,
      clock: this.clock,
      told: () => {},
    })
  }

  /** Runs something later, unless it is dead by then. */
  after(wait: Duration, label: string, run: () => void): () => void {
    return this.#in.scheduler.after(wait, label, () => {
      if (this.isAlive) run()
    })
  }

  die(why: string): void {
    if (!this.isAlive) return
    this.isAlive = false
    this.#in.memory.losePower()
    this.#in.died(this, why)
  }

  /** It has stopped by itself. */
  end(): void {
    this.isAlive = false
  }

  #turn(): Promise<void> {
    return new Promise((resolve) => this.after(0, 'a turn ends', resolve))
  }

  /** As the machine's clocks do it: a sleep is as long as it was when it began, whatever the clock shows meanwhile. */
  #clockBy(now: () => Instant): Clock {
    const wait = (length: Duration, signal: AbortSignal | undefined): Promise<void> =>
      new Promise((resolve) => {
        const cancel = Number.isFinite(length) ? this.after(length, 'a timer', () => done()) : () => {}
        const done = () => {
          signal?.removeEventListener('abort', woken)
          resolve()
        }
        const woken = () => {
          cancel()
          this.after(0, 'woken', done)
        }
        signal?.addEventListener('abort', woken, { once: true })
      })
    return {
      now,
      async sleepUntil(wakeAt, signal) {
        const left = wakeAt - now()
        if (left > 0 && signal?.aborted !== true) await wait(left, signal)
      },
    }
  }

  #surroundings(): Surroundings {
    const { faults, dice } = this.#in
    return {
      after: (wait, label, run) => void this.after(wait, label, run),
      calling: () => {
        if (this.isAlive && faults.strikes('dies before a call reached the disk')) this.die('before a call')
      },
      gathering: () => dice.below(3),
      writing: () => this.#writing(),
      share: (waiting) => (dice.chance(0.8) ? waiting : dice.between(1, waiting)),
      fate: () => {
        if (faults.strikes('dies before a commit')) return 'dies-before'
        if (faults.strikes('dies after a commit, before its answers')) return 'dies-after'
        if (faults.strikes('the disk breaks until a new start')) this.#break()
        if (this.#in.isDiskFull() || faults.strikes('a commit is refused')) return 'refused'
        return 'written'
      },
      answering: () => dice.below(2),
      die: (why) => this.die(why),
      did: (...done) => this.#in.did(this, ...done),
      committed: ({ appended }) => {
        for (const hear of this.#hearing) hear(appended)
      },
    }
  }

  #break(): void {
    this.writer.break()
    this.#in.broke(this)
  }

  #writing(): Duration {
    const { faults, dice } = this.#in
    if (faults.strikes('a commit takes longer than a lease')) return dice.between(30_000, 90_000)
    return faults.strikes('a commit is slow') ? dice.between(100, 5_000) : dice.between(1, 12)
  }

  /** What is read is as it was when the question came or when the answer left, whichever it is. */
  #reach<Found>(label: string, read: () => Promise<Found>): Promise<Found> {
    const { faults, dice } = this.#in
    if (faults.strikes('a read fails')) {
      return new Promise((_, reject) => this.after(1, `${label}: failed`, () => reject(new Error('disk I/O error'))))
    }
    const wait = faults.strikes('a read is slow') ? dice.between(5, readGrace) : dice.below(2)
    const early = dice.chance(0.3) ? read() : null
    return new Promise((resolve, reject) => this.after(wait, label, () => void (early ?? read()).then(resolve, reject)))
  }
}

/** The longest that a read takes. */
const readGrace: Duration = 400
