/** What people and the world do to a server while it works. */
import { type Duration, days, hours, minutes, seconds } from '#src/domain/time.ts'
import { grantTenant, replacePair, withdrawTenant } from '#src/registration/clients.ts'
import { deleteWebhook, describeWebhook, pauseWebhook, resumeWebhook } from '#src/registration/webhooks.ts'
import type { FaultName } from './faults.ts'
import type { Story } from './ledger.ts'
import { mishaps } from './network.ts'
import { type People, tenants } from './people.ts'
import { anyBurst, publish } from './publishers.ts'
import { drainLimit } from './world.ts'

/** Everything that is done at a moment of its own. */
const deeds: Partial<Record<FaultName, (people: People) => Promise<void>>> = {
  'dies at any time': async ({ world }) => world.life?.die('at any time'),
  'is stopped and started': ({ world }) => world.restart(),
  'the disk is full for a while': async ({ world }) => {
    world.diskFullUntil = world.scheduler.now + world.dice.spread(100, minutes(10))
  },
  'the clock jumps ahead': async (people) => jump(people, 1),
  'the clock jumps back': async (people) => jump(people, -1),
  'a receiver is down for a while': (people) => takeDown(people),
  'a webhook is paused': (people) => forAny(people, (id) => people.command(pauseWebhook, { id })),
  'a webhook is resumed': (people) => forAny(people, (id) => resume(people, id)),
  'a webhook is deleted': (people) =>
    forAny(people, async (id) => {
      await people.command(deleteWebhook, { id })
      people.world.life?.engine.wake()
    }),
  'a webhook is pointed elsewhere': (people) =>
    forAny(people, (id) => people.command(describeWebhook, { id, changed: { uri: people.freshUri() } })),
  'a webhook is registered meanwhile': (people) => people.register(),
  'a tenant is withdrawn': async (people) => {
    const { dice } = people.world
    await people.command(withdrawTenant, { id: dice.pick(people.clientIds), tenant: dice.pick(tenants) })
  },
  'a tenant is granted': async (people) => {
    const { dice } = people.world
    await people.command(grantTenant, { id: dice.pick(people.clientIds), tenant: dice.pick(tenants) })
  },
  'a pair is replaced': async (people) => {
    await people.command(replacePair, { id: people.world.dice.pick(people.clientIds) })
  },
  'a delivery is asked for again': (people) => askAgain(people),
}

/** Does everything that this seed has, each a few times, spread over a span or close to its bursts. */
export function planDeeds(people: People, span: Duration, bursts: readonly Duration[]): void {
  const { world } = people
  for (const [name, deed] of Object.entries(deeds) as [FaultName, (people: People) => Promise<void>][]) {
    if (!world.faults.has(name)) continue
    for (let count = world.dice.between(1, 4); count > 0; count -= 1) {
      const near = world.dice.pick(bursts) + world.dice.spread(1, minutes(3))
      const wait = world.dice.chance(0.7) ? near : world.dice.below(span)
      world.scheduler.after(wait, name, () => {
        if (!world.faults.isOn) return
        world.faults.met(name)
        world.tell(() => name)
        void people.busily(() => deed(people))
      })
    }
  }
}

/** Somebody pauses a webhook and forgets about it. */
export const forgetOne = (people: People): Promise<void> => forAny(people, (id) => people.command(pauseWebhook, { id }))

/** All that people stopped is set going again. */
export async function resumeAll(people: People): Promise<void> {
  for (const { id, isDeleted } of people.world.ledger.webhooks.values()) if (!isDeleted) await resume(people, id)
}

async function resume(people: People, id: string): Promise<void> {
  const { world } = people
  const seen = people.busily(() => lookOn(people, id))
  await people.command(resumeWebhook, { id })
  world.life?.engine.wake()
  await seen
}

/** Somebody waits for a minute to see how the next attempt ends; it is written down by then. */
async function lookOn({ world }: People, id: string): Promise<void> {
  const enough = new AbortController()
  world.scheduler.after(minutes(1), 'somebody has seen enough', () => enough.abort())
  const learnt = await world.ask((life) => life.engine.nextOutcome(id, enough.signal))
  if (learnt.kind !== 'answered' || learnt.answer === null) return
  world.faults.met('somebody sees how the next attempt ends')
  if (!world.ledger.written.has(learnt.answer)) world.fail(`an attempt at ${id} is seen before it is written down`)
}

/** Mostly for hours; now and then for so long that its webhook is given a rest, if somebody still wants something of it. */
async function takeDown(people: People): Promise<void> {
  const { world } = people
  const { dice, network, scheduler } = world
  const isLong = dice.chance(0.3)
  const one = anyWebhook(world.ledger.webhooks.values(), dice)
  const struck = isLong ? [...world.ledger.webhooks.values()] : one === undefined ? [] : [one]
  const length = isLong ? days(dice.between(6, 12)) : dice.spread(seconds(1), days(1))
  const how = dice.pick(mishaps.filter((name) => name !== 'answers 410'))
  for (const { guises } of struck) {
    const uri = guises.at(-1)?.uri
    if (uri !== undefined) network.takeDown(new URL(uri).host, length, how)
  }
  if (!isLong) return
  scheduler.after(days(5.5), 'a burst begins', () => void people.busily(() => publish(people, anyBurst(people))))
}

/** Back at most so far in all that everything healed can still wait for it. */
function jump({ world }: People, direction: 1 | -1): void {
  const length = world.dice.pick([seconds(1), seconds(40), hours(1), hours(24), days(3)])
  const lowest = -(drainLimit - days(9))
  world.offset = Math.max(lowest, world.offset + direction * length)
}

async function askAgain(people: People): Promise<void> {
  const { world } = people
  const ways = [...world.ledger.ways.values()]
  if (ways.length === 0) return
  const { key } = world.dice.pick(ways)
  await world.ask((life) => life.store.deliveries.redeliver(key, life.clock.now()))
  world.life?.engine.wake()
}

async function forAny(people: People, deed: (id: string) => Promise<unknown>): Promise<void> {
  const { world } = people
  const webhook = anyWebhook(world.ledger.webhooks.values(), world.dice)
  if (webhook !== undefined) await deed(webhook.id)
}

function anyWebhook(all: Iterable<Story>, dice: { pick<One>(list: readonly One[]): One }): Story | undefined {
  const present = [...all].filter(({ isDeleted }) => !isDeleted)
  return present.length === 0 ? undefined : dice.pick(present)
}
