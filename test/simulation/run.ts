/** One run: the world is furnished, lives through its faults, is healed, and must then come to rest. */
import { type Duration, days, hours, minutes, seconds } from '#src/domain/time.ts'
import type { Happened } from './faults.ts'
import type { Memory, MemoryTools } from './memory.ts'
import { forgetOne, planDeeds, resumeAll } from './operators.ts'
import { People } from './people.ts'
import type { Parts } from './process.ts'
import { anyBurst, burst, publish, type RareBurst } from './publishers.ts'
import type { Rest } from './rest.ts'
import { drainLimit, onModel, World } from './world.ts'
import { Writer } from './writer.ts'

/** What came of a run. */
export type Report = {
  seed: number
  /** The first promise that was broken; null when all were kept. */
  broken: string | null
  steps: number
  trace: number
  lives: number
  counts: ReadonlyMap<Happened, number>
}

/** What a run is made with. */
export type RunOptions = {
  parts?: Partial<Parts>
  memory?: (tools: MemoryTools) => Memory
  tell?: (line: string) => void
  /** How its first burst is, where that is not left to the seed. */
  first?: RareBurst
}

/** A run has at least so many steps before it is healed. */
export const leastSteps = 10_000

/** In a long life most steps are hours in which nothing happens; these must be more than that. */
const leastEvents = 150

/** Far more than any run takes: whoever comes here runs in circles. */
const mostSteps = 300_000

/** The parts as they are. */
const soundParts: Parts = {
  writer: (memory, around) => new Writer(memory, around),
  store: (store) => store,
  journal: (journal) => journal,
  transport: (transport) => transport,
  clock: (clock) => clock,
  dice: (dice) => dice,
}

/** Lives one seed through. */
export async function run(seed: number, options: RunOptions = {}): Promise<Report> {
  const { parts = {}, memory = onModel, tell, first } = options
  const world = new World({ seed, parts: { ...soundParts, ...parts }, memory, tell: tell ?? null })
  const people = new People(world)
  let isOver = false
  const story = live(world, people, first ?? null).then(
    () => (isOver = true),
    (error: unknown) => {
      world.fail(`the run itself failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
    },
  )
  await world.scheduler.run(() => {
    if (world.scheduler.steps > mostSteps) world.fail(`after ${mostSteps} steps there is no end`)
    return isOver || world.broken !== null
  })
  if (isOver) await story
  else if (world.broken === null) world.fail('nothing moves any more, and not everything is done')
  const { broken, scheduler, faults, lives } = world
  return { seed, broken, steps: scheduler.steps, trace: scheduler.trace, lives, counts: faults.counts }
}

async function live(world: World, people: People, first: RareBurst | null): Promise<void> {
  world.boot()
  await people.furnish(first === null ? null : first === 'beyond a slice' ? 4 : 2)
  world.faults.isOn = true
  await misfortunes(world, people, first)
  await heal(world)
  // Nobody helps: what is due comes by itself.
  await comeToRest(world, people, 'but what is held')
  await resumeAll(people)
  await comeToRest(world, people, 'all')
  mustBeSpread(world)
  if (world.faults.isCalm) world.unsettled.mustBeDelivered()
}

/** Bursts of events over a span of time, and everything that goes wrong meanwhile. */
async function misfortunes(world: World, people: People, first: RareBurst | null): Promise<void> {
  const { dice, scheduler } = world
  const span = first === 'to nobody' ? days(8) : spanOf(world)
  const end = scheduler.now + span
  const bursts = [0, ...Array.from({ length: dice.between(1, 5) }, () => dice.below(span))]
  planDeeds(people, span, bursts)
  const isLong = span > days(90) && !world.faults.isCalm
  if (isLong) scheduler.after(minutes(1), 'a webhook is forgotten', () => void people.busily(() => forgetOne(people)))
  for (const [index, at] of bursts.entries()) {
    scheduler.after(at, 'a burst begins', () => void people.busily(() => burst(people, index === 0 ? first : null)))
  }
  while (scheduler.now < end) await world.sleep(Math.min(hours(6), end - scheduler.now))
  while (scheduler.steps < leastSteps || world.ledger.lastSequence < leastEvents) {
    await publish(people, anyBurst(people))
    await world.sleep(dice.spread(seconds(1), minutes(30)))
  }
}

/** Mostly minutes to weeks; now and then longer than anything is kept. */
function spanOf({ dice }: World): Duration {
  return dice.chance(0.1) ? days(dice.between(100, 140)) : dice.spread(minutes(1), days(35))
}

/** Nothing goes wrong any more: who is down comes back. */
async function heal(world: World): Promise<void> {
  world.faults.isOn = false
  world.ledger.healedAt = world.scheduler.now
  world.diskFullUntil = 0
  world.network.heal()
  world.tell(() => 'everything is healed')
  if (world.life === null) world.bootAfter(seconds(1))
  else if (world.life.writer.isBroken) await world.restart()
}

/** Everything that was accepted comes to an end, within a bound. */
async function comeToRest(world: World, people: People, what: Rest): Promise<void> {
  const limit = world.scheduler.now + drainLimit
  let wait = seconds(1)
  while (people.busy > 0 || !world.unsettled.isEmpty(what)) {
    if (world.scheduler.now > limit) {
      const rest = people.busy > 0 ? 'somebody' : world.unsettled.inWords(what)
      return world.fail(`${rest} still waits, ${drainLimit / days(1)} days after everything was healed`)
    }
    await world.sleep(wait)
    wait = Math.min(wait * 2, hours(6))
  }
}

function mustBeSpread(world: World): void {
  const { spreads } = world.ledger
  const isSpread = Math.max(...spreads) - Math.min(...spreads) > leastSpread
  if (spreads.length >= enoughSpreads && !isSpread)
    world.fail('receivers that come back meet all their retries at once')
}

/** So many waits are never all alike by chance. */
const enoughSpreads = 12
const leastSpread = 0.02
