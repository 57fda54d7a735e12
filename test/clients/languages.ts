import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const clients = fileURLToPath(new URL('../../clients/', import.meta.url))
const runners = fileURLToPath(new URL('./runners/', import.meta.url))

/** The folder of the vectors that every language must pass. */
export const vectorsFolder = `${clients}vectors/`

/** A language that has a client, and the command that runs its vectors. */
export type Language = { name: string; id: string; command: string; runner: readonly string[] }

/** Every language that has a client. */
export const languages = {
  javascript: { name: 'JavaScript', id: 'javascript', command: 'node', runner: [`${runners}javascript.mjs`] },
  python: { name: 'Python', id: 'python', command: 'python3', runner: [`${runners}python.py`] },
  ruby: { name: 'Ruby', id: 'ruby', command: 'ruby', runner: ['-w', `${runners}ruby.rb`] },
  shell: { name: 'shell', id: 'shell', command: 'sh', runner: [`${runners}shell.sh`] },
} as const satisfies Record<string, Language>

/** What a program printed, and how it ended. */
export type Ended = { out: string; err: string; exitCode: number | null }

/** Runs a program in an environment where every client is found, and waits for its end. */
export async function run(
  command: string,
  words: readonly string[],
  { input = '', environment = {} }: { input?: string; environment?: Record<string, string> } = {},
): Promise<Ended> {
  const child = spawn(command, words, {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    env: {
      PATH: process.env['PATH'],
      HOME: process.env['HOME'],
      LANG: 'C.UTF-8',
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONPATH: `${clients}python/src`,
      RUBYLIB: `${clients}ruby/lib`,
      ...environment,
    },
  })
  const chunks: { out: Buffer[]; err: Buffer[] } = { out: [], err: [] }
  child.stdout.on('data', (chunk: Buffer) => chunks.out.push(chunk))
  child.stderr.on('data', (chunk: Buffer) => chunks.err.push(chunk))
  child.stdin.on('error', () => {
    // A program that fails at once does not read its input; how it ended says enough.
  })
  child.stdin.end(input)
  const [exitCode] = (await once(child, 'close').catch((error: unknown) => {
    throw missing(command, error)
  })) as [number | null]
  return { out: Buffer.concat(chunks.out).toString(), err: Buffer.concat(chunks.err).toString(), exitCode }
}

function missing(command: string, error: unknown): Error {
  const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
  const advice = isMissing ? `${command} is not installed. Install it: a client that is not tested is not skipped.` : ''
  return new Error(advice || `${command} could not be started.`, { cause: error })
}

/** One line of a runner: what became of one case. */
export type Line = { name: string; ok: boolean; got: unknown; message?: string | null }

/** Runs a file of vectors through one language's client, and gives its lines by the name of the case. */
export async function linesOf(language: Language, ...words: readonly string[]): Promise<Map<string, Line>> {
  const { out, err, exitCode } = await run(language.command, [...language.runner, ...words])
  if (exitCode !== 0 || err !== '') throw new Error(`The ${language.name} runner ended with ${exitCode}: ${err}`)
  const lines = out
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
  return new Map(lines.map((line) => [line.name, line]))
}
