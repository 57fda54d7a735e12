import { afterEach, beforeEach, expect, test } from 'vitest'
import { garbleStore } from '../garbled-store.ts'
import { aPlace, urlIn } from './command-line.ts'

let place: Awaited<ReturnType<typeof aPlace>>

beforeEach(async () => {
  place = await aPlace({ TIDINGS_PORT: '0', TIDINGS_LOG: 'error' })
})
afterEach(() => place.leave())

test('a server that can’t trust its disk any more says so and ends, for whoever keeps it running to start it anew', async () => {
  const first = place.start(['serve'])
  await first.line('listens on')
  await first.stop()
  const server = place.start(['serve'])
  const url = urlIn(await server.line('listens on'))
  const kittens = (...args: string[]) => place.run(['kittens', ...args], { TIDINGS_URL: url })
  await kittens('list')

  garbleStore(place.data)
  const ended = new Promise((resolve) => server.child.once('close', (code) => resolve(code)))
  const refused = await kittens('create', 'Pip', '--fluffiness', '6', '--cuteness', '9')

  expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('The store cannot be written to') })
  expect(await ended).toBe(1)
  expect(server.said()).toMatch(/The store can't be written to any more: .*malformed/)
  expect(server.said()).toContain('Start Tidings again')
})
