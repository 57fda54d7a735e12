/**
 * What can go wrong in a run. Each seed draws which of it does, and how often (swarm testing: a run in which everything
 * goes wrong at once never gets far enough to find what one fault alone would show).
 */
import { Dice } from './dice.ts'

/** The lowest and the highest chance that a fault has at each opportunity, where a seed has it at all. */
const chances = {
  'dies before a call reached the disk': [0.0002, 0.004],
  'dies before a commit': [0.0005, 0.01],
  'dies after a commit, before its answers': [0.0005, 0.01],
  'dies at any time': [0.1, 1],
  'is stopped and started': [0.1, 1],
  'a commit is slow': [0.005, 0.2],
  'a commit takes longer than a lease': [0.0005, 0.01],
  'a commit is refused': [0.005, 0.1],
  'the disk is full for a while': [0.1, 1],
  'the disk breaks until a new start': [0.0002, 0.003],
  'a read fails': [0.001, 0.02],
  'a read is slow': [0.01, 0.3],
  'the clock jumps ahead': [0.1, 1],
  'the clock jumps back': [0.1, 1],
  'a connection is refused': [0.01, 0.5],
  'a name is not found': [0.01, 0.5],
  'a request is lost on its way': [0.01, 0.5],
  'an answer is lost': [0.01, 0.5],
  'an answer comes too late': [0.005, 0.2],
  'an answer is slow': [0.01, 0.5],
  'a request is heard twice': [0.01, 0.5],
  'answers 500': [0.01, 0.5],
  'answers 4xx': [0.01, 0.5],
  'answers with a redirect': [0.01, 0.5],
  'answers 410': [0.0005, 0.02],
  'answers 503 with Retry-After in seconds': [0.01, 0.3],
  'answers 429 with Retry-After as a date': [0.01, 0.3],
  'a receiver is down for a while': [0.1, 1],
  'a webhook is paused': [0.1, 1],
  'a webhook is resumed': [0.1, 1],
  'a webhook is deleted': [0.1, 0.6],
  'a webhook is pointed elsewhere': [0.1, 1],
  'a webhook is registered meanwhile': [0.1, 1],
  'a pair is replaced': [0.1, 0.6],
  'a tenant is withdrawn': [0.1, 0.4],
  'a tenant is granted': [0.1, 1],
  'a delivery is asked for again': [0.1, 1],
  'an event is posted again': [0.02, 0.4],
  'an event is posted in parallel': [0.02, 0.4],
  'an id is used for something else': [0.02, 0.3],
} as const satisfies Record<string, readonly [number, number]>

/** What a run comes upon without anybody drawing it. */
const encounters = [
  'a fan-out larger than a slice',
  'a lane is full',
  'bodies beyond the budget',
  'a lease is lost',
  'somebody sees how the next attempt ends',
  'a delivery waits too long in a lane',
  'a publisher does not learn what became of an event',
  'a webhook fails too long and is paused',
  'a schedule is exhausted',
  'an event is dropped for its age',
  'what was held for too long is given up',
] as const

export type FaultName = keyof typeof chances
/** Anything that is counted. */
export type Happened = FaultName | (typeof encounters)[number]

const faultNames = Object.keys(chances) as FaultName[]
export const countedNames: readonly Happened[] = [...faultNames, ...encounters]

/** One run's faults. */
export class Faults {
  readonly counts = new Map<Happened, number>()
  readonly #rates = new Map<FaultName, number>()
  readonly #dice: Dice
  /** Off while the world is furnished, and again once everything is healed. */
  isOn = false
  /** No fault at all: whatever goes wrong is the server's. */
  isCalm: boolean

  constructor(dice: Dice) {
    this.#dice = dice
    for (const name of drawn(dice)) {
      const [lowest, highest] = chances[name]
      this.#rates.set(name, dice.spread(lowest, highest))
    }
    this.isCalm = this.#rates.size === 0
  }

  /** Whether it happens this time. */
  strikes(name: FaultName): boolean {
    if (!this.isOn || !this.#dice.chance(this.#rates.get(name) ?? 0)) return false
    this.met(name)
    return true
  }

  /** Whether a seed has it at all. */
  has(name: FaultName): boolean {
    return this.#rates.has(name)
  }

  /** It happened. */
  met(name: Happened): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1)
  }
}

/** A fifth of the seeds has no fault, a tenth a single one, the rest about half of all. */
function drawn(dice: Dice): readonly FaultName[] {
  const kind = dice.fraction()
  if (kind < 0.2) return []
  if (kind < 0.3) return [dice.pick(faultNames)]
  const share = dice.pick([0.15, 0.4, 0.6])
  return faultNames.filter(() => dice.chance(share))
}
