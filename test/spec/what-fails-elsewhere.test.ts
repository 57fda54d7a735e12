/** What users of other webhook servers lost time or events to, each by the name of what went wrong there. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { describe, expect, test } from 'vitest'
import { days, hours, minutes } from '#src/domain/time.ts'
import { aListener, aPerson, aWebhook, deliveryOf, invoicePaid } from '../people.ts'
import { aWorld, type World } from '../world.ts'

type Receipt = { id: string; sequence: number }

describe('what fails elsewhere', () => {
  test('a worker that stops for good after five errors: here any number of them passes', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver()
    await aListener(world, receiver)

    const repair = breakWrites(world, 'before insert on attempts')
    for (let number = 0; number < 10; number += 1) {
      await invoicePaid(world)
      await world.quiet()
    }
    repair()
    const after = await invoicePaid(world)
    await world.quiet()

    expect(await deliveryOf(world, after.id)).toMatchObject({ status: 'delivered', attempts_made: 1 })
  })

  test('a check and then an insert that race: 200 equal posts at once are one event with one answer', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver()
    await aListener(world, receiver)
    const body = { tenant: 'acme', trigger: 'invoice:paid', body: { paid: true } }
    const headers = { 'idempotency-key': 'invoice-1' }

    const answers = await Promise.all(
      Array.from({ length: 200 }, () => world.call<Receipt>('POST', '/api/v1/events', { body, headers })),
    )
    await world.quiet()

    const said = answers.map(({ body: { id, sequence } }) => `${id} ${sequence}`)
    expect(new Set(said).size).toBe(1)
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(199)
    expect(receiver.received).toHaveLength(1)
  })

  test('a stored answer that is too large for the log: it is cut, and the schedule goes on', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver({ status: 500, body: 'x'.repeat(10 * 1024 * 1024) }, 200)
    await aListener(world, receiver)

    const event = await invoicePaid(world)
    await world.pass(minutes(1))

    const { attempts, ...delivery } = await deliveryOf(world, event.id)
    expect(delivery).toMatchObject({ status: 'delivered', attempts_made: 2 })
    expect(attempts[0]?.answer).toMatchObject({ status: 500, is_cut: true })
    expect(attempts[0]?.answer?.body).toHaveLength(16 * 1024)
  })

  test('one oversized batch that wedges a queue: it is refused as a whole, and the next is delivered', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver()
    await aListener(world, receiver)
    const line = (body: string) => `{"tenant":"acme","trigger":"invoice:paid","body":${body}}`
    const post = (lines: readonly string[]) =>
      world.call('POST', '/api/v1/events/batch', {
        body: lines.join('\n'),
        headers: { 'content-type': 'application/x-ndjson' },
      })

    const tooLarge = await post(Array.from({ length: 60 }, () => line(`"${'x'.repeat(200 * 1024)}"`)))
    const tooMany = await post(Array.from({ length: 1_001 }, () => line('1')))
    const next = await post([line('1'), line('2')])
    await world.quiet()

    expect([tooLarge.status, tooMany.status, next.status]).toEqual([413, 422, 202])
    expect(receiver.received.map(({ body }) => body.toString()).toSorted()).toEqual(['1', '2'])
  })

  test('retries that collide across the destinations of one event: each has its own history', async () => {
    const world = await aWorld()
    const receivers = await Promise.all([1, 2, 3, 4, 5].map(() => world.aReceiver(500, 500, 200)))
    const { client } = await aListener(world, receivers[0] ?? (await world.aReceiver()))
    for (const receiver of receivers.slice(1)) await aWebhook(world, client, { receiver, triggers: ['invoice:paid'] })

    const event = await invoicePaid(world)
    await world.pass(hours(1))

    expect(receivers.map(({ received }) => received.length)).toEqual([3, 3, 3, 3, 3])
    const { body } = await world.call<{ data: { status: string; attempts_made: number }[] }>(
      'GET',
      `/api/v1/deliveries?event_id=${event.id}`,
    )
    expect(body.data.map(({ status, attempts_made }) => `${status} ${attempts_made}`)).toEqual(
      Array.from({ length: 5 }, () => 'delivered 3'),
    )
  })

  test('redirects that are followed: the answer is a failure, and nobody is asked at the other place', async () => {
    const world = await aWorld()
    const elsewhere = await world.aReceiver()
    const receiver = await world.aReceiver({ status: 307, headers: { location: elsewhere.uri } }, 200)
    await aListener(world, receiver)

    const event = await invoicePaid(world)
    await world.pass(minutes(1))

    expect(elsewhere.received).toHaveLength(0)
    expect(await deliveryOf(world, event.id)).toMatchObject({ status: 'delivered', attempts_made: 2 })
  })

  test('an answer without an end that is read into memory: it is cut off, and its status counts', async () => {
    const world = await aWorld()
    const endless = await anEndlessReceiver()
    await aListener(world, { ...(await world.aReceiver()), uri: endless.uri })

    const event = await invoicePaid(world)
    await world.quiet()
    await endless.cutOff

    const { status, attempts } = await deliveryOf(world, event.id)
    expect(status).toBe('delivered')
    expect(attempts[0]?.answer).toMatchObject({ status: 200, is_cut: true })
    endless.close()
  })

  test('secrets that others can read: another’s clients and webhooks show nothing, not even that they are there', async () => {
    const world = await aWorld()
    const { client, webhook } = await aListener(world, await world.aReceiver())
    const stranger = await aPerson(world, 'stranger')

    const [client404, webhook404, missing, ...lists] = await Promise.all(
      [`clients/${client.id}`, `webhooks/${webhook.id}`, 'webhooks/999999', 'clients', 'webhooks'].map((path) =>
        world.call('GET', `/api/v1/${path}`, { as: stranger.key }),
      ),
    )

    expect([client404?.status, webhook404?.status, missing?.status]).toEqual([404, 404, 404])
    for (const { body } of lists) expect(body).toMatchObject({ data: [] })
  })

  test('credentials that go along when a webhook moves to another host: a request never has any', async () => {
    const world = await aWorld()
    const [before, after] = [await world.aReceiver(), await world.aReceiver()]
    const { webhook } = await aListener(world, before)
    const move = (uri: string) => world.call('PATCH', `/api/v1/webhooks/${webhook.id}`, { body: { uri } })

    await invoicePaid(world)
    await world.quiet()
    const withPassword = await move(after.uri.replace('http://', 'http://name:secret@'))
    const moved = await move(after.uri)
    await invoicePaid(world)
    await world.quiet()

    expect([withPassword.status, moved.status]).toEqual([422, 200])
    const names = after.received.flatMap(({ headers }) => Object.keys(headers).map((name) => name.toLowerCase()))
    expect(names).toContain('webhook-signature')
    expect(names.filter((name) => ['authorization', 'cookie', 'proxy-authorization'].includes(name))).toEqual([])
  })

  test('duplicates to every destination after one internal error: only what was not written down is sent again', async () => {
    const world = await aWorld()
    const receivers = await Promise.all([1, 2, 3].map(() => world.aReceiver()))
    const { client, webhook } = await aListener(world, receivers[0] ?? (await world.aReceiver()))
    for (const receiver of receivers.slice(1)) await aWebhook(world, client, { receiver, triggers: ['invoice:paid'] })

    const repair = breakWrites(world, `before insert on attempts when new.webhook_id = ${webhook.id}`)
    await invoicePaid(world)
    await world.quiet()
    repair()
    await world.stop()
    await world.start()
    await world.quiet()

    expect(receivers.map(({ received }) => received.length)).toEqual([2, 1, 1])
  })

  test('retention that locks the table: it goes in slices, and events are accepted between them', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver()
    await aListener(world, receiver)
    const lines = Array.from({ length: 600 }, (_, n) => `{"tenant":"acme","trigger":"invoice:paid","body":${n}}`)
    for (let batch = 0; batch < 2; batch += 1) {
      const headers = { 'content-type': 'application/x-ndjson' }
      await world.call('POST', '/api/v1/events/batch', { body: lines.join('\n'), headers })
    }
    await world.pass(days(30) - minutes(1))
    expect(kept(world)).toBe(1_200)

    while (kept(world) === 1_200) await nextWake(world)
    const afterOneSlice = kept(world)
    const accepted = await invoicePaid(world)

    expect(afterOneSlice).toBe(700)
    expect(accepted.sequence).toBe(1_201)
  })

  test('a list page that scans the log: it looks at so much and no more, and says where it goes on', async () => {
    const world = await aWorld()
    const receiver = await world.aReceiver()
    const { client, webhook } = await aListener(world, receiver)
    const other = await aWebhook(world, client, { receiver, triggers: ['invoice:paid'] })
    const { id } = await invoicePaid(world)
    await world.quiet()
    await aLogOf(world, { failed: 12_000, webhookId: other.id })

    const delivered = await pages(world, '/api/v1/deliveries?status=delivered', 'before')
    const paid = await pages(world, '/api/v1/events?trigger=invoice:void', 'after')
    const answer = await world.call<Page>('GET', `/api/v1/deliveries?webhook_id=${webhook.id}&status=delivered`)

    expect(delivered.map(({ length }) => length)).toEqual([0, 0, 2])
    expect(delivered.flat().map(({ event_id }) => event_id)).toEqual([id, id])
    expect(paid.map(({ length }) => length)).toEqual([0, 0, 0])
    // What an index serves is on the first page, however much lies before it.
    expect(answer.body).toMatchObject({ data: [{ event_id: id, webhook_id: webhook.id }], next: null })
  })
})

type Page = { data: { event_id: string }[]; next: string | null }

/** Every page of a list, as whoever follows it to its end sees it. */
async function pages(world: World, path: string, cursor: string): Promise<Page['data'][]> {
  const found: Page['data'][] = []
  for (let next: string | null = ''; next !== null; ) {
    const page: Page = (await world.call<Page>('GET', next === '' ? path : `${path}&${cursor}=${next}`)).body
    found.push(page.data)
    next = page.next
  }
  return found
}

