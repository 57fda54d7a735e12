/**
 * Where a webhook may point, as far as the URI alone can tell.
 *
 * The URI is parsed once, by the WHATWG parser that also decides where the
 * request goes: two parsers that disagree are how guards are walked around.
 * Which addresses a name stands for is looked up, and judged, at every
 * connection (transport/guard.ts); here is only what is wrong for good.
 */

/** A place that a webhook may point to. */
export type Destination = {
  kind: 'destination'
  /** Without fragment, in the parser's spelling. */
  uri: URL
  /** The host as it is asked for: lower case, punycode, no brackets. */
  host: string
  /** The host is an address, not a name; it must pass the guard like any other. */
  isAddress: boolean
  port: number
  isSecure: boolean
}

/** Why a URI cannot be a destination. */
export type DestinationFaultCode =
  | 'uri_too_long'
  | 'uri_malformed'
  | 'scheme_unsupported'
  | 'credentials_in_uri'
  | 'name_malformed'
  | 'name_local'
  | 'port_forbidden'

/** A fault, with a sentence that says what would be right. */
export type DestinationFault = { kind: 'fault'; code: DestinationFaultCode; advice: string }

/** What an operator may open: receivers on networks of their own have names that the world does not know. */
export type DestinationPolicy = { allowsLocalNames: boolean }

/** Longer URIs are cut or refused by proxies and servers on the way, and fill log lines. */
export const uriLengthLimit = 2_048

/** RFC 1035 §2.3.4: the longest part between two dots. */
export const labelLengthLimit = 63

/** RFC 1035 §2.3.4 in text: the longest name, without the dot at its end. */
const nameLengthLimit = 253

// Below 1024 live the machine's own services; only the two of the web may be meant.
const webPorts = new Set([80, 443])
const firstFreePort = 1_025

// Services above 1024 that act upon what they can read of an HTTP request, or must not be probed through us.
const servicePorts = new Set([
  1_433, 1_521, 1_723, 2_049, 2_375, 2_376, 2_379, 2_380, 3_306, 3_389, 4_045, 5_060, 5_061, 5_432, 5_672, 5_900, 5_984,
  6_379, 6_380, 6_665, 6_666, 6_667, 6_668, 6_669, 6_697, 9_042, 9_092, 9_200, 9_300, 10_250, 11_211, 27_017, 27_018,
])

// Names that never leave a house: RFC 6761, 6762, 7686, 8375, and .internal, which ICANN keeps for private use.
const localSuffixes = ['localhost', 'local', 'internal', 'home.arpa', 'onion', 'localdomain', 'lan', 'intranet', 'corp']

const advice: Record<DestinationFaultCode, string> = {
  uri_too_long: `The URI is longer than ${uriLengthLimit} characters; give a shorter one.`,
  uri_malformed: 'This is not an absolute URI; give one such as https://example.com/hooks.',
  scheme_unsupported: 'Only http and https are spoken; give a URI such as https://example.com/hooks.',
  credentials_in_uri: 'The URI has a user name or password in it; leave it out, deliveries are signed instead.',
  name_malformed: `The host name has a part that is empty or longer than ${labelLengthLimit} characters, or is longer than ${nameLengthLimit} in all; give a name that DNS can hold.`,
  name_local: 'The host name is known on local networks only; give a public name such as hooks.example.com.',
  port_forbidden: 'This port belongs to another kind of service; use 80, 443 or a port above 1024 that serves HTTP.',
}

/** Reads a URI as a webhook's destination, or says what is wrong with it. */
export function destinationOf(
  uri: string,
  policy: DestinationPolicy = { allowsLocalNames: false },
): Destination | DestinationFault {
  if (uri.length > uriLengthLimit) return fault('uri_too_long')
  const parsed = URL.canParse(uri) ? new URL(uri) : null
  if (parsed === null) return fault('uri_malformed')
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return fault('scheme_unsupported')
  if (parsed.username !== '' || parsed.password !== '') return fault('credentials_in_uri')

  parsed.hash = ''
  if (parsed.href.length > uriLengthLimit) return fault('uri_too_long')

  const isSecure = parsed.protocol === 'https:'
  const port = parsed.port === '' ? (isSecure ? 443 : 80) : Number(parsed.port)
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  const isAddress = isAddressOfUri(parsed.hostname)
  if (!isAddress && !isNameWellFormed(host)) return fault('name_malformed')
  if (!isAddress && !policy.allowsLocalNames && isLocalName(host)) return fault('name_local')
  if (!isServedPort(port)) return fault('port_forbidden')

  return { kind: 'destination', uri: parsed, host, isAddress, port, isSecure }
}

/**
 * How a destination is kept and shown: as it was given where that says plainly where it leads, and otherwise in the
 * parser's spelling. So nobody reads one host and reaches another: no look-alike letters, no line breaks, no backslashes.
 */
export const plainSpelling = (given: string, { uri }: Destination): string =>
  uri.href === given || uri.href === `${given}/` ? given : uri.href

/** Whether a name has a meaning on local networks only: one label, or a suffix kept for such networks. */
export function isLocalName(name: string): boolean {
  const bare = name.toLowerCase().replace(/\.$/, '')
  if (!bare.includes('.')) return true
  return localSuffixes.some((suffix) => bare.endsWith(`.${suffix}`))
}

/** Whether receivers may listen at a port. */
export function isServedPort(port: number): boolean {
  return webPorts.has(port) || (port >= firstFreePort && port <= 65_535 && !servicePorts.has(port))
}

function fault(code: DestinationFaultCode): DestinationFault {
  return { kind: 'fault', code, advice: advice[code] }
}

// The parser has already turned every spelling of an IPv4 address into four decimal numbers.
function isAddressOfUri(hostname: string): boolean {
  return hostname.startsWith('[') || /^\d+\.\d+\.\d+\.\d+$/.test(hostname)
}

function isNameWellFormed(name: string): boolean {
  const bare = name.replace(/\.$/, '')
  if (bare.length === 0 || bare.length > nameLengthLimit) return false
  return bare.split('.').every((label) => /^[a-z0-9_-]+$/.test(label) && label.length <= labelLengthLimit)
}
