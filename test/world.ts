/** A whole Tidings on a clock in the test's hand: real store, real sockets, receivers that behave as they are told. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach } from 'vitest'
import { systemRandom } from '#src/clock.ts'
import { readConfig } from '#src/config.ts'
import type { Duration } from '#src/domain/time.ts'
import { type Parts, type Server, start } from '#src/main.ts'
import { handClock } from './hand-clock.ts'
import { type Answering, aReceiver, type Receiver } from './receiver.ts'

/** An answer of the API. */
export type Answer<Body = Record<string, unknown>> = { status: number; headers: Headers; body: Body }

/** Anything that can be sent as `Authorization`. */
export type Credentials = string

const silent = { isLevelEnabled: () => false, debug() {}, info() {}, warn() {}, error() {} }
const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

type WorldOptions = {
  settings?: Record<string, string>
  /** What takes the place of the real thing. */
  parts?: Partial<Pick<Parts, 'transport' | 'memory' | 'log'>>
}

/** Starts one; it is stopped when the test ends. */
export async function aWorld(options: WorldOptions = {}) {
  const world = worldWith(options)
  open.push(world)
  await world.start()
  return world
}

/** Starts one for all tests of a file; whoever asked for it closes it. */
export async function aLastingWorld(options: WorldOptions = {}) {
  const world = worldWith(options)
  await world.start()
  return world
}

const worldWith = ({ settings = {}, parts = {} }: WorldOptions): World =>
  new World(mkdtempSync(join(tmpdir(), 'tidings-')), settings, parts)

class World {
  readonly clock = handClock()
  readonly folder: string
  readonly #settings: Record<string, string>
  readonly #parts: NonNullable<WorldOptions['parts']>
  readonly #receivers: Receiver[] = []
  #server: Server | null = null
  /** The operator's API key. */
  key = ''

  constructor(folder: string, settings: Record<string, string>, parts: NonNullable<WorldOptions['parts']>) {
    this.folder = folder
    this.#settings = settings
    this.#parts = parts
  }

  get server(): Server {
    if (this.#server === null) throw new Error('the server is stopped')
    return this.#server
  }

  async start(): Promise<void> {
    const settings = {
      TIDINGS_DATA: this.folder,
      TIDINGS_PORT: '0',
      TIDINGS_ALLOW_PRIVATE: '127.0.0.0/8',
      ...this.#settings,
    }
    const parts = { clock: this.clock, random: systemRandom, log: silent, ...this.#parts }
    this.#server = await start(readConfig(settings), parts)
    this.key = this.#server.first?.key ?? this.key
  }

  /** Stops as SIGTERM does; what hangs meanwhile is given the time it has. */
  async stop(): Promise<void> {
    const server = this.server
    this.#server = null
    let isStopped = false
    const stopped = server.stop().finally(() => {
      isStopped = true
    })
    while (!isStopped) {
      await turn()
      if (this.#receivers.some((receiver) => receiver.hanging() > 0)) this.clock.pass(1000)
    }
    await stopped
  }

  async close(): Promise<void> {
    if (this.#server !== null) await this.stop()
    await Promise.all(this.#receivers.map((receiver) => receiver.close()))
    rmSync(this.folder, { recursive: true, force: true })
  }

  async aReceiver(...answering: Answering[]): Promise<Receiver> {
    const receiver = await aReceiver(this.clock, ...answering)
    this.#receivers.push(receiver)
    return receiver
  }

  /** Lets time go by. Whatever wants to wake up meanwhile does so at its own moment, and finishes what it does then. */
  async pass(length: Duration): Promise<void> {
    const end = this.clock.now() + length
    for (;;) {
      await this.quiet()
      const next = this.clock.nextWake()
      if (next === null || next > end) break
      this.clock.pass(next - this.clock.now())
    }
    this.clock.pass(end - this.clock.now())
    await this.quiet()
  }

  /** Resolves when nothing moves any more, but for requests that receivers keep without an answer. */
  async quiet(): Promise<void> {
    for (let calm = 0; calm < 12; calm += 1) {
      await turn()
      const { planned, lastSequence, waiting, settling, unwritten, inFlight } = this.server.load()
      const hanging = this.#receivers.reduce((sum, receiver) => sum + receiver.hanging(), 0)
      const isStuckBehind = hanging > 0 && inFlight === hanging
      const isQuiet = planned === lastSequence && settling === 0 && unwritten === 0 && inFlight === hanging
      if (!isQuiet || (waiting > 0 && !isStuckBehind)) calm = -1
    }
  }

  /** Calls the API, as the operator unless told otherwise. */
  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    {
      body,
      as = this.key,
      headers = {},
    }: { body?: unknown; as?: Credentials | null; headers?: Record<string, string> } = {},
  ): Promise<Answer<Body>> {
    const isText = typeof body === 'string' || Buffer.isBuffer(body)
    const response = await fetch(this.server.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(as === null ? {} : { authorization: as }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isText ? (body as string) : JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true && text !== ''
    return { status: response.status, headers: response.headers, body: (isJson ? JSON.parse(text) : text) as Body }
  }
}

/** The world's own type, for what is built upon it. */
export type { World }

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
