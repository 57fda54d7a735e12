import type { Clock } from '../clock.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Duration } from '../domain/time.ts'
import { socketBudget } from './budget.ts'
import { Deadlines } from './deadlines.ts'
import type { Dial, Open } from './dial.ts'
import { Exchange, type Keeper } from './exchange.ts'
import { guard } from './guard.ts'
import { Line } from './line.ts'
import { Lines } from './lines.ts'
import type { Resolver } from './resolver.ts'
import type { SignedRequest, Transport } from './transport.ts'

/** How long, how many, and to whom. */
export type HttpTransportSettings = {
  clock: Clock
  /** From the first look at the name to the last byte of the answer. */
  deadline: Duration
  /** For resolving, connecting and securing together. */
  connectDeadline: Duration
  /** Networks that receivers may be in beside the public ones. */
  allow: readonly string[]
  /** Roots to trust instead of the usual ones. */
  ca?: string | readonly string[]
  /** Sockets to all receivers together; by default what the process may open allows. */
  sockets?: number
  resolver?: Resolver
  open?: Open
  /** The machine's own addresses, instead of what the system says. */
  own?: () => readonly string[]
}

/** Sends over HTTP/1.1, guarded, bounded in time, memory and sockets; follows nothing, decodes nothing. */
export function httpTransport(settings: HttpTransportSettings): Transport {
  return new HttpTransport(settings)
}

class HttpTransport implements Transport, Keeper {
  readonly clock: Clock
  readonly #deadlines: Deadlines<Exchange>
  readonly #connectDeadlines: Deadlines<Dial>
  readonly #lines: Lines
  #isClosed = false

  constructor({ clock, deadline, connectDeadline, sockets = socketBudget(), ...settings }: HttpTransportSettings) {
    this.clock = clock
    this.#deadlines = new Deadlines(clock, deadline)
    this.#connectDeadlines = new Deadlines(clock, connectDeadline)
    const tools = { clock, guard: guard({ clock, ...settings }), connectDeadlines: this.#connectDeadlines }
    this.#lines = new Lines({
      clock,
      atMost: sockets,
      makeLine: (origin, onHangUp) => new Line(origin, tools, onHangUp),
    })
  }

  post(request: SignedRequest): Promise<Outcome> {
    return new Promise((resolve) => {
      const exchange = new Exchange(request, this, resolve)
      if (this.#isClosed) return exchange.abandon()
      this.#deadlines.add(exchange, exchange.startedAt)
      this.#lines.seat(exchange)
    })
  }

  finished(exchange: Exchange, line: Line): void {
    this.#deadlines.remove(exchange)
    this.#lines.release(line)
  }

  broken(exchange: Exchange, line: Line | null): void {
    this.#deadlines.remove(exchange)
    if (line === null) this.#lines.leave(exchange)
    else this.#lines.discard(line)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    for (const exchange of this.#deadlines.close()) exchange.abandon()
    this.#connectDeadlines.close()
    await this.#lines.close()
  }
}
