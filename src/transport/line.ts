import type { Socket } from 'node:net'
import { Client, type Dispatcher } from 'undici'
import type { Clock } from '../clock.ts'
import { type Duration, type Instant, seconds } from '../domain/time.ts'
import type { Deadlines } from './deadlines.ts'
import type { Dial, Dialled } from './dial.ts'
import type { ConnectorOptions, Guard } from './guard.ts'
import { Meter } from './meter.ts'

/** Idle sockets are closed soon: most receivers close theirs after five seconds, and racing with that costs a resend. */
const idleLength: Duration = seconds(4)

/** Enough for any honest answer; more is a receiver that fills our memory (`garbled`). */
const headerLimitBytes = 16 * 1024

/** What every line is made with. */
export type LineTools = { clock: Clock; guard: Guard; connectDeadlines: Deadlines<Dial> }

/** One undici client, which is at most one socket, carrying one request at a time. */
export class Line {
  readonly origin: string
  /** How many answers the present socket has brought. */
  served = 0
  /** When the present socket was ready. */
  connectedAt: Instant = 0
  /** The way to a new socket, while it is being made. */
  dial: Dial | null = null
  readonly #tools: LineTools
  readonly #client: Client
  #socket: Socket | null = null
  #meter: Meter | null = null

  constructor(origin: string, tools: LineTools, onHangUp: (line: Line) => void) {
    this.origin = origin
    this.#tools = tools
    this.#client = new Client(origin, {
      pipelining: 1,
      maxHeaderSize: headerLimitBytes,
      // One deadline bounds the whole attempt; none of undici's own could (reliability: drip, endless body).
      headersTimeout: 0,
      bodyTimeout: 0,
      keepAliveTimeout: idleLength,
      // A receiver may ask for less, never for more.
      keepAliveMaxTimeout: idleLength,
      keepAliveTimeoutThreshold: seconds(1),
      connect: (options, callback) => this.#connect(options, callback),
    })
    this.#client.on('disconnect', () => onHangUp(this))
  }

  /** Whether part of what was sent is still here, unread by the other side. */
  get isSending(): boolean {
    return this.#socket !== null && this.#socket.writableLength > 0
  }

  /** Something was made of what came in. */
  heard(): void {
    this.#meter?.heard()
  }

  /** Sends a request; whatever becomes of it, `handler` hears. */
  carry(request: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#client.dispatch(request, handler)
  }

  /** Closes the socket, for good; resolves when it is closed. */
  destroy(): Promise<void> {
    this.dial?.cancel()
    this.#forgetDial()
    return this.#client.destroy(null)
  }

  #connect(options: ConnectorOptions, callback: Dialled): void {
    const { clock, guard, connectDeadlines } = this.#tools
    this.served = 0
    this.#socket = null
    this.dial = guard.connector(options, (...result) => {
      this.#forgetDial()
      this.#socket = result[1]
      this.#meter = result[1] === null ? null : new Meter(result[1])
      this.connectedAt = clock.now()
      callback(...result)
    })
    connectDeadlines.add(this.dial, clock.now())
  }

  #forgetDial(): void {
    if (this.dial !== null) this.#tools.connectDeadlines.remove(this.dial)
    this.dial = null
  }
}
