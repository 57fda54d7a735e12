import { describe, expect, test } from 'vitest'
import { garbleStore } from '../garbled-store.ts'
import { aWorld, type World } from '../world.ts'

const ready = async (world: World) => {
  const { status, body, headers } = await world.call<{ status: string }>('GET', '/health/ready', { as: null })
  return { status, says: body.status, cached: headers.get('cache-control') }
}

const isReady = { status: 200, says: 'ready', cached: 'no-store' }

const live = async (world: World) => (await world.call('GET', '/health/live', { as: null })).status

const aKitten = (world: World) =>
  world.call('POST', '/api/kittens', { body: { name: 'Pip', fluffiness: 6, cuteness: 9 } })

describe('whoever watches over a server', () => {
  test('is told that it is not ready when what is on the disk is in doubt, and nothing more is written', async () => {
    const world = await aWorld()
    expect(await ready(world)).toEqual(isReady)
    await world.stop()
    await world.start()
    // What is read now stays in memory.
    await world.call('GET', '/api/kittens')

    garbleStore(world.folder)
    const refused = [await aKitten(world), await aKitten(world)]

    expect(refused.map(({ status }) => status)).toEqual([503, 503])
    expect(await ready(world)).toEqual({ ...isReady, status: 503, says: 'store_broken' })
    expect(await live(world)).toBe(200)
    expect(await world.server.broke).toMatchObject({ message: expect.stringContaining('malformed') })
  })
})
