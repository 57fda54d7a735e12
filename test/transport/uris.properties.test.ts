import { BlockList, isIP } from 'node:net'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { destinationOf } from '#src/domain/destination.ts'
import { recordingOpen } from './receivers.ts'
import { aSender } from './transports.ts'

/** As many as the URL parser's own list of test inputs has. */
const uris = 1_004

// A second opinion, from another library: what IANA's registries of special-purpose addresses keep from the world.
const closed = {
  4: blockListOf([
    ...[
      '0.0.0.0/8',
      '10.0.0.0/8',
      '100.64.0.0/10',
      '127.0.0.0/8',
      '168.63.129.16/32',
      '169.254.0.0/16',
      '172.16.0.0/12',
    ],
    ...['192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24'],
    ...['203.0.113.0/24', '224.0.0.0/3'],
  ]),
  // All but 2000::/3, and what is special in it.
  6: blockListOf([
    ...['::/3', '4000::/2', '8000::/1', '2001::/32', '2001:2::/48', '2001:10::/28', '2001:db8::/32', '2002::/16'],
  ]),
}
const isOpen = (address: string): boolean =>
  isIP(address) === 6 ? !closed[6].check(address, 'ipv6') : !closed[4].check(address, 'ipv4')

const ipv4 = fc.oneof(
  fc.constantFrom(0x7f000001, 0xa9fea9fe, 0x0a000001, 0xc0a80001, 0, 0x64646464, 0xa83f8110, 0xac1fffff),
  fc.nat(0xffff_ffff),
)
const bytesOf = (address: number): number[] => [24, 16, 8, 0].map((shift) => (address >>> shift) & 0xff)
const dotted = (address: number): string => bytesOf(address).join('.')

/** Ways to write an IPv4 address that the URL parser understands. */
const spellings: readonly ((address: number) => string)[] = [
  dotted,
  (address) => String(address),
  (address) => `0x${address.toString(16)}`,
  (address) => `0${address.toString(8)}`,
  (address) =>
    bytesOf(address)
      .map((byte) => `0${byte.toString(8)}`)
      .join('.'),
  (address) => `0X${(address >>> 24).toString(16)}.${address & 0xff_ffff}`,
  (address) => `${dotted(address)}.`,
  (address) => dotted(address).replaceAll('.', '。'),
  (address) => dotted(address).replace(/\d/g, (digit) => String.fromCodePoint(0xff10 + Number(digit))),
  (address) => dotted(address).replace(/./g, (one) => `%${one.charCodeAt(0).toString(16)}`),
  (address) => `[::ffff:${dotted(address)}]`,
  (address) => `[::${dotted(address)}]`,
  (address) => `[64:ff9b::${dotted(address)}]`,
]
const ipv6 = fc
  .tuple(fc.constantFrom('2606:4700', '2001:db8', '2001:0', '2002:7f00', 'fc00:1', 'fe80:0', '::'), fc.nat(0xffff))
  .map(([prefix, last]) => (prefix === '::' ? `::${last.toString(16)}` : `${prefix}::${last.toString(16)}`))
const name = fc.constantFrom('example.com', 'EXAMPLE.com.', 'bücher.example', 'a.b.example.com', 'localhost', 'db')
const host = fc.oneof(
  fc.tuple(ipv4, fc.constantFrom(...spellings)).map(([address, spell]) => spell(address)),
  ipv6.map((address) => `[${address}]`),
  name,
)
const built = fc
  .tuple(
    fc.constantFrom('http:', 'https:', 'HTTP:', 'ht\ntp:', ' http:', 'ftp:'),
    fc.constantFrom('//', '//', '///', '\\\\', '/', ''),
    fc.constantFrom('', '', '', 'a@', '127.0.0.1:80@', 'example.com@'),
    host,
    fc.constantFrom('', '', ':80', ':00080', ':8443', ':22', ':65536'),
    fc.constantFrom('/', '', '/x?y#z', '\\@10.0.0.1/', '#@127.0.0.1/', '?@[::1]/', '/../\t..//[::1]'),
  )
  .map((parts) => parts.join(''))
const uri = fc.oneof({ weight: 8, arbitrary: built }, { weight: 1, arbitrary: fc.webUrl() }, fc.string())
const answers = fc.array(fc.oneof(ipv4.map(dotted), fc.constant('93.184.215.14'), ipv6), { minLength: 1, maxLength: 4 })

test('G16 whatever URI is accepted, the addresses that are connected to are those that were judged, and no others', async () => {
  const { opened, open } = recordingOpen()
  let addresses: readonly string[] = []
  const sender = aSender({ allow: [], open, resolver: async () => ({ kind: 'resolved', addresses }) })
  let connected = 0

  await fc.assert(
    fc.asyncProperty(uri, answers, async (given, answered) => {
      const destination = destinationOf(given)
      if (destination.kind === 'fault') return
      addresses = answered
      opened.length = 0

      await sender.post(destination.uri.href)

      const judged = destination.isAddress ? [destination.host] : answered
      expect(opened).toEqual(judged.every(isOpen) ? judged : [])
      if (opened.length > 0) connected += 1
    }),
    { numRuns: uris },
  )

  // Where hardly anything passes, little is shown.
  expect(connected).toBeGreaterThan(uris / 20)
})

test('G16 a web address that nobody looked at first reaches no closed address either', async () => {
  const { opened, open } = recordingOpen()
  let addresses: readonly string[] = []
  const sender = aSender({ allow: [], open, resolver: async () => ({ kind: 'resolved', addresses }) })

  await fc.assert(
    fc.asyncProperty(uri, answers, async (given, answered) => {
      if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol)) return
      addresses = answered
      opened.length = 0

      await sender.post(given)

      expect(opened.filter((address) => !isOpen(address))).toEqual([])
    }),
    { numRuns: uris },
  )
})

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', length] = network.split('/')
    list.addSubnet(address, Number(length), isIP(address) === 6 ? 'ipv6' : 'ipv4')
  }
  return list
}
