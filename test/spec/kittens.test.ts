import { describe, expect, test } from 'vitest'
import { aClient, aWebhook, make } from '../people.ts'
import { aWorld } from '../world.ts'

const max = { name: 'Max', breed: 'unknown', fluffiness: 5, cuteness: 10 }

async function aWorldWithMax() {
  const world = await aWorld()
  await make(world, '/api/kittens', { name: 'Fluffums', breed: 'calico', fluffiness: 6, cuteness: 7 })
  await make(world, '/api/kittens', max)
  return world
}

describe('the kittens', () => {
  test.each(['/api/kittens', '/kittens'])('are listed at %s', async (path) => {
    const world = await aWorldWithMax()

    const { status, body } = await world.call('GET', path)

    expect(status).toBe(200)
    expect(body).toEqual([
      { id: 1, name: 'Fluffums', breed: 'calico', fluffiness: 6, cuteness: 7 },
      { id: 2, ...max },
    ])
  })

  test.each(['/api/kittens/2', '/kittens/2'])('are fetched one by one at %s, as the page shows it', async (path) => {
    const world = await aWorldWithMax()

    expect(await world.call('GET', path)).toMatchObject({ status: 200, body: { id: 2, ...max } })
  })

  test('are deleted as the page shows it, and are gone from then on', async () => {
    const world = await aWorldWithMax()

    const deleted = await world.call('DELETE', '/api/kittens/2', { headers: { 'content-type': 'application/json' } })
    const again = await world.call('DELETE', '/kittens/2')
    const fetched = await world.call('GET', '/api/kittens/2')
    const list = await world.call<{ id: number }[]>('GET', '/api/kittens')

    expect(deleted).toMatchObject({ status: 200, body: { id: 2, deleted: ':(' } })
    expect(again).toMatchObject({ status: 410, body: { error: { code: 'kitten_gone' } } })
    expect(fetched).toMatchObject({ status: 410, body: { error: { code: 'kitten_gone' } } })
    expect(list.body.map(({ id }) => id)).toEqual([1])
  })

  test('can be asked after without a body (RFC 9110 §9.3.2)', async () => {
    const world = await aWorldWithMax()

    expect((await world.call('HEAD', '/api/kittens/2')).status).toBe(200)
    expect((await world.call('HEAD', '/api/kittens/99')).status).toBe(404)
  })

  test('keep their ids: who comes after a deleted one does not get its id', async () => {
    const world = await aWorldWithMax()

    await world.call('DELETE', '/api/kittens/2')

    expect(await make(world, '/api/kittens', { ...max, name: 'Moritz' })).toMatchObject({ id: 3 })
  })

  test('cause events for whoever listens', async () => {
    const world = await aWorldWithMax()
    const receiver = await world.aReceiver()
    const client = await aClient(world, undefined, ['kittens'])
    await aWebhook(world, client, { receiver, triggers: ['kittens:create', 'kittens:delete'] })

    await make(world, '/api/kittens', { ...max, name: 'Zoë' })
    await world.quiet()
    await world.call('DELETE', '/api/kittens/3')
    await world.quiet()

    expect(receiver.received.map(({ headers, body }) => [headers['X-Patreon-Event'], String(body)])).toEqual([
      ['kittens:create', '{"breed":"unknown","cuteness":10,"fluffiness":5,"id":3,"name":"Zo\\u00eb"}'],
      ['kittens:delete', '{"deleted":":(","id":3}'],
    ])
  })

  test.each([
    ['without a key', 'GET', '/api/kittens', null, 401, 'key_missing'],
    ['with a wrong key', 'GET', '/api/kittens', 'woof', 401, 'key_wrong'],
    ['for a kitten that never was', 'GET', '/api/kittens/99', undefined, 404, 'kitten_not_found'],
    ['for something that is no id', 'DELETE', '/api/kittens/max', undefined, 404, 'kitten_not_found'],
    ['with a wrong method', 'PUT', '/api/kittens/2', undefined, 405, 'method_not_allowed'],
  ] as const)('refuse a call %s', async (_what, method, path, as, status, code) => {
    const world = await aWorldWithMax()

    const answer = await world.call(method, path, as === undefined ? {} : { as })

    expect(answer).toMatchObject({ status, body: { error: { code, message: expect.stringMatching(/./) } } })
  })

  test('refuse to be shown as anything but JSON', async () => {
    const world = await aWorldWithMax()

    const answer = await world.call('GET', '/api/kittens', { headers: { accept: 'text/html' } })

    expect(answer).toMatchObject({ status: 406, body: { error: { code: 'answer_not_acceptable', field: 'Accept' } } })
  })

  test('can be read with a key for kittens, which opens nothing else', async () => {
    const world = await aWorldWithMax()
    const { key } = await make<{ key: string }>(world, '/api/v1/keys', { name: 'kittens', scopes: ['kittens'] })

    expect((await world.call('GET', '/api/kittens/2', { as: key })).status).toBe(200)
    expect((await world.call('GET', '/api/kittens/2', { as: `Bearer ${key}` })).status).toBe(200)
    expect(await world.call('GET', '/api/v1/clients', { as: key })).toMatchObject({
      status: 403,
      body: { error: { code: 'scope_missing' } },
    })
  })

  test('cannot be read with a key that was revoked', async () => {
    const world = await aWorldWithMax()
    const { id, key } = await make<{ id: string; key: string }>(world, '/api/v1/keys', {
      name: 'old',
      scopes: ['kittens'],
    })

    await world.call('DELETE', `/api/v1/keys/${id}`)

    expect((await world.call('GET', '/api/kittens/2', { as: key })).status).toBe(401)
  })
})
