import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** What opens a connection to somebody, as it is spelled where that is done. */
const opener =
  /\bfetch\(|import \{[^}]*\b(?:connect|createConnection|request|get|Agent|Client|Pool|Dispatcher)\b[^}]*\} from '(?:undici|node:(?:https?|tls|net|http2))'/

/** The command line speaks with the server that it is pointed to, as whoever runs it; it delivers nothing. */
test('what fails elsewhere: a second HTTP client that skips the address guard. There is one door out', () => {
  const openers = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.startsWith('cli/'))
    .filter((path) => opener.test(readFileSync(join('src', path), 'utf8').replaceAll(/^import type .*$/gm, '')))

  // The sockets are opened in the first, whose addresses are guarded; the second hands it to the library as its only connector.
  expect(openers).toEqual(['transport/dial.ts', 'transport/line.ts'])
})
