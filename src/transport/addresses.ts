import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * Which addresses are out in the world.
 *
 * The tables are ipaddr.js's; three things it does not know are added. IPv6
 * outside 2000::/3 is not handed out to anyone (RFC 4291 §2.4), which also
 * shuts the deprecated ::a.b.c.d spelling of IPv4 that it calls unicast. A
 * cloud's metadata service may have a public address (168.63.129.16), and must
 * stay shut even when the network around it is opened.
 */

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** A network that an operator has opened, ready to be compared with. */
export type Network = [address: Address, prefixLength: number]

const globalUnicast = ipaddr.IPv6.parseCIDR('2000::/3')

// Whoever reaches these speaks as the machine: they hand out credentials.
const metadataServices = new Set(
  [
    '169.254.169.254',
    '169.254.170.2',
    '169.254.170.23',
    '100.100.100.200',
    '168.63.129.16',
    'fd00:ec2::254',
    'fd00:ec2::23',
    'fd20:ce::254',
  ].map((address) => ipaddr.parse(address).toString()),
)

/** What kind of place an address is; `public` alone is out in the world. */
export function rangeOf(address: string): string {
  const parsed = parsedAddress(address)
  return parsed === null ? 'malformed' : rangeOfParsed(parsed)
}

/** Whether an address may be reached: a public one that is not this machine's own, or one that an operator has opened. */
export function isReachable(address: string, opened: readonly Network[], own: () => readonly string[]): boolean {
  const parsed = parsedAddress(address)
  if (parsed === null) return false
  const isOut = rangeOfParsed(parsed) === 'public' && !own().includes(parsed.toString())
  return isOut || opened.some((network) => isOpenedBy(parsed, network))
}

/** Reads `10.1.0.0/16`, or a single address; throws when it is neither. */
export function networkOf(text: string): Network {
  if (text.includes('/')) return ipaddr.parseCIDR(text)
  const address = ipaddr.parse(text)
  return [address, wholeLength(address)]
}

// Stricter than ipaddr.js, which also reads 0x7f.1; a zone (fe80::1%eth0) names a cable, not a place.
function parsedAddress(address: string): Address | null {
  return isIP(address) === 0 || address.includes('%') ? null : ipaddr.parse(address)
}

function rangeOfParsed(address: Address): string {
  if (metadataServices.has(address.toString()) && address.range() === 'unicast') return 'metadata'
  const range = address.range()
  if (range !== 'unicast') return range
  return address.kind() === 'ipv6' && !address.match(globalUnicast) ? 'unassigned' : 'public'
}

function isOpenedBy(address: Address, [network, length]: Network): boolean {
  if (address.kind() !== network.kind()) return false
  if (metadataServices.has(address.toString()) && length !== wholeLength(address)) return false
  return address.match([network, length])
}

function wholeLength(address: Address): number {
  return address.kind() === 'ipv4' ? 32 : 128
}
