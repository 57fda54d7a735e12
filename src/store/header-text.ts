/**
 * An answer's headers as text: a line each, and for a name that nearly every answer has one character. As JSON they were
 * more than half of what is kept of an attempt.
 */

type Headers = readonly (readonly [name: string, value: string])[]

/** The place of a name here, from 1 on, is the character that it is written as: only add at the end. */
const names = [
  ...['Date', 'Content-Type', 'Content-Length', 'Connection', 'Keep-Alive', 'Server', 'Cache-Control', 'ETag', 'Vary'],
  // U+000A, which ends a line.
  '',
  ...['Transfer-Encoding', 'X-Powered-By', 'date', 'content-type', 'content-length', 'connection', 'keep-alive'],
  ...['server', 'cache-control', 'etag', 'vary', 'transfer-encoding', 'x-powered-by', 'x-request-id', 'cf-ray', 'via'],
]

const characterOf = new Map(names.map((name, place) => [name, String.fromCharCode(place + 1)]))

/** What names are made of (RFC 9110 §5.6.2): no colon, no bracket, no character below U+0020. */
const token = /^[\w!#$%&'*+.^`|~-]+$/

/** Writes headers down. What no server may send is written as JSON. */
export function headerText(headers: Headers): string {
  const isPlain = headers.every(([name, value]) => token.test(name) && !value.includes('\n'))
  if (!isPlain) return JSON.stringify(headers)
  return headers.map(([name, value]) => lineOf(name, value)).join('\n')
}

function lineOf(name: string, value: string): string {
  const character = characterOf.get(name)
  return character === undefined ? `${name}:${value}` : character + value
}

/** Reads them again, also as JSON, as all were written once. */
export function headersIn(text: string): [name: string, value: string][] {
  if (text.startsWith('[')) return JSON.parse(text) as [string, string][]
  return text.split('\n').map((line) => {
    const name = names[line.charCodeAt(0) - 1]
    if (name !== undefined) return [name, line.slice(1)]
    const colon = line.indexOf(':')
    return [line.slice(0, colon), line.slice(colon + 1)]
  })
}
