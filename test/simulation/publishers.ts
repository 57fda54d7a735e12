/** Those who post: in bursts, some of them again, some of them twice at once. */
import { seconds } from '#src/domain/time.ts'
import type { Posted } from '#src/pipeline/accept.ts'
import { happen } from './commands.ts'
import type { People } from './people.ts'
import { tenants, triggers } from './people.ts'

/** How a burst is made. */
export type Burst = { publishers: number; posts: number; eventsPerPost: number; size: number }

/** An ordinary burst: about as many events as a busy minute has. */
export function anyBurst({ world: { dice } }: People): Burst {
  return {
    publishers: dice.between(1, 3),
    posts: dice.between(2, 12),
    eventsPerPost: dice.pick([1, 1, 2, 4]),
    size: 0,
  }
}

/** While nobody answers: more than a lane holds, or bodies that take more memory than there is for them. */
export async function flood(people: People, burst: Burst): Promise<void> {
  const { world } = people
  for (const { guises } of world.ledger.webhooks.values()) {
    const uri = guises.at(-1)?.uri
    if (uri !== undefined) world.network.takeDown(new URL(uri).host, seconds(60), 'a request is lost on its way')
  }
  await publish(people, burst)
}

/** Everybody posts; resolves when all of them know what became of it. */
export async function publish(people: People, burst: Burst): Promise<void> {
  await Promise.all(Array.from({ length: burst.publishers }, () => people.busily(() => publishOne(people, burst))))
}

async function publishOne(people: People, { posts, eventsPerPost, size }: Burst): Promise<void> {
  const { world } = people
  for (let count = 0; count < posts; count += 1) {
    await world.sleep(world.dice.chance(0.05) ? world.dice.spread(100, seconds(20)) : world.dice.below(30))
    if (world.dice.chance(0.1)) await happenOnce(people)
    else await postOnce(people, people.fresh(eventsPerPost, size))
  }
}

/** A change that causes an event, told to each audience in other words. */
async function happenOnce(people: People): Promise<void> {
  const { dice } = people.world
  const plain = `"${dice.id(0)}"`
  const fuller = [1, 2, 3] as const
  await people.command(happen, {
    tenant: dice.pick(tenants),
    trigger: dice.pick(triggers),
    body: Buffer.from(plain),
    bodies: fuller.map((audience) => ({ audience, body: Buffer.from(`${plain.slice(0, -1)} for ${audience}"`) })),
  })
}

async function postOnce(people: People, posted: readonly Posted[]): Promise<void> {
  const { faults } = people.world
  const named = posted.filter(({ id, idempotencyKey }) => id !== null || idempotencyKey !== null)
  if (named.length > 0 && faults.strikes('an event is posted in parallel')) {
    await Promise.all([people.post(posted), people.post(named), people.post(named)])
  } else {
    await people.post(posted)
  }
  if (named.length > 0 && faults.strikes('an event is posted again')) await people.post(named)
  if (named.length > 0 && faults.strikes('an id is used for something else')) {
    await people.post(named.map((event) => ({ ...event, body: Buffer.from('"something else"') })))
  }
}
