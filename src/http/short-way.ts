/**
 * The short way of an event: past the web framework, and past Node's HTTP.
 *
 * Nearly all requests are one small event in one piece, over a connection that is kept. For these the work of parsers and
 * frameworks that are made for everything costs more than the event's own. So a connection begins here, and stays for as
 * long as it brings nothing else. At the first request that looks any different, or does not come whole at once, it is
 * handed over to Node's server for good, which reads that request from its first byte on and answers it alike.
 */
import { type Server, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../clock.ts'
import { type Duration, seconds } from '../domain/time.ts'
import type { Log } from '../log.ts'
import { admit, publishOne } from './api/events.ts'
import type { ApiTools } from './api/tools.ts'
import { type Told, told } from './problem.ts'
import { recogniseHeader } from './recognise.ts'
import { beginsWith, type Head, headIn } from './whole-request.ts'

/** What one connection may bring before anybody has asked whose it is; a larger event is worth the long way. */
const shortBytes = 16 * 1024

/** So many pieces may a request come in, */
const piecesAtMost = 8

/** with no more than this between two of them. Whoever takes longer is waited for by Node's server, which has bounds of its own. */
const pieceTime: Duration = seconds(1)

type Tools = ApiTools & { log: Log; machine: Clock }

/** Takes over a server's connections; those that can't go the short way come back to it. */
export function shortWay(server: Server, tools: Tools): Server {
  const theLongWay = server.listeners('connection')
  const shortcuts = new Set<Shortcut>()
  const lines = linesFor(server)
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    const shortcut = new Shortcut(socket, tools, {
      lines,
      idleTime: server.keepAliveTimeout,
      left: () => shortcuts.delete(shortcut),
      handOver: () => theLongWay.forEach((take) => take.call(server, socket)),
      refuse: (error) => server.emit('clientError', error, socket),
    })
    shortcuts.add(shortcut)
  })
  const closeAllConnections = server.closeAllConnections.bind(server)
  server.closeAllConnections = () => {
    closeAllConnections()
    for (const shortcut of shortcuts) shortcut.close()
  }
  return server
}

type Surroundings = {
  /** Header lines of every answer. */
  lines: readonly string[]
  /** How long a connection may bring nothing, in milliseconds. */
  idleTime: Duration
  /** It goes the short way no longer. */
  left: () => void
  handOver: () => void
  /** What came is no request, and nothing more will come. */
  refuse: (error: Error) => void
}

/** One connection, one request at a time. */
class Shortcut {
  readonly #socket: Socket
  readonly #tools: Tools
  readonly #around: Surroundings
  #unread: Buffer | null = null
  #pieces = 0
  #lastHead: Head | null = null
  #isAnswering = false
  #hasEnded = false

