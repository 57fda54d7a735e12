import { once } from 'node:events'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { aPlace, type Running, urlIn } from './command-line.ts'
import { cycles, row } from './ledger/rows.ts'

const stops = Math.min(30, cycles(4))

describe('tidings serve', () => {
  let place: Awaited<ReturnType<typeof aPlace>>

  beforeEach(async () => {
    place = await aPlace({ TIDINGS_PORT: '0', TIDINGS_ALLOW_PRIVATE: '127.0.0.0/8', TIDINGS_LOG: 'debug' })
  })
  afterEach(() => place.leave())

  async function aServer(): Promise<{ running: Running; url: string }> {
    const running = place.start(['serve'])
    return { running, url: urlIn(await running.line('listens on')) }
  }

  /** Ends as asked: by itself, or by the signal where nobody listened for it yet. */
  const isCleanEnd = ({ exitCode, signalCode }: Running['child']) => exitCode === 0 || signalCode === 'SIGTERM'

  test(`told to stop at any moment of its start, it ends and the next start works (${stops} times)`, async () => {
    const bad: string[] = []
    for (let time = 0; time < stops; time += 1) {
      const early = place.start(['serve'])
      await setTimeout((time * 1_000) / stops)
      await early.stop('SIGTERM')
      if (!isCleanEnd(early.child)) bad.push(`stop ${time}: ${early.child.exitCode} ${early.said()}`)
    }
    const { running } = await aServer()
    const { code } = await running.stop('SIGTERM')

    row(
      'R64',
      bad.length === 0 && code === 0,
      `${stops - bad.length} of ${stops} clean ends when told to stop while starting`,
    )
    expect(bad).toEqual([])
    expect(code).toBe(0)
  }, 60_000)

  test('told twice it ends at once, and the next start delivers what was in flight', async () => {
    const receiver = await aReceiverThatHangs()
    const first = await aServer()
    const id = await anEventFor(receiver.uri, first.url)
    await receiver.heard()

    const ended = once(first.running.child, 'exit')
    first.running.child.kill('SIGTERM')
    await first.running.line('Stopping')
    // Within a quarter of a second it is npm's echo of the first.
    await setTimeout(300)
    const since = performance.now()
    first.running.child.kill('SIGTERM')
    const [code] = await ended
    const took = Math.round(performance.now() - since)
    receiver.heal()
    await aServer()
    await receiver.heard()

    row(
      'R64',
      code === 1,
      `told to stop twice while a receiver hangs: ended after ${took} ms, delivered after the next start`,
    )
    expect(code).toBe(1)
    expect(receiver.ids).toEqual([`${id}~invoice:paid`, `${id}~invoice:paid`])
  })

  test('a terminal that is closed stops it like Ctrl-C', async () => {
    const { running } = await aServer()

    expect(await running.stop('SIGHUP')).toEqual({ code: 0 })
    expect(running.said()).toContain('Stopped.')
  })

  test('it goes on when nobody reads its output and its log any more', async () => {
    const { running, url } = await aServer()
    running.child.stdout?.destroy()
    running.child.stderr?.destroy()
    const receiver = await aReceiverThatHangs()
    receiver.heal()
    await anEventFor(receiver.uri, url)
    await receiver.heard()
    await isRecorded(url)

    expect(await running.stop('SIGTERM')).toEqual({ code: 0 })
  })

  test('it goes on when the disk that holds its output and its log is full', async () => {
    const full = openSync('/dev/full', 'w')
    onTestFinished(() => closeSync(full))
    const port = await freePort()
    const running = place.start(['serve'], { TIDINGS_PORT: String(port) }, ['ignore', full, full])
    const url = `http://127.0.0.1:${port}`
    while (!(await isUp(url)) && running.child.exitCode === null) await setTimeout(20)
    const receiver = await aReceiverThatHangs()
    receiver.heal()
    await anEventFor(receiver.uri, url)
    await receiver.heard()
    await isRecorded(url)
    const { code } = await running.stop('SIGTERM')

    row(
      'R64',
      code === 1,
      'output and log on a full disk: delivered, stopped, and said by its exit code that output was lost',
    )
    expect(code).toBe(1)
  })

  function keyed(): string {
    return readFileSync(join(place.data, 'operator-key'), 'utf8').trim()
  }

  async function post(url: string, path: string, body: unknown): Promise<{ id: string }> {
    const headers = { authorization: keyed(), 'content-type': 'application/json' }
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as { id: string }
  }

  async function anEventFor(uri: string, url: string): Promise<string> {
    await post(url, '/api/v1/triggers', { name: 'invoice:paid' })
    const { id: client_id } = await post(url, '/api/v1/clients', { name: 'An app' })
    await post(url, `/api/v1/clients/${client_id}/grants`, { tenant: 'acme' })
    await post(url, '/api/v1/webhooks', { client_id, uri, triggers: ['invoice:paid'] })
    return (await post(url, '/api/v1/events', { tenant: 'acme', trigger: 'invoice:paid', body: { paid: true } })).id
  }

  /** By then the attempt's line is in the log, or would be. */
  async function isRecorded(url: string): Promise<void> {
    for (;;) {
      const headers = { authorization: keyed() }
      const answer = await fetch(`${url}/api/v1/deliveries?status=delivered&limit=1`, { headers })
      if (((await answer.json()) as { data: unknown[] }).data.length > 0) return
    }
  }

  /** True when the server answers, and the key is there. */
  const isUp = (url: string) =>
    fetch(`${url}/health/live`).then(
      () => existsSync(join(place.data, 'operator-key')),
      () => false,
    )
})

async function freePort(): Promise<number> {
  const probe = createSocketServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await once(probe.close(), 'close')
  return port
}

/** It answers nothing until it is healed, and then everything. */
async function aReceiverThatHangs() {
  const ids: string[] = []
  let isHealed = false
  const server = createServer((request, response) => {
    ids.push(String(request.headers['webhook-id']))
    server.emit('heard')
    if (isHealed) response.end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  let told = 0
  return {
    uri: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    ids,
    heal: () => void (isHealed = true),
    /** Resolves with the next request that was not waited for yet. */
    async heard(): Promise<void> {
      told += 1
      while (ids.length < told) await once(server, 'heard')
    },
  }
}
