import assert from 'node:assert/strict'
import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'vitest'
import { aPlace, type Running, urlIn } from './command-line.ts'

describe('tidings dev', () => {
  let place: Awaited<ReturnType<typeof aPlace>>

  beforeEach(async () => {
    place = await aPlace({ TIDINGS_PORT: '0' })
  })
  afterEach(() => place.leave())

  /** Starts the demo and waits for its final screen. */
  async function aDemo(): Promise<{ demo: Running; url: string; receiver: string }> {
    const demo = place.start(['dev'])
    await demo.line('Ctrl-C stops it')
    return { demo, url: urlIn(await demo.line('✓ server')), receiver: urlIn(await demo.line('✓ receiver')) }
  }

  const tidings = (url: string, ...args: string[]) => place.run(args, { TIDINGS_URL: url })
  const kitten = (url: string, id: number) =>
    fetch(`${url}/api/kittens/${id}`, { headers: { authorization: 'meowmeowmeow' } })

  test('the first start shows three verified deliveries with their headers, the operator’s link, and what to do next, in 80 columns', async () => {
    const { demo, url } = await aDemo()

    const deliveries = demo.said().match(/^ {2}pledges:\w+ +200 verified by the receiver at [\d:]{8}, [\d.]+ ms$/gm)
    assert.equal(deliveries?.length, 3, demo.said())
    assert.equal(demo.said().match(/^ {4}X-Patreon-Signature {2}[0-9a-f]{32}$/gm)?.length, 3)
    assert.equal(demo.said().match(/^ {4}webhook-signature {4}v1,\S{44}$/gm)?.length, 3)
    assert.ok(demo.said().includes(`${url}/welcome/`))
    assert.ok(demo.said().includes(`curl "${url}/api/kittens/2" -H "Authorization: meowmeowmeow"`))
    assert.ok(demo.said().includes('npx tidings deliveries list'))
    const isBroad = (line: string) => line.length > 80 && !line.includes('export TIDINGS_DATA')
    assert.deepEqual(demo.said().split('\n').filter(isBroad), [])
  })

  test('kitten 2 is Max, as on the page', async () => {
    const { url } = await aDemo()

    const answer = await kitten(url, 2)
    assert.equal(await answer.text(), '{"id":2,"name":"Max","breed":"unknown","fluffiness":5,"cuteness":10}')
    const all = await tidings(url, 'kittens', 'list', '--include-cats', '--adopted', '--json')
    const names = (JSON.parse(all.out) as { name: string }[]).map(({ name }) => name)
    assert.deepEqual(names, ['Fluffums', 'Max', 'Biscuit', 'Duchess', 'Pepper'])
  })

  test('a second start finds everything, doubles nothing, and shows three deliveries again', async () => {
    const first = await aDemo()
    const secret = await first.demo.line('  secret  ')
    await first.demo.stop()
    for (const name of ['demo.json', 'operator-key', 'key']) {
      assert.equal((await stat(join(place.data, name))).mode & 0o777, 0o600, `${name} is for its owner alone`)
    }

    const second = await aDemo()
    assert.equal(second.demo.said().match(/200 verified by the receiver/g)?.length, 3, second.demo.said())
    assert.ok(!second.demo.said().includes('/welcome/'))
    assert.equal(await second.demo.line('  secret  '), secret)
    for (const [what, count] of Object.entries({ clients: 1, webhooks: 1, campaigns: 1, accounts: 3, keys: 2 })) {
      const list = await tidings(second.url, what, 'list', '--json')
      assert.equal((JSON.parse(list.out) as { data: unknown[] }).data.length, count, what)
    }
  })

  test('what somebody deleted or revoked does not come back', async () => {
    const first = await aDemo()
    await tidings(first.url, 'kittens', 'delete', '2')
    await tidings(first.url, 'keys', 'revoke', '2')
    await first.demo.stop()

    const second = await aDemo()
    assert.equal((await kitten(second.url, 1)).status, 401)
    assert.match((await tidings(second.url, 'kittens', 'show', '2')).err, /Kitten 2 was deleted/)
    assert.ok(!second.demo.said().includes('meowmeowmeow'))
  })

  test('a demo whose webhook was deleted, or whose pair was replaced, makes another and still verifies', async () => {
    const first = await aDemo()
    await tidings(first.url, 'webhooks', 'delete', '1')
    await first.demo.stop()
    const second = await aDemo()
    await tidings(second.url, 'clients', 'replace', '1')
    await second.demo.stop()

    const third = await aDemo()
    for (const { demo } of [second, third]) {
      assert.equal(demo.said().match(/200 verified by the receiver/g)?.length, 3, demo.said())
    }
    const webhooks = await tidings(third.url, 'webhooks', 'list', '--json')
    assert.equal((JSON.parse(webhooks.out) as { data: unknown[] }).data.length, 1)
  })

  test('a webhook that somebody paused stays paused, and the demo says so', async () => {
    const first = await aDemo()
    await tidings(first.url, 'webhooks', 'pause', '1')
    await first.demo.stop()

    const second = await aDemo()
    assert.match(second.demo.said(), /webhook is paused.*\n.*npx tidings webhooks resume 1/)
  })

  test('deliveries that happen later are shown as they come', async () => {
    const { demo, url } = await aDemo()
    await tidings(url, 'webhooks', 'test', '1', '--trigger', 'pledges:update')

    await demo.line('pledges:update  200 verified by the receiver')
  })

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s stops it cleanly and leaves no receiver behind',
    async (signal) => {
      const { demo, url, receiver } = await aDemo()

      assert.deepEqual(await demo.stop(signal), { code: 0 })
      await assert.rejects(fetch(receiver))
      await assert.rejects(fetch(url))
    },
  )

  test('a receiver ends with its demo, even when that is killed', async () => {
    const { demo, receiver } = await aDemo()
    await demo.stop('SIGKILL')

    // It is told by the system that its parent is gone; until then it still answers.
    while (
      await fetch(receiver).then(
        () => true,
        () => false,
      )
    );
  })

  test('it goes on when nobody reads its output any more', async () => {
    const { demo, url } = await aDemo()
    demo.child.stdout?.destroy()
    await tidings(url, 'webhooks', 'test', '1', '--trigger', 'pledges:update')

    const isDelivered = async () => {
      const { out } = await tidings(url, 'webhooks', 'deliveries', '1', '--limit', '1', '--json')
      return out.includes('"pledges:update"') && out.includes('"delivered"')
    }
    while (!(await isDelivered()));
    assert.deepEqual(await demo.stop(), { code: 0 })
  })

  test('it stops in the middle of the demo as well', async () => {
    const demo = place.start(['dev'])
    await demo.line('✓ server')
    const exited = once(demo.child, 'exit')
    demo.child.kill('SIGINT')

    assert.equal((await exited)[0], 0)
  })
})
