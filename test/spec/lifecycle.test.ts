import { rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig } from '#src/config.ts'
import { hours, minutes } from '#src/domain/time.ts'
import { start } from '#src/main.ts'
import { aListener, deliveryOf, invoicePaid } from '../people.ts'
import { aWorld } from '../world.ts'

describe('a server that is stopped and started again', () => {
  test('finds its accounts, keys, webhooks and events', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver()
    const { webhook } = await aListener(world, receiver)
    const event = await invoicePaid(world)
    await world.quiet()

    await world.stop()
    await world.start()

    expect((await world.call('GET', `/api/v1/webhooks/${webhook.id}`)).status).toBe(200)
    expect(await deliveryOf(world, event.id)).toMatchObject({ status: 'delivered', attempts_made: 1 })
    expect(receiver.received).toHaveLength(1)
  })

  test('goes on with the retries that were waiting', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver(500, 500, 200)
    await aListener(world, receiver)
    const event = await invoicePaid(world)
    await world.pass(minutes(1))

    await world.stop()
    await world.start()
    await world.pass(minutes(10))

    expect(await deliveryOf(world, event.id)).toMatchObject({ status: 'delivered', attempts_made: 3 })
  })

  test('delivers what became due while it was down', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver(500, 200)
    await aListener(world, receiver)
    const event = await invoicePaid(world)
    await world.quiet()

    await world.stop()
    world.clock.pass(hours(5))
    await world.start()
    await world.quiet()

    expect(await deliveryOf(world, event.id)).toMatchObject({ status: 'delivered' })
  })

  test('lets the operator in with the key that a start kept before it died', async () => {
    const world = await aWorld()
    const { key } = world
    await world.stop()
    for (const file of ['', '-wal', '-shm']) rmSync(join(world.folder, `tidings.db${file}`), { force: true })

    await world.start()

    expect(world.server.first?.key).toBe(key)
    expect((await world.call('GET', '/api/v1/accounts', { as: key })).status).toBe(200)
  })

  test('does not start with another key than its own, and says what to do', async () => {
    const world = await aWorld()
    await world.stop()
    const settings = {
      TIDINGS_DATA: world.folder,
      TIDINGS_PORT: '0',
      TIDINGS_KEY: Buffer.alloc(32, 7).toString('base64'),
    }

    await expect(start(readConfig(settings))).rejects.toThrow(/made with another key. Put that key back/)
    await world.start()
  })

  test('makes an operator once, and keeps what opens things to itself', async () => {
    const world = await aWorld()
    const first = world.server.first
    await world.stop()
    await world.start()

    expect(first).toMatchObject({ email: 'operator@localhost', link: expect.stringContaining('/welcome/') })
    expect(world.server.first).toBeNull()
    for (const name of ['key', 'operator-key']) expect(statSync(join(world.folder, name)).mode & 0o777).toBe(0o600)
    expect(statSync(world.folder).mode & 0o077).toBe(0)
  })
})
