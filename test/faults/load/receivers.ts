/** A crowd of receivers in one place: each has an address of its own in 127.1.0.0/16, so that one listener serves them all. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { bodyOf, numberIn } from './events.ts'

/** A request as one of them got it: which of them, for which event, and when on this process's clock. */
export type Heard = { place: number; number: number; at: number }

/** What a receiver does about a request: it answers with a status, or never. */
export type Manners = (heard: Heard) => number | 'nothing'

const accepting: Manners = () => 200

/** The receivers of one server, and the book of what came to them. */
export class Receivers {
  readonly #server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => this.#take(request, response))
  readonly #accepted = new Map<number, number>()
  readonly #bodyBytes: number
  readonly #unanswered = new Set<ServerResponse>()
  readonly #underWay = new Map<number, number>()
  #waiting: { isReached: () => boolean; resolve: () => void }[] = []
  #port = 0
  /** What they do from now on. */
  manners: Manners = accepting
  /** So many milliseconds one of them takes to answer. */
  delayOf: (place: number) => number = () => 0
  /** The most requests that one of them had under way at once. */
  mostAtOnce = 0
  /** Hears of each request, before it is answered. */
  hear: (heard: Heard) => void = () => {}
  /** Requests that were answered with 200, and those among them whose event that receiver had accepted before. */
  acceptedTimes = 0
  repeated = 0
  /** Requests whose body is not what was published. */
  wrong = 0

  constructor(bodyBytes: number) {
    this.#bodyBytes = bodyBytes
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '0.0.0.0', 4_096, resolve))
    this.#port = (this.#server.address() as AddressInfo).port
  }

  uriOf(place: number): string {
    return `http://127.1.${place >> 8}.${place & 0xff}:${this.#port}/hook`
  }

  /** Resolves when it is so, looked at after each request, or when `within` milliseconds are over; says whether it is. */
  async until(isReached: () => boolean, within: number): Promise<boolean> {
    if (isReached()) return true
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, within)
      this.#waiting.push({ isReached, resolve: () => resolve(clearTimeout(timer)) })
    })
    return isReached()
  }

  /** How many requests have no answer yet. */
  get unanswered(): number {
    return this.#unanswered.size
  }

  /** Whatever has no answer gets one, and from now on everything is accepted. */
  recover(): void {
    this.manners = accepting
    for (const response of this.#unanswered) response.writeHead(200).end()
    this.#unanswered.clear()
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }

  #take(request: IncomingMessage, response: ServerResponse): void {
    const at = performance.now()
    const [, , high = 0, low = 0] = (request.socket.localAddress ?? '').split('.').map(Number)
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    // A killed server breaks off in the middle of its requests.
    request.on('error', () => {})
    request.on('end', () => {
      const body = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
      const heard = { place: high * 256 + low, number: numberIn(body), at }
      if (!bodyOf(heard.number, this.#bodyBytes).equals(body)) this.wrong += 1
      this.#answer(heard, response)
    })
  }

  #answer(heard: Heard, response: ServerResponse): void {
    this.hear(heard)
    this.#begin(heard.place, response)
    const [status, delay] = [this.manners(heard), this.delayOf(heard.place)]
    if (status === 'nothing') {
      this.#unanswered.add(response)
      response.once('close', () => this.#unanswered.delete(response))
    } else if (delay > 0) setTimeout(() => this.#end(status, heard, response), delay)
    else this.#end(status, heard, response)
    this.#tell()
  }

  #begin(place: number, response: ServerResponse): void {
    const underWay = (this.#underWay.get(place) ?? 0) + 1
    this.#underWay.set(place, underWay)
    this.mostAtOnce = Math.max(this.mostAtOnce, underWay)
    response.once('close', () => {
      if (!response.writableEnded) this.#leave(place)
    })
  }

  #leave(place: number): void {
    this.#underWay.set(place, (this.#underWay.get(place) ?? 0) - 1)
  }

  #end(status: number, heard: Heard, response: ServerResponse): void {
    // Counted before the answer is out: the next request may come while this one is being closed.
    this.#leave(heard.place)
    if (status === 200) this.#accept(heard)
    response.writeHead(status).end()
    this.#tell()
  }

  #tell(): void {
    for (const one of this.#waiting) if (one.isReached()) one.resolve()
    if (this.#waiting.length > 0) this.#waiting = this.#waiting.filter(({ isReached }) => !isReached())
  }

  #accept({ place, number }: Heard): void {
    const before = this.#accepted.get(number)
    this.acceptedTimes += 1
    // In these scenes each event is for one receiver.
    if (before === place) this.repeated += 1
    else this.#accepted.set(number, place)
  }
}
