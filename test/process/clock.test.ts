import assert from 'node:assert/strict'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, test } from 'vitest'
import { aPlace, urlIn } from './command-line.ts'

const movable = { TIDINGS_CLOCK: 'movable' }

let place: Awaited<ReturnType<typeof aPlace>>

beforeEach(async () => {
  place = await aPlace({ TIDINGS_PORT: '0', TIDINGS_LOG: 'error' })
})
afterEach(() => place.leave())

/** A server that runs, and a way to ask it. */
async function aServer(settings: Record<string, string> = {}) {
  const running = place.start(['serve'], settings)
  const url = urlIn(await running.line('listens on'))
  const tidings = (...args: string[]) => place.run(args, { TIDINGS_URL: url })
  const now = async () => Date.parse((JSON.parse((await tidings('clock', '--json')).out) as { now: string }).now)
  return { running, tidings, now }
}

describe('tidings clock', () => {
  test('tells the time there, moves it on, and says how old things are by it', async () => {
    const { tidings } = await aServer(movable)

    assert.match((await tidings('clock')).out, /ahead of the machine +not at all\n[^]*can be moved +yes/)
    assert.match((await tidings('clock', 'move', '3d')).out, /was moved\n[^]*ahead of the machine +3 days 00:00:0\d/)
    assert.match((await tidings('clock', 'move', '90s')).out, /3 days 00:01:[34]\d/)
    const account = ['accounts', 'open', 'pat@example.com', '--full-name', 'Pat']
    assert.match((await tidings(...account)).out, /opened .*\(\d+ seconds? ago\)/)
  })

  test('moves to the turn of the month, or to a day, and charges on the way', async () => {
    const { tidings } = await aServer(movable)
    const json = async (...args: string[]) =>
      JSON.parse((await tidings(...args, '--json')).out) as Record<string, string>
    const open = (name: string) => json('accounts', 'open', `${name}@example.com`, '--full-name', name)
    const [creator, patron] = [await open('ada'), await open('pat')]
    const making = ['campaigns', 'create', 'ada', '--creation-name', 'songs', '--creator', String(creator['id'])]
    const campaign = String((await json(...making))['id'])
    await json('pledges', 'create', campaign, '--amount-cents', '300', '--patron', String(patron['id']))

    const { turn_of_month: turn = '' } = await json('clock')
    assert.match((await tidings('clock', 'move', 'turn')).out, new RegExp(`it is now +${turn.slice(0, 10)} 00:00:`))
    assert.match((await tidings('events', 'list', '--trigger', 'members:update')).out, /members:update/)
    const day = new Date(Date.parse(turn) + 86_400_000).toISOString().slice(0, 10)
    assert.match((await tidings('clock', 'move', day)).out, new RegExp(`it is now +${day} 00:00:`))
  })

  test('is told what can’t be meant, what lies behind, and that not every server allows it', async () => {
    const { tidings } = await aServer()

    const [soon, past, fixed] = [
      await tidings('clock', 'move', 'soon'),
      await tidings('clock', 'move', '5'),
      await tidings('clock', 'move', '2h'),
    ]
    assert.deepEqual([soon.code, past.code, fixed.code], [2, 2, 1])
    assert.match(soon.err, /turn, a length such as 3d or 2h, or a day such as 2026-12-24/)
    assert.match(fixed.err, /nobody moves it[^]*TIDINGS_CLOCK=movable, as `tidings dev` is/)
    assert.match((await tidings('clock')).out, /can be moved +no/)
  })
})

describe('a clock that was moved', () => {
  test('is as far ahead after a kill, and its file is for its owner alone', async () => {
    const first = await aServer(movable)
    await first.tidings('clock', 'move', '40d')
    const before = await first.now()
    await first.running.stop('SIGKILL')

    const second = await aServer(movable)
    assert.ok((await second.now()) >= before)
    assert.equal((await stat(join(place.data, 'clock-ahead'))).mode & 0o777, 0o600)
  })

  test('keeps a server by the machine’s clock from starting, and says what to do', async () => {
    const first = await aServer(movable)
    await first.tidings('clock', 'move', '1h')
    await first.running.stop()

    const { code, err } = await place.run(['serve'])
    assert.equal(code, 1)
    assert.match(err, /was moved ahead of this machine's\. Start it with TIDINGS_CLOCK=movable, as `tidings dev` does/)
    assert.match((await place.run(['serve'], { TIDINGS_CLOCK: 'broken' })).err, /should be machine or movable/)
  })
})

test('tidings dev has a clock that can be moved', async () => {
  const demo = place.start(['dev'])
  const url = urlIn(await demo.line('✓ server'))
  await demo.line('Ctrl-C stops it')

  await place.run(['clock', 'move', 'turn'], { TIDINGS_URL: url })
  await place.run(['webhooks', 'test', '1', '--trigger', 'pledges:update'], { TIDINGS_URL: url })

  await demo.line('00:00:')
  assert.match(await demo.line('00:00:'), /pledges:update +200 verified by the receiver/)
  await demo.stop()

  await place.start(['dev']).line('✓ clock      it was moved ahead')
})
