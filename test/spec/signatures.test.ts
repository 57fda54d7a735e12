import { createHmac } from 'node:crypto'
import { Webhook as StandardWebhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { aClient, aWebhook, make } from '../people.ts'
import type { Receiver } from '../receiver.ts'
import { aWorld, type World } from '../world.ts'

const triggers = ['kittens:delete']

async function aKittenGoes(world: World): Promise<void> {
  const kitten = await make(world, '/api/kittens', { name: 'Tom', fluffiness: 1, cuteness: 2 })
  await world.call('DELETE', `/api/kittens/${kitten.id}`)
  await world.quiet()
}

/** By whose Patreon secret, and by whose standard secret, what a receiver heard is signed. */
function signersOf({ received }: Receiver, hooks: readonly { secret: string; standard_secret: string }[]) {
  const [{ headers, body } = { headers: {}, body: Buffer.of() }] = received
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  const md5 = (secret: string) => createHmac('md5', secret).update(body).digest('hex')
  const verifies = (secret: string) => {
    try {
      new StandardWebhook(secret).verify(body, lowerCase)
      return true
    } catch {
      // The library says by throwing that a signature is wrong.
      return false
    }
  }
  return {
    patreon: hooks.map(({ secret }) => md5(secret) === lowerCase['x-patreon-signature']),
    standard: hooks.map(({ standard_secret: secret }) => verifies(secret)),
  }
}

describe('V14 a delivery to one webhook', () => {
  test('is worth nothing at another of the same client, as each has secrets of its own', async () => {
    const world = await aWorld({ settings: { TIDINGS_CLOCK: 'machine' } })
    const client = await aClient(world, undefined, ['kittens'])
    const receivers = [await world.aReceiver(), await world.aReceiver()] as const
    const hooks = [
      await aWebhook(world, client, { receiver: receivers[0], triggers }),
      await aWebhook(world, client, { receiver: receivers[1], triggers }),
    ]
    world.clock.pass(Date.now() - world.clock.now())

    await aKittenGoes(world)

    expect(signersOf(receivers[0], hooks)).toEqual({ patreon: [true, false], standard: [true, false] })
    expect(signersOf(receivers[1], hooks)).toEqual({ patreon: [false, true], standard: [false, true] })
  })

  test('passes at another by Patreon’s signature alone where both sign with the client’s secret, as the page has it', async () => {
    const world = await aWorld()
    const client = await aClient(world, undefined, ['kittens'])
    const receivers = [await world.aReceiver(), await world.aReceiver()] as const
    const made = await Promise.all(
      receivers.map((receiver) => aWebhook(world, client, { receiver, triggers, signing_key: 'client' })),
    )
    const hooks = made.map((hook) => ({ ...hook, secret: client.secret }))
    world.clock.pass(Date.now() - world.clock.now())

    await aKittenGoes(world)

    expect(signersOf(receivers[0], hooks)).toEqual({ patreon: [true, true], standard: [true, false] })
  })
})
