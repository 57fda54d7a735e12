import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const bin = fileURLToPath(new URL('../../bin/tidings.js', import.meta.url))

/** What the command is told beside where its data are. */
export type Settings = Readonly<Record<string, string>>

/** What a command said, and how it ended. */
export type Said = { code: number | null; out: string; err: string }

/** A command that goes on running. */
export type Running = {
  child: ChildProcess
  /** The first line, said already or not yet, that has this in it. Rejects when the command ends without it. */
  line(part: string): Promise<string>
  /** Everything that it said so far. */
  said(): string
  /** Sends a signal and waits for the end. */
  stop(signal?: NodeJS.Signals): Promise<{ code: number | null }>
}

/** A folder for one test, a way to run commands in it, and an end to all that still runs. */
export async function aPlace(settings: Settings = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'tidings-process-'))
  const running: ChildProcess[] = []
  // Nothing of the tester's own environment decides what is tested.
  const environment = {
    PATH: process.env['PATH'] ?? '',
    NO_COLOR: '1',
    TIDINGS_DATA: join(folder, 'data'),
    ...settings,
  }

  function started(args: readonly string[], more: Settings = {}, stdio: StdioOptions = 'pipe'): ChildProcess {
    const child = spawn(process.execPath, [bin, ...args], { cwd: folder, env: { ...environment, ...more }, stdio })
    running.push(child)
    return child
  }

  return {
    folder,
    data: environment.TIDINGS_DATA,
    run: (args: readonly string[], more: Settings = {}, input = '') => outcome(started(args, more), input),
    /** `stdio`, where its output goes elsewhere than to us. */
    start: (args: readonly string[], more: Settings = {}, stdio: StdioOptions = 'pipe') =>
      follow(started(args, more, stdio)),
    async leave() {
      for (const child of running.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null)) {
        const exited = once(child, 'exit')
        child.kill('SIGKILL')
        await exited
      }
      await rm(folder, { recursive: true })
    },
  }
}

async function outcome(child: ChildProcess, input: string): Promise<Said> {
  const said = { out: '', err: '' }
  child.stdout?.on('data', (chunk) => (said.out += chunk))
  child.stderr?.on('data', (chunk) => (said.err += chunk))
  child.stdin?.end(input)
  const [code] = await once(child, 'close')
  return { code: code as number | null, ...said }
}

function follow(child: ChildProcess): Running {
  const lines: string[] = []
  const waiting: { part: string; resolve: (line: string) => void; reject: (error: Error) => void }[] = []
  for (const input of [child.stdout, child.stderr]) {
    if (input === null) continue
    createInterface({ input }).on('line', (line) => {
      lines.push(line)
      for (const one of waiting) if (line.includes(one.part)) one.resolve(line)
    })
  }
  child.on('close', () => {
    for (const { part, reject } of waiting) reject(new Error(`it ended without "${part}":\n${lines.join('\n')}`))
  })

  return {
    child,
    said: () => lines.join('\n'),
    async line(part) {
      const there = lines.find((line) => line.includes(part))
      return there ?? (await new Promise((resolve, reject) => waiting.push({ part, resolve, reject })))
    },
    async stop(signal = 'SIGINT') {
      const exited = once(child, 'exit')
      child.kill(signal)
      const [code] = await exited
      return { code: code as number | null }
    },
  }
}

/** The first URL in a line. */
export const urlIn = (line: string): string => /https?:\/\/[^\s"]+/.exec(line)?.[0].replace(/\/$/, '') ?? ''
