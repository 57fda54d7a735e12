import { isIP } from 'node:net'
import { createSecureContext } from 'node:tls'
import type { Clock } from '../clock.ts'
import { isLocalName, isServedPort } from '../domain/destination.ts'
import { type Duration, seconds } from '../domain/time.ts'
import { isReachable, networkOf } from './addresses.ts'
import { type Called, Dial, type Dialled, type Open, openTcp } from './dial.ts'
import { ownAddresses } from './own-addresses.ts'
import { hostsFile, type Resolver, systemResolver } from './resolver.ts'

/**
 * Which receivers may be reached, and the only way to one.
 *
 * The guard stands in the connector, not before the request: whatever a name
 * stood for when a webhook was registered, or a moment ago, the address that is
 * judged is the address that is connected to. Names are resolved here and not
 * by the socket (see resolver.ts for how, and why not `dns.lookup`). Settings
 * for proxies in the environment are not read by anything on this path.
 */

/** An address that the machine has just been given is known as its own after this. */
const ownLength: Duration = seconds(5)

/** What an operator decides about the networks that receivers may be in. */
export type GuardSettings = {
  clock: Clock
  /** Networks opened beside the public ones, such as `127.0.0.0/8`; a single address is one too. */
  allow: readonly string[]
  /** Roots to trust instead of the usual ones, in PEM. */
  ca?: string | readonly string[] | undefined
  resolver?: Resolver | undefined
  open?: Open | undefined
  /** The machine's own addresses, which are closed like private ones. */
  own?: (() => readonly string[]) | undefined
}

/** What undici passes to a connector, as far as it matters here. */
export type ConnectorOptions = { hostname: string; port: string; protocol: string }

/** Judges addresses, and connects to those that pass. */
export type Guard = {
  mayReach(address: string): boolean
  /** Fit for undici's `connect`; the dial that it gives back can be watched and cancelled. */
  connector(options: ConnectorOptions, dialled: Dialled): Dial
}

/** Makes a guard; a network that cannot be read is the operator's mistake, and throws. */
export function guard({ clock, allow, ca, resolver, open = openTcp, own = ownAddresses }: GuardSettings): Guard {
  const opened = allow.map(networkOf)
  const hasOwnNetworks = opened.length > 0
  const resolve = resolver ?? systemResolver(hasOwnNetworks ? { readHosts: hostsFile } : {})
  const secureContext = createSecureContext({
    minVersion: 'TLSv1.2',
    ...(ca === undefined ? {} : { ca: typeof ca === 'string' ? ca : [...ca] }),
  })

  const ownNow = remembering(own, clock)
  const mayReach = (address: string) => isReachable(address, opened, ownNow)
  const mayCall = ({ name, port }: Called) =>
    isServedPort(port) && (isIP(name) !== 0 || hasOwnNetworks || !isLocalName(name))
  const tools = { mayReach, mayCall, resolve, open, secureContext }

  return {
    mayReach,
    connector: ({ hostname, port, protocol }, dialled) => new Dial(called(hostname, port, protocol), tools, dialled),
  }
}

/** Asked for at each connection, they would cost more than the connection where a machine has many. */
function remembering(own: () => readonly string[], clock: Clock): () => readonly string[] {
  let known: readonly string[] = []
  let askedAt = Number.NEGATIVE_INFINITY
  return () => {
    const now = clock.now()
    if (Math.abs(now - askedAt) < ownLength) return known
    known = own()
    askedAt = now
    return known
  }
}

function called(hostname: string, port: string, protocol: string): Called {
  const isSecure = protocol === 'https:'
  return { name: hostname, port: port === '' ? (isSecure ? 443 : 80) : Number(port), isSecure }
}