/** Puts that many events into a store, as if one webhook had failed at each of them. */
async function aLogOf(world: World, { failed, webhookId }: { failed: number; webhookId: string }): Promise<void> {
  await world.stop()
  const db = new DatabaseSync(join(world.folder, 'tidings.db'))
  db.exec(`
    insert into events (sequence, id, tenant, trigger, accepted_at, body)
      with recursive counted(n) as (select 2 union all select n + 1 from counted where n <= ${failed})
      select n, 'e' || n, tenant, trigger, accepted_at, body from counted join events on sequence = 1;
    insert into deliveries (sequence, webhook_id, status, attempts_made, at)
      select sequence, ${webhookId}, 3, 1, accepted_at from events where sequence > 1;
    update numbers set value = ${failed} + 1 where name = 'journal_mark'`)
  db.close()
  await world.start()
}

/** Lets every write of a kind fail, as a mistake of ours or a broken page would; returns what repairs it. */
function breakWrites(world: World, when: string): () => void {
  const run = (sql: string) => {
    const db = new DatabaseSync(join(world.folder, 'tidings.db'), { timeout: 10_000 })
    db.exec(sql)
    db.close()
  }
  run(`create trigger broken ${when} begin select raise(abort, 'broken on purpose'); end`)
  return () => run('drop trigger broken')
}

/** Answers 200 and then goes on for as long as somebody listens. */
async function anEndlessReceiver() {
  const piece = Buffer.alloc(64 * 1024, 'x')
  let noteCut = () => {}
  const cutOff = new Promise<void>((resolve) => (noteCut = resolve))
  const server = createServer((request, response) => {
    request.resume()
    response.on('close', noteCut)
    const more = () => {
      while (response.writable && response.write(piece));
    }
    response.on('drain', more)
    more()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { uri: `http://127.0.0.1:${port}/hook`, cutOff, close: () => server.close() }
}

function kept(world: World): number {
  const db = new DatabaseSync(join(world.folder, 'tidings.db'), { readOnly: true })
  const { count } = db.prepare('select count(*) as count from events').get() as { count: number }
  db.close()
  return count
}

/** Time goes on to the next moment at which something wants to happen. */
async function nextWake(world: World): Promise<void> {
  const wakeAt = world.clock.nextWake() ?? world.clock.now()
  world.clock.pass(wakeAt - world.clock.now())
  await world.quiet()
}
