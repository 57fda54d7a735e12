/** The demo's receiver: examples/receiver.mjs, as a process of its own that knows nothing but its secrets. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { Trouble } from '../hand.ts'

const heardShape = z.object({
  event: z.string().nullable(),
  about: z.string().nullable(),
  verified: z.boolean(),
  status: z.number(),
  headers: z.array(z.string()),
})

/** One delivery as the receiver saw it. */
export type Heard = z.output<typeof heardShape>

const program = fileURLToPath(new URL('../../../examples/receiver.mjs', import.meta.url))

/** A receiver that runs. */
export type Receiver = {
  /** Where it listens. */
  uri: string
  pid: number | undefined
  /** Calls back for every delivery that nobody asked for. */
  onHeard(listen: (heard: Heard) => void): void
  /** Calls back when the process is gone. */
  onEnded(listen: () => void): void
  /** The next delivery that `isIt` is true of; null when the signal aborts first. */
  next(isIt: (heard: Heard) => boolean, signal: AbortSignal): Promise<Heard | null>
  stop(): Promise<void>
}

/** Starts the receiver and waits until it listens. */
export async function startReceiver(secrets: { clientSecret: string; standardSecret: string }): Promise<Receiver> {
  const child = spawn(process.execPath, [program], {
    env: { CLIENT_SECRET: secrets.clientSecret, WHSEC: secrets.standardSecret },
    // By the channel it notices when we are gone, however we went.
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    // Ctrl-C is meant for us: it ends after the deliveries to it have.
    detached: true,
  })
  const inbox = new Inbox()
  const uri = await listening(child, inbox)
  return {
    uri,
    pid: child.pid,
    onHeard: (listen) => inbox.onHeard(listen),
    onEnded: (listen) => (hasEnded(child) ? listen() : child.once('exit', listen)),
    next: (isIt, signal) => inbox.next(isIt, signal),
    stop: () => stopped(child),
  }
}

async function listening(child: ChildProcess, inbox: Inbox): Promise<string> {
  if (child.stdout === null) throw new Error('the receiver has a standard output')
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([once(lines, 'line'), once(child, 'exit').then(() => null)])
  if (first === null) throw new Trouble(`The demo's receiver did not start. Does \`node ${program}\` work?`)
  lines.on('line', (line) => inbox.put(heardShape.parse(JSON.parse(line))))
  return z.object({ listening: z.string() }).parse(JSON.parse(String(first[0]))).listening
}

async function stopped(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  await exited
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null

/** What was heard waits here until somebody asks for it: a delivery may be faster than the answer to its cause. */
class Inbox {
  #unasked: Heard[] = []
  #expected: { isIt: (heard: Heard) => boolean; resolve: (heard: Heard) => void }[] = []
  #listen: ((heard: Heard) => void) | null = null

  put(heard: Heard): void {
    const wanted = this.#expected.find(({ isIt }) => isIt(heard))
    if (wanted !== undefined) {
      this.#expected = this.#expected.filter((one) => one !== wanted)
      wanted.resolve(heard)
    } else if (this.#listen !== null) this.#listen(heard)
    else this.#unasked.push(heard)
  }

  onHeard(listen: (heard: Heard) => void): void {
    this.#listen = listen
    for (const heard of this.#unasked.splice(0)) listen(heard)
  }

  next(isIt: (heard: Heard) => boolean, signal: AbortSignal): Promise<Heard | null> {
    const at = this.#unasked.findIndex(isIt)
    const [heard] = at === -1 ? [] : this.#unasked.splice(at, 1)
    if (heard !== undefined) return Promise.resolve(heard)
    return new Promise((resolve) => {
      this.#expected.push({ isIt, resolve })
      signal.addEventListener('abort', () => resolve(null), { once: true })
    })
  }
}
