import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sliceOf } from '#src/http/slice.ts'
import { holdStore } from '../held-store.ts'
import { aListener, make } from '../people.ts'
import { aWorld, type World } from '../world.ts'

type Receipt = { id: string; status: string; sequence: number }

const tenantAndTrigger = '"tenant":"acme","trigger":"invoice:paid"'
const around = (body: string): string => `{${tenantAndTrigger},"body":${body}}`

const publish = (world: World, body: string | Buffer, headers: Record<string, string> = {}) =>
  world.call<Receipt>('POST', '/api/v1/events', { body, headers })

const publishBatch = (world: World, lines: string) =>
  world.call<{ data: Receipt[] }>('POST', '/api/v1/events/batch', {
    body: lines,
    headers: { 'content-type': 'application/x-ndjson' },
  })

/** A world with a receiver that hears what is published. */
async function anAudience(...answering: number[]) {
  const world = await aWorld()
  const receiver = await world.aReceiver(...answering)
  await aListener(world, receiver)
  const heard = async () => {
    await world.quiet()
    return receiver.received.map(({ body }) => body.toString('utf8'))
  }
  return { world, receiver, heard }
}

const bodies: readonly (readonly [what: string, json: string])[] = [
  ['a number as it was spelled', '1.0'],
  ['a number that no double holds', '1e400'],
  ['a number with many digits', '12345678901234567890.10'],
  ['minus zero', '-0'],
  ['escapes as they were spelled', '"\\u00e9 é \\/ / \\ud83d\\ude00"'],
  ['half a character, escaped', '"\\ud800"'],
  ['a line separator', '"\u2028\ufeff"'],
  ['keys in their order', '{"b":1,"a":2,"10":3,"9":4}'],
  ['a key twice', '{"a":1,"a":2}'],
  ['a word of JavaScript', '{"__proto__":{"x":1},"constructor":null}'],
  ['spaces within', '{ "a" :\t[ 1 , 2 ] }'],
  ['brackets in a text', '"}]{[\\"\\\\"'],
  ['nothing', 'null'],
  ['an empty text', '""'],
  ['99 lists in one another', '['.repeat(99) + ']'.repeat(99)],
]

describe('a receiver gets the bytes that were posted', () => {
  test('one by one and in batches, whatever they spell', async () => {
    const { world, receiver, heard } = await anAudience()

    for (const [what, body] of bodies) {
      receiver.received.length = 0
      const one = await publish(world, around(body))
      const many = await publishBatch(world, `\n${around(body)}\r\n{ "body" : ${body} , ${tenantAndTrigger} }`)

      expect([one.status, many.status], what).toEqual([202, 202])
      expect(await heard(), what).toEqual([body, body, body])
      expect((await world.call('GET', `/api/v1/events/${one.body.id}`)).status, what).toBe(200)
    }
  })

  test('whatever stands around them', () => {
    const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/)
    const value = fc.tuple(fc.json(), space).map(([json, indent]) => JSON.stringify(JSON.parse(json), null, indent))
    const name = fc.string().filter((text) => text !== 'body')
    const other = fc.tuple(name, value).map(([key, json]) => `${JSON.stringify(key)}:${json}`)
    const spelling = fc.constantFrom('"body"', '"b\\u006fdy"', '"\\u0062ody"')

    fc.assert(
      fc.property(fc.array(other), spelling, value, fc.array(other), space, (before, key, body, after, gap) => {
        const fields = [...before, `${key}${gap}:${gap}${body}`, ...after].join(`${gap},${gap}`)
        const slice = sliceOf(Buffer.from(`${gap}{${gap}${fields}${gap}}${gap}`), 'body')
        expect(Buffer.from(slice ?? []).toString('utf8')).toBe(body)
      }),
    )
  })

  test('up to 256 KiB of them', async () => {
    const { world, heard } = await anAudience()
    const body = `"${'é'.repeat(128 * 1024 - 1)}"`

    expect((await publish(world, around(body))).status).toBe(202)
    expect(await heard()).toEqual([body])
    expect((await publish(world, around(`${body.slice(0, -1)}x"`))).status).toBe(413)
  })
})

