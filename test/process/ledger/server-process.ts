import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('./server.mjs', import.meta.url))

type Line = { says: 'starting' } | { says: 'ready'; url: string; key: string | null }

/** How a process ended. */
export type Ending = { code: number | null; signal: NodeJS.Signals | null; errors: string }

/** What the process is told beside its settings, and what runs it in Node's stead. */
export type Manner = { environment?: Record<string, string>; under?: readonly string[] }

/** The compiled server in a process of its own, which real signals end. */
export class ServerProcess {
  readonly #child: ChildProcess
  readonly #said: AsyncIterator<string>
  readonly #ended: Promise<Ending>
  url = ''
  /** The operator's key; null at every start but the first. */
  key: string | null = null

  constructor(folder: string, { environment = {}, under = [] }: Manner = {}) {
    const settings = { TIDINGS_DATA: folder, TIDINGS_PORT: '0', TIDINGS_ALLOW_PRIVATE: '127.0.0.0/8' }
    const env = { PATH: process.env['PATH'] ?? '', TIDINGS_LOG: 'warn', ...settings, ...environment }
    const [program, ...args] = [...under, process.execPath, script]
    this.#child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
    this.#said = lines(this.#child)
    this.#ended = endingOf(this.#child)
  }

  /** Starts a server and waits until it answers. */
  static async start(folder: string, manner: Manner = {}): Promise<ServerProcess> {
    const server = new ServerProcess(folder, manner)
    await server.isUp()
    return server
  }

  /** What the system calls the process. */
  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Resolves when it answers. */
  async isUp(): Promise<void> {
    await this.begins()
    await this.isReady()
  }

  /** Resolves when Node has loaded everything and the server begins to open its store. */
  async begins(): Promise<void> {
    await this.#says('starting')
  }

  async isReady(): Promise<void> {
    const { url, key } = await this.#says('ready')
    this.url = url
    this.key = key
  }

  /** As `kill -9` does it. */
  async kill(): Promise<Ending> {
    this.#child.kill('SIGKILL')
    return await this.#ended
  }

  /** As `kill` does it: the server may finish. */
  async stop(): Promise<Ending> {
    this.#child.kill('SIGTERM')
    return await this.#ended
  }

  /** Resolves when the process has ended, by itself or not. */
  ended(): Promise<Ending> {
    return this.#ended
  }

  async #says<Says extends Line['says']>(says: Says): Promise<Extract<Line, { says: Says }>> {
    const { value, done } = await this.#said.next()
    const line = done === true ? null : (JSON.parse(value) as Line)
    if (line?.says === says) return line as Extract<Line, { says: Says }>
    throw new Error(`the server ended before it was ${says}: ${(await this.#ended).errors}`)
  }
}

function lines({ stdout }: ChildProcess): AsyncIterator<string> {
  if (stdout === null) throw new Error('the server writes nowhere')
  return createInterface({ input: stdout })[Symbol.asyncIterator]()
}

async function endingOf(child: ChildProcess): Promise<Ending> {
  const errors: string[] = []
  child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text))
  // `close` comes when the pipes have ended too, so that nothing it said is missed.
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null]
  return { code, signal, errors: errors.join('') }
}
