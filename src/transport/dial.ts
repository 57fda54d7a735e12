import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { connect as connectTls, type SecureContext } from 'node:tls'
import type { Instant } from '../domain/time.ts'
import type { Limited } from './deadlines.ts'
import { Failed, type Failure, failureOf } from './failure.ts'
import type { Resolution, Resolver } from './resolver.ts'

/** Opens a TCP connection to an address that has been judged; tests put their own here. */
export type Open = (address: string, port: number) => Socket

/** Opens a TCP connection without asking anything or anybody for the address. */
export const openTcp: Open = (address, port) => connectTcp({ host: address, port, noDelay: true })

/** Whom to call: the name, or address, that TLS must prove, and the port. */
export type Called = { name: string; port: number; isSecure: boolean }

/** What a dial needs to know and to do. */
export type DialTools = {
  mayReach: (address: string) => boolean
  /** Whether a name and port are worth asking about; the same rules as when a webhook is registered. */
  mayCall: (called: Called) => boolean
  resolve: Resolver
  open: Open
  secureContext: SecureContext
}

/** Hears how a dial ended, once. */
export type Dialled = (...result: [error: null, socket: Socket] | [error: Error, socket: null]) => void

/** Not all of a name's addresses are tried: each costs the receiver's network a packet and us time. */
const addressesTried = 4

/**
 * One way to a receiver: resolve, judge every address, connect to one of
 * exactly those, and prove the name.
 *
 * A `lookup` hook would not do: it is not called for addresses in URIs, and
 * what it answers may be only the first of several that are then tried.
 */
export class Dial implements Limited {
  endsAt: Instant = 0
  phase: 'resolving' | 'connecting' | 'securing' = 'resolving'
  readonly #called: Called
  readonly #tools: DialTools
  #dialled: Dialled | null
  #socket: Socket | null = null

  constructor(called: Called, tools: DialTools, dialled: Dialled) {
    this.#called = called
    this.#tools = tools
    this.#dialled = dialled
    void this.#start()
  }

  /** The connect deadline has passed. */
  expire(): void {
    this.#fail({ kind: 'timed-out', phase: this.phase })
  }

  /** Nobody waits for it any more. */
  cancel(): void {
    const socket = this.#socket
    this.#dialled = null
    this.#socket = null
    socket?.destroy()
  }

  // Begins with a wait, so that whoever dials holds this object before hearing of it.
  async #start(): Promise<void> {
    const resolution = await this.#addresses()
    if (this.#dialled === null) return
    if (resolution.kind !== 'resolved') return this.#fail(resolution)

    // One bad address spoils the name: the next answer may list it first.
    if (!resolution.addresses.every(this.#tools.mayReach)) return this.#fail({ kind: 'forbidden-address' })
    this.phase = 'connecting'
    this.#connect(resolution.addresses.slice(0, addressesTried))
  }

  async #addresses(): Promise<Resolution | { kind: 'forbidden-address' }> {
    const { name } = this.#called
    if (!this.#tools.mayCall(this.#called)) return { kind: 'forbidden-address' }
    if (isIP(name) !== 0) return { kind: 'resolved', addresses: [name] }
    return this.#tools.resolve(name)
  }

  #connect([address, ...others]: readonly string[]): void {
    if (address === undefined) return this.#fail({ kind: 'unresolved', code: 'ENODATA' })

    const socket = this.#tools.open(address, this.#called.port)
    this.#socket = socket
    socket.on('error', (error) => {
      if (this.#socket !== socket) return
      if (this.phase === 'connecting' && others.length > 0) this.#connect(others)
      else this.#fail(failureOf(error, this.phase))
    })
    socket.once('connect', () => {
      if (this.#socket === socket) this.#connected(socket)
    })
  }

  #connected(socket: Socket): void {
    // What we are connected to is asked of the system once more: the last look before the first byte.
    if (!this.#tools.mayReach(socket.remoteAddress ?? '')) return this.#fail({ kind: 'forbidden-address' })
    if (this.#called.isSecure) this.#secure(socket)
    else this.#succeed(socket)
  }

  #secure(socket: Socket): void {
    const { name } = this.#called
    this.phase = 'securing'
    const secured = connectTls({
      socket,
      host: name,
      // RFC 6066 §3: a server name is never an address, and has no dot at its end.
      ...(isIP(name) === 0 ? { servername: name.replace(/\.$/, '') } : {}),
      secureContext: this.#tools.secureContext,
      rejectUnauthorized: true,
      ALPNProtocols: ['http/1.1'],
    })
    this.#socket = secured
    secured.on('error', (error) => {
      if (this.#socket === secured) this.#fail(failureOf(error, this.phase))
    })
    secured.once('secureConnect', () => {
      if (this.#socket === secured) this.#succeed(secured)
    })
  }

  #succeed(socket: Socket): void {
    const dialled = this.#dialled
    this.#dialled = null
    this.#socket = null
    dialled?.(null, socket)
  }

  #fail(failure: Failure): void {
    const dialled = this.#dialled
    this.cancel()
    dialled?.(new Failed(failure), null)
  }
}
