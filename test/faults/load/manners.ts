/** Receivers of the worst kind: what each does to a request, and what the server should write down of it. */
import type { Socket } from 'node:net'
import { gzipSync } from 'node:zlib'

/** One kind of them. */
export type Kind = {
  /** The case of the fault battery that it belongs to. */
  id: string
  what: string
  /** What is done to a whole request, or to a connection before any. */
  onRequest?: (socket: Socket) => unknown
  onConnection?: (socket: Socket) => unknown
  scheme?: 'http' | 'https'
  /** How each attempt at it ends. */
  ended: RegExp
}

const head = 'HTTP/1.1 200 OK\r\n'
const oneSecond = 1_000
const writes = (answer: string | Buffer) => (socket: Socket) => socket.write(answer)
const ends = (answer: string) => (socket: Socket) => socket.end(answer, 'latin1')

const manyBytes = Buffer.from(`${head}X-Large: ${'x'.repeat(10 * 1024 * 1024)}`)
const manyHeaders = Buffer.from(`${head}${'a: b\r\n'.repeat(100_000)}`)
const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024))
const bombed = Buffer.concat([
  Buffer.from(`${head}Content-Encoding: gzip, gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`),
  bomb,
])
const encodings = `${head}Content-Encoding: ${'gzip, '.repeat(1_000)}br\r\nContent-Length: 2\r\n\r\nok`
const news = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'

function drip(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\nX-Slow: ')
  const timer = setInterval(() => socket.write('x'), oneSecond)
  socket.once('close', () => clearInterval(timer))
}

function pour(socket: Socket): void {
  socket.write(`${head}\r\n`)
  const more = () => void (socket.writable && socket.write('x'.repeat(16 * 1024), more))
  more()
}

const silent: Kind[] = [
  { id: 'R50', what: 'resets at once', onConnection: (socket) => socket.resetAndDestroy(), ended: /^reset / },
  { id: 'R51', what: 'never answers', ended: /^timed-out answering$/ },
  {
    id: 'R51',
    what: 'never reads',
    onConnection: (socket) => socket.pause(),
    ended: /^timed-out (sending|answering)$/,
  },
]

const endless: Kind[] = [
  { id: 'R52', what: 'drips headers', onRequest: drip, ended: /^timed-out answering$/ },
  {
    id: 'R52',
    what: 'sends 10 MB of headers',
    onRequest: writes(manyBytes),
    ended: /^garbled UND_ERR_HEADERS_OVERFLOW$/,
  },
  { id: 'R52', what: 'sends 100,000 headers', onRequest: writes(manyHeaders), ended: /^garbled TOO_MANY_HEADERS$/ },
  { id: 'R53', what: 'never ends its body', onRequest: pour, ended: /^200$/ },
  {
    id: 'R53',
    what: 'promises 10 GB',
    onRequest: writes(`${head}Content-Length: 10000000000\r\n\r\nx`),
    ended: /^200$/,
  },
  { id: 'R54', what: 'sends a bomb', onRequest: writes(bombed), ended: /^200$/ },
  { id: 'R54', what: 'has 1,001 encodings', onRequest: writes(encodings), ended: /^200$/ },
]

const redirecting = (canary: string): Kind[] => [
  ...[301, 302, 303, 307, 308].map((status) => ({
    ...{ id: 'R55', what: `redirects with ${status}`, ended: new RegExp(`^${status}$`) },
    onRequest: writes(`HTTP/1.1 ${status} Moved\r\nLocation: ${canary}\r\nContent-Length: 0\r\n\r\n`),
  })),
]

const withoutTls: Kind[] = [
  {
    id: 'R56',
    what: 'speaks no TLS',
    scheme: 'https',
    onConnection: ends('hello\r\n'),
    ended: /^(insecure|reset) /,
  },
  { id: 'R56', what: 'stalls the handshake', scheme: 'https', ended: /^timed-out securing$/ },
]

const breakingOff: Kind[] = [
  {
    id: 'R57',
    what: 'closes after each answer',
    onRequest: ends(`${head}Content-Length: 2\r\n\r\nok`),
    ended: /^200$/,
  },
  { id: 'R57', what: 'breaks off its answer', onRequest: ends(`${head}Content-Length: 99\r\n\r\nok`), ended: /^200$/ },
  { id: 'R57', what: 'hangs up on a request', onRequest: (socket) => socket.destroy(), ended: /^reset answering$/ },
]

const garbling: Kind[] = [
  { id: 'R58', what: 'has a bad status line', onRequest: ends('HTTPS/1.1 two hundred\r\n\r\n'), ended: /^garbled / },
  {
    id: 'R58',
    what: 'has two lengths',
    onRequest: ends(`${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\nokk`),
    ended: /^garbled /,
  },
  {
    id: 'R58',
    what: 'ends lines in LF',
    onRequest: ends('HTTP/1.1 200 OK\nContent-Length: 2\n\nok'),
    ended: /^garbled /,
  },
  {
    id: 'R58',
    what: 'floods with news',
    onRequest: writes(news.repeat(1_000)),
    ended: /^garbled TOO_MANY_INFORMATIONAL$/,
  },
  {
    id: 'R58',
    what: 'switches to WebSocket',
    onRequest: ends('HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    ended: /^garbled /,
  },
  { id: 'R58', what: 'speaks HTTP/2', onRequest: ends('\0\0\x12\x04\0\0\0\0\0\0\x03\0\0\0\x80'), ended: /^garbled / },
  {
    id: 'R58',
    what: 'has status 099',
    onRequest: writes('HTTP/1.1 099 Low\r\nContent-Length: 0\r\n\r\n'),
    ended: /^garbled UNEXPECTED_STATUS$/,
  },
]

/** Those that speak, or should. `canary`: where redirects lead, and nobody may go. */
export const speaking = (canary: string): Kind[] => [
  ...silent,
  ...endless,
  ...redirecting(canary),
  ...withoutTls,
  ...breakingOff,
  ...garbling,
]

/** Those that are not there. */
export const absent = {
  refusing: { id: 'R50', what: 'refuses', ended: /^refused$/ },
  deaf: { id: 'R50', what: 'never accepts', ended: /^timed-out connecting$/ },
  nameless: { id: 'R59', what: 'has a name that no name server answers for', ended: /^timed-out resolving$/ },
} satisfies Record<string, Kind>

/** What their certificates say, beside what it should. */
export const insecure = {
  selfSigned: {
    id: 'R56',
    what: 'vouches for itself',
    scheme: 'https',
    ended: /^insecure DEPTH_ZERO_SELF_SIGNED_CERT$/,
  },
  unknownRoot: { id: 'R56', what: 'has an unknown root', scheme: 'https', ended: /^insecure / },
} satisfies Record<string, Kind>
