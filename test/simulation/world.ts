/** One machine with a server on it, its disk, its receivers and its people; who dies is started again. */
import { commands } from '#src/commands.ts'
import { Refusal } from '#src/domain/refusal.ts'
import { type Duration, days, type Instant, minutes, seconds } from '#src/domain/time.ts'
import { Answers } from './answers.ts'
import { openVault } from './calm.ts'
import { happen } from './commands.ts'
import type { Court } from './court.ts'
import { Dice } from './dice.ts'
import { type FaultName, Faults } from './faults.ts'
import { Ledger } from './ledger.ts'
import { type Memory, type MemoryTools, ModelMemory } from './memory.ts'
import { Network } from './network.ts'
import { type Circumstances, Life, type Parts } from './process.ts'
import { Unsettled } from './rest.ts'
import { Scheduler } from './scheduler.ts'
import { judgeRequest, nameOf } from './sending.ts'
import { Witness } from './witness.ts'

/** How a world is made. */
export type WorldOptions = {
  seed: number
  parts: Parts
  memory(tools: MemoryTools): Memory
  /** Told of everything that happens, one line each. */
  tell: ((line: string) => void) | null
}

/** What somebody who asked the server learnt: its answer, or only that the connection broke. */
export type Learnt<Answer> =
  | { kind: 'answered'; answer: Answer }
  | { kind: 'refused'; error: Error }
  | { kind: 'unknown' }

/** When everything begins. */
const beginning: Instant = Date.UTC(2026, 0, 5, 12)

/** A stop has to be over by then: answers, then what is still to be written, and whatever commit is under way. */
const stopLimit: Duration = seconds(15 + 5 + 1 + 5)

export class World {
  readonly dice: Dice
  readonly faults: Faults
  readonly scheduler: Scheduler
  readonly ledger: Ledger
  readonly network: Network
  readonly memory: Memory
  readonly court: Court
  readonly answers: Answers
  readonly unsettled: Unsettled
  life: Life | null = null
  lives = 0
  offset: Duration = 0
  diskFullUntil: Instant = 0
  /** The first promise that was broken. */
  broken: string | null = null
  readonly #options: WorldOptions
  readonly #witness: Witness
  readonly #watching = new Set<() => void>()
  #isBooting = false

  constructor(options: WorldOptions) {
    this.#options = options
    this.dice = new Dice(options.seed)
    this.faults = new Faults(this.dice.another())
    this.scheduler = new Scheduler(this.dice.another(), beginning)
    this.ledger = new Ledger(
      this.scheduler,
      (post, life) => {
        this.tell(() => `${nameOf(post)} is sent, attempt ${post.way.posts.length + 1}`)
        judgeRequest(this.court, post, life)
      },
      (broken) => this.fail(broken),
    )
    const { scheduler, faults, ledger } = this
    this.network = new Network({ scheduler, faults, ledger, dice: this.dice.another() })
    this.memory = options.memory({ commands: [...commands, happen], vault: openVault, random: this.dice.another() })
    const fail = (broken: string) => this.fail(broken)
    this.court = { scheduler, faults, ledger, fail, reads: this.memory.reads }
    this.#witness = new Witness(this.court)
    this.answers = new Answers(this.court)
    this.unsettled = new Unsettled(this.court)
  }

  fail(broken: string): void {
    this.broken ??= broken
    this.tell(() => `BROKEN: ${broken}`)
  }

  tell(line: () => string): void {
    const { tell } = this.#options
    if (tell === null) return
    tell(`${((this.scheduler.now - beginning) / 1000).toFixed(3).padStart(12)} s  ${line()}`)
  }

  sleep(length: Duration): Promise<void> {
    return new Promise((resolve) => this.scheduler.after(length, 'somebody wakes up', resolve))
  }

