/** Those who post: in bursts, some of them again, some of them twice at once. */
import { type Duration, days, seconds } from '#src/domain/time.ts'
import type { Posted } from '#src/pipeline/accept.ts'
import { happen } from './commands.ts'
import type { People } from './people.ts'
import { tenants, triggers } from './people.ts'

/** How a burst is made. */
export type Burst = {
  publishers: number
  posts: number
  eventsPerPost: number
  /** Bytes of a body; 0 for a small one. */
  size: number
  /** One after another, without a pause. */
  isRush: boolean
}

/** An ordinary burst: about as many events as a busy minute has. */
export function anyBurst({ world: { dice } }: People): Burst {
  return {
    publishers: dice.between(1, 3),
    posts: dice.between(2, 12),
    eventsPerPost: dice.pick([1, 1, 2, 4]),
    size: 0,
    isRush: false,
  }
}

/** A burst that is too much for something, or that nobody answers for a week. */
export type RareBurst = 'beyond a slice' | 'beyond a lane' | 'beyond the budget' | 'to nobody'

const rare: Record<Exclude<RareBurst, 'to nobody'>, Burst> = {
  'beyond a slice': { publishers: 1, posts: 3, eventsPerPost: 490, size: 0, isRush: true },
  'beyond a lane': { publishers: 1, posts: 19, eventsPerPost: 450, size: 0, isRush: true },
  'beyond the budget': { publishers: 1, posts: 4, eventsPerPost: 90, size: 256 * 1024, isRush: true },
}

/** A burst of some kind: now and then one that is too much for something. */
export async function burst(people: People, kind: RareBurst | null): Promise<void> {
  const { dice, faults, ledger } = people.world
  const isSmall = ledger.webhooks.size <= 2 && !faults.isCalm
  const chosen =
    kind ?? (isSmall && dice.chance(0.003) ? dice.pick(['beyond a lane', 'beyond the budget'] as const) : null)
  if (chosen === 'to nobody') return await publishToNobody(people)
  if (chosen === null) return await publish(people, dice.chance(0.01) ? rare['beyond a slice'] : anyBurst(people))
  if (chosen !== 'beyond a slice') silence(people, seconds(60))
  await publish(people, rare[chosen])
}

/** Long enough for webhooks to be given a rest, if there is still something to send at the end. */
async function publishToNobody(people: People): Promise<void> {
  silence(people, days(8))
  await publish(people, anyBurst(people))
  await people.world.sleep(days(5.5))
  await publish(people, anyBurst(people))
}

/** Nobody answers for a while. */
function silence({ world: { ledger, network, faults } }: People, length: Duration): void {
  faults.isCalm = false
  for (const { guises } of ledger.webhooks.values()) {
    const uri = guises.at(-1)?.uri
    if (uri !== undefined) network.takeDown(new URL(uri).host, length, 'a request is lost on its way')
  }
}

/** Everybody posts; resolves when all of them know what became of it. */
export async function publish(people: People, burst: Burst): Promise<void> {
  await Promise.all(Array.from({ length: burst.publishers }, () => people.busily(() => publishOne(people, burst))))
}

async function publishOne(people: People, { posts, eventsPerPost, size, isRush }: Burst): Promise<void> {
  const { world } = people
  for (let count = 0; count < posts; count += 1) {
    if (!isRush) await world.sleep(world.dice.chance(0.05) ? world.dice.spread(100, seconds(20)) : world.dice.below(30))
    if (!isRush && world.dice.chance(0.1)) await happenOnce(people)
    else await postOnce(people, people.fresh(eventsPerPost, { size, isRush }))
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
