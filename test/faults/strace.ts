/** Debian's `strace` around the server: it sees every call of the system, and may let one of them fail, wait or kill. */

/** Each thread is looked at, and of each descriptor the path is told. `-D`: the server stays our own child. */
const looking = ['strace', '-D', '-f', '-qq', '-y']

/** The calls on `path` that are changed, as strace writes it (`signal=SIGKILL:when=7`); without a path, all of them. */
export const tampered = ({ call, path, how }: { call: string; path?: string; how: string }): string[] => [
  ...[...looking, '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:${how}`],
  ...(path === undefined ? [] : ['-P', path]),
]

/** All calls of these names are written into a file, with every byte in hex. */
export const recorded = (file: string, calls: readonly string[]): string[] => [
  ...[...looking, '-xx', '-s', '1000000', '-o', file, '-e', `trace=${calls.join(',')}`],
]

/** One thing that a process asked of the system, as it is written in a line of a record. */
export type Call = {
  thread: string
  name: string
  /** What is in the brackets; a descriptor is followed by its path. */
  given: string
  /** Whether this line tells that it began, that it ended, or both. */
  began: boolean
  ended: boolean
}

const beginning = /^(\d+) +(\w+)\((.*?)(?:\) += (.*)| <unfinished \.\.\.>)$/
const end = /^(\d+) +<\.\.\. (\w+) resumed>/

/** What a line of a record says; null for what is no call. */
export function callIn(line: string): Call | null {
  const [, thread = '', name, given = '', result] = beginning.exec(line) ?? []
  if (name !== undefined) return { thread, name, given, began: true, ended: result !== undefined }
  const [, later = '', resumed] = end.exec(line) ?? []
  return resumed === undefined ? null : { thread: later, name: resumed, given: '', began: false, ended: true }
}

/** The bytes of the first quoted string. */
export function quoted(given: string): Buffer {
  const [, hex = ''] = /"((?:\\x[0-9a-f]{2})*)"/.exec(given) ?? []
  return Buffer.from(hex.replaceAll(String.raw`\x`, ''), 'hex')
}

/** The path of the first descriptor, or '' when it has none. */
export function pathOf(given: string): string {
  const [, hex = ''] = /^\d+<((?:\\x[0-9a-f]{2})*)>/.exec(given) ?? []
  return Buffer.from(hex.replaceAll(String.raw`\x`, ''), 'hex').toString()
}