describe('publishing the same thing twice', () => {
  test.each([
    ['with an idempotency key', { 'idempotency-key': 'order-7' }, around('{"n":1}')],
    ['with an id', {}, `{"id":"order-7",${around('{"n":1}').slice(1)}`],
  ])('200 times at once %s makes one event and one answer', async (_how, headers, body) => {
    const { world, heard } = await anAudience()

    const answers = await Promise.all(Array.from({ length: 200 }, () => publish(world, body, headers)))

    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(199)
    expect(new Set(answers.map(({ body: { id, sequence } }) => `${id} ${sequence}`)).size).toBe(1)
    expect(await heard()).toEqual(['{"n":1}'])
  })

  test('200 times at once in a batch makes one event, and everybody is told which', async () => {
    const { world, heard } = await anAudience()
    const line = `{"id":"order-7",${around('{"n":1}').slice(1)}`

    const answers = await Promise.all(Array.from({ length: 200 }, () => publishBatch(world, line)))

    const receipts = answers.flatMap(({ body: { data } }) => data)
    expect(receipts.filter(({ status }) => status === 'accepted')).toHaveLength(1)
    expect(receipts.filter(({ status }) => status === 'repeated')).toHaveLength(199)
    expect(new Set(receipts.map(({ id, sequence }) => `${id} ${sequence}`)).size).toBe(1)
    expect(await heard()).toEqual(['{"n":1}'])
  })

  test('with other bytes is refused, though they mean the same', async () => {
    const { world, heard } = await anAudience()
    const key = { 'idempotency-key': 'order-7' }
    await publish(world, around('1.0'), key)

    const other = await publish(world, around('1.00'), key)

    expect(other).toMatchObject({ status: 409, body: { error: { code: 'idempotency_key_taken' } } })
    expect(await heard()).toEqual(['1.0'])
  })

  test('is two events when two tenants do it', async () => {
    const { world } = await anAudience()
    const key = { 'idempotency-key': 'order-7' }

    const one = await publish(world, around('1'), key)
    const other = await publish(world, around('1').replace('acme', 'globex'), key)

    expect([one.status, other.status]).toEqual([202, 202])
    expect(one.body.id).not.toBe(other.body.id)
  })

  test('without a key or an id is two events', async () => {
    const { world, heard } = await anAudience()

    await publish(world, around('1'))
    await publish(world, around('1'))

    expect(await heard()).toEqual(['1', '1'])
  })
})

describe('a batch', () => {
  test('is answered line by line, in order', async () => {
    const { world, heard } = await anAudience()
    const line = (id: string, body: string) => `{"id":"${id}",${around(body).slice(1)}\n`

    const { status, body } = await publishBatch(
      world,
      line('a', '1') + line('b', '2') + line('a', '1') + line('a', '3'),
    )

    expect(status).toBe(202)
    expect(body.data.map(({ id, status: what }) => `${id} ${what}`)).toEqual([
      'a accepted',
      'b accepted',
      'a repeated',
      'a taken',
    ])
    expect((await heard()).sort()).toEqual(['1', '2'])
  })

  test('is kept whole or not at all', async () => {
    const { world, heard } = await anAudience()

    const { status } = await publishBatch(world, `${around('1')}\n${around('2')}\n${around('nonsense')}\n`)

    expect(status).toBe(400)
    expect(await heard()).toEqual([])
    expect((await world.call<{ data: unknown[] }>('GET', '/api/v1/events')).body.data).toEqual([])
  })

  test('has up to 1,000 events, and each is delivered', async () => {
    const { world, heard } = await anAudience()
    const lines = Array.from({ length: 1_000 }, (_, count) => around(String(count))).join('\n')

    expect((await publishBatch(world, lines)).body.data).toHaveLength(1_000)
    expect(new Set(await heard()).size).toBe(1_000)
  })
})

describe('when the disk keeps everybody waiting', () => {
  test('what does not fit into memory is refused at once, with a time to come back', async () => {
    const { world } = await anAudience()
    const release = holdStore(world)
    const batch = `${around(`"${'x'.repeat(250_000)}"`)}\n`.repeat(32)

    // 8 MB each: ten of them are more than may wait, and none of them can be written.
    const all = Array.from({ length: 10 }, () => publishBatch(world, batch))
    const first = await Promise.race(all)
    release()
    const answers = await Promise.all(all)

    expect(first).toMatchObject({ status: 503, body: { error: { code: 'overloaded' } } })
    expect(Number(first.headers.get('retry-after'))).toBeGreaterThan(0)
    const accepted = answers.filter(({ status }) => status === 202)
    expect(accepted.length).toBeGreaterThan(0)
    expect(world.server.load().lastSequence).toBe(accepted.length * 32)
  })

  test('what could not be written is refused, and nothing of it is kept', async () => {
    const { world } = await anAudience()
    const release = holdStore(world)

    const refused = await publish(world, around('1'))
    release()

    expect(refused).toMatchObject({ status: 503, body: { error: { code: 'unavailable' } } })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(
      (await make<Receipt>(world, '/api/v1/events', { tenant: 'acme', trigger: 'invoice:paid', body: 1 })).sequence,
    ).toBe(1)
  })
})