  /** Starts the server; what was acknowledged must be there. */
  boot(): void {
    this.#isBooting = false
    this.lives += 1
    this.life = new Life(this.lives, this.#circumstances())
    this.tell(() => `the server starts (life ${this.lives})`)
    this.answers.mustBeThere()
  }

  bootAfter(wait: Duration): void {
    if (this.#isBooting || this.life !== null) return
    this.#isBooting = true
    this.scheduler.after(wait, 'the server is started', () => this.boot())
  }

  /** Asks the server for something. Who asks learns nothing when it dies before it answered, or is not there. */
  async ask<Answer>(question: (life: Life) => Promise<Answer>): Promise<Learnt<Answer>> {
    const { life } = this
    if (life === null) return { kind: 'unknown' }
    return await new Promise((resolve) => {
      const learn = (learnt: Learnt<Answer>) => {
        this.#watching.delete(lose)
        resolve(learnt)
      }
      const lose = () => learn({ kind: 'unknown' })
      this.#watching.add(lose)
      question(life).then(
        (answer) => learn({ kind: 'answered', answer }),
        (error: unknown) =>
          learn({ kind: 'refused', error: error instanceof Error ? error : new Error(String(error)) }),
      )
    })
  }

  /** Stops the server as SIGTERM does, and starts it again. Who dies while stopping has stopped, too. */
  async restart(): Promise<void> {
    const { life } = this
    if (life === null) return
    this.life = null
    await new Promise<void>((resolve) => {
      this.#watching.add(resolve)
      void this.#stop(life).then(resolve)
    })
  }

  async #stop(life: Life): Promise<void> {
    this.tell(() => 'the server is told to stop')
    const began = this.scheduler.now
    await life.engine.stop(life.writer.isBroken)
    const took = this.scheduler.now - began
    if (took > stopLimit && !this.faults.has('a commit takes longer than a lease')) this.fail(`a stop took ${took} ms`)
    await life.writer.close().catch(() => {})
    this.#mustBeWritten(life)
    life.end()
    this.tell(() => 'the server has stopped')
    this.#loseConnections()
    this.bootAfter(this.dice.spread(100, seconds(60)))
  }

  /** Who stopped in peace has written down every attempt that ended. */
  #mustBeWritten(life: Life): void {
    if (!life.isAlive || diskFaults.some((name) => this.faults.has(name))) return
    for (const { posts } of this.ledger.ways.values()) {
      const lost = posts.find((post) => post.life === life.number && post.outcome !== null && !post.isWritten)
      if (lost !== undefined)
        return this.fail(`the server stopped, and an attempt at ${nameOf(lost)} is not written down`)
    }
  }

  #circumstances(): Circumstances {
    const { scheduler, faults, memory } = this
    return {
      ...{ scheduler, faults, memory, dice: this.dice, parts: this.#options.parts },
      offset: () => this.offset,
      isDiskFull: () => scheduler.now < this.diskFullUntil,
      transport: (life) => this.network.transportOf(life),
      did: (life, errand, result, appended) => {
        // Hours in which nothing happens would hide the rest.
        if (errand.kind !== 'prune')
          this.tell(() => `on disk: ${errand.kind === 'command' ? errand.name : errand.kind}`)
        this.#witness.saw(life, errand, result, appended)
      },
      died: (life, why) => this.#died(life, why),
      broke: (life) => {
        // It ends by itself within a moment, and is started anew by whoever keeps it running.
        scheduler.after(this.dice.below(100), 'the server sees that its disk is in doubt', () => {
          if (this.life === life) void this.restart()
        })
      },
      complained: (life, message, error) => this.#complained(life, message, error),
    }
  }

  #died(life: Life, why: string): void {
    this.tell(() => `the server dies ${why}`)
    if (this.life === life) this.life = null
    this.#loseConnections()
    this.bootAfter(this.dice.spread(100, minutes(2)))
  }

  #loseConnections(): void {
    for (const lose of [...this.#watching]) this.scheduler.after(1, 'a connection breaks', lose)
    this.#watching.clear()
  }

  /** What is refused and what can't be read is drawn; anything else that the server complains of is its own mistake. */
  #complained(life: Life, message: string, error: unknown): void {
    const isDrawn = error instanceof Refusal || (error instanceof Error && error.message === 'disk I/O error')
    this.tell(() => `the server complains: ${message} (${String(error)})`)
    if (life.isAlive && !isDrawn) this.fail(`the server complains: ${message} (${String(error)})`)
  }
}

/** With one of these a stop can't always write down what it has. */
const diskFaults: readonly FaultName[] = [
  'a commit is slow',
  'a commit takes longer than a lease',
  'a commit is refused',
  'the disk is full for a while',
  'the disk breaks until a new start',
]

/** The longest that anything may wait once everything is healed: the longest wait of a schedule, and clocks gone back. */
export const drainLimit: Duration = days(10)

/** The memory that runs are made on unless told otherwise. */
export const onModel = (tools: MemoryTools): Memory => new ModelMemory(tools)