  constructor(socket: Socket, tools: Tools, around: Surroundings) {
    this.#socket = socket
    this.#tools = tools
    this.#around = around
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('timeout', this.#onTimeout)
    socket.on('error', this.#onError)
    socket.on('close', around.left)
    // Whoever keeps connections ready has as long for the first request as for every other.
    this.#rest()
  }

  close(): void {
    this.#socket.destroy()
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#unread = this.#unread === null ? chunk : Buffer.concat([this.#unread, chunk])
    this.#pieces += 1
    if (!this.#isAnswering) this.#next()
    // Whoever sends on without waiting for answers is read no further until they have theirs.
    else if (this.#unread.length > shortBytes) this.#socket.pause()
  }

  readonly #onEnd = (): void => {
    this.#hasEnded = true
    if (!this.#isAnswering) this.#finish()
  }

  readonly #onTimeout = (): void => {
    if (this.#unread !== null && !this.#isAnswering) this.#handOver()
    else if (!this.#isAnswering) this.close()
  }

  // Whoever is gone can't be told anything.
  readonly #onError = (): void => this.close()

  /** Looks at what has come since the last answer. */
  #next(): void {
    const bytes = this.#unread
    if (bytes === null) return this.#hasEnded ? this.#finish() : this.#rest()
    const head = this.#headIn(bytes)
    if (head === 'unusual') return this.#handOver()
    const length = head === 'incomplete' ? Number.POSITIVE_INFINITY : head.bytes.length + head.contentLength
    if (head !== 'incomplete' && bytes.length >= length) return this.#take(bytes, head, length)
    if (this.#hasEnded) return this.#finish()
    if (this.#pieces >= piecesAtMost) return this.#handOver()
    this.#socket.setTimeout(pieceTime)
  }

  #rest(): void {
    this.#pieces = 0
    this.#socket.setTimeout(this.#around.idleTime)
  }

  #headIn(bytes: Buffer): Head | 'incomplete' | 'unusual' {
    if (this.#lastHead !== null && beginsWith(bytes, this.#lastHead)) return this.#lastHead
    const head = headIn(bytes)
    if (typeof head === 'string') return head
    if (head.contentLength === 0 || head.bytes.length + head.contentLength > shortBytes) return 'unusual'
    this.#lastHead = head
    return head
  }

  #take(bytes: Buffer, head: Head, length: number): void {
    this.#unread = bytes.length === length ? null : bytes.subarray(length)
    this.#pieces = this.#unread === null ? 0 : 1
    this.#isAnswering = true
    void this.#answer(head, bytes.subarray(head.bytes.length, length))
  }

  async #answer(head: Head, body: Buffer): Promise<void> {
    this.#send(await this.#publish(head, body))
    // Whoever does not read what they are answered is asked for nothing more: answers would pile up here.
    if (this.#socket.writableNeedDrain) this.#socket.once('drain', () => this.#goOn())
    else this.#goOn()
  }

  #goOn(): void {
    this.#isAnswering = false
    if (this.#socket.isPaused()) this.#socket.resume()
    this.#next()
  }

  async #publish({ authorization, idempotencyKey, contentLength }: Head, body: Buffer): Promise<Told> {
    const tools = this.#tools
    try {
      const over = await admit(recogniseHeader(authorization, tools.store.read), contentLength, tools)
      try {
        const { status, receipt } = await publishOne(body, idempotencyKey, tools)
        return { status, headers: {}, body: JSON.stringify(receipt) }
      } finally {
        over()
      }
    } catch (error) {
      return told(error, { method: 'POST', url: '/api/v1/events' }, tools.log)
    }
  }

  /** Whoever has left meanwhile is not there to be told. */
  #send({ status, headers, body }: Told): void {
    if (!this.#socket.writable) return
    // In one piece, as latin1, which is written without being encoded: each character is a byte of its UTF-8.
    const bytes = isAscii.test(body) ? body : Buffer.from(body).toString('latin1')
    const lines = [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      ...this.#around.lines,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      `Date: ${new Date(this.#tools.machine.now()).toUTCString()}`,
      `Content-Length: ${bytes.length}`,
    ]
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n${bytes}`, 'latin1')
  }

  /** From here on it is Node's, what has come of this request included. */
  #handOver(): void {
    const socket = this.#socket
    this.#leave()
    socket.setTimeout(0)
    if (this.#unread !== null) socket.unshift(this.#unread)
    this.#around.handOver()
  }

  /** Nothing more will come, and all that came is answered, unless its end is missing. */
  #finish(): void {
    const rest = this.#unread
    this.#leave()
    if (rest === null) return void this.#socket.end()
    const error = Object.assign(new Error('the request has no end'), { rawPacket: rest })
    this.#around.refuse(error)
  }

  #leave(): void {
    const socket = this.#socket
    socket.off('data', this.#onData)
    socket.off('end', this.#onEnd)
    socket.off('timeout', this.#onTimeout)
    socket.off('error', this.#onError)
    socket.off('close', this.#around.left)
    this.#around.left()
  }
}

/** What every answer says. */
const linesFor = ({ keepAliveTimeout }: Server): string[] => [
  'Cache-Control: no-store',
  'X-Content-Type-Options: nosniff',
  'Content-Type: application/json; charset=utf-8',
  'Connection: keep-alive',
  `Keep-Alive: timeout=${Math.floor(keepAliveTimeout / seconds(1))}`,
]

const isAscii = /^[\x20-\x7e]*$/
