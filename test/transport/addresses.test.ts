import { describe, expect, test } from 'vitest'
import { destinationOf } from '#src/domain/destination.ts'
import { inWords } from '#src/domain/outcome-in-words.ts'
import { seconds } from '#src/domain/time.ts'
import { isReachable, networkOf, rangeOf } from '#src/transport/addresses.ts'
import { ownAddresses } from '#src/transport/own-addresses.ts'
import { addressesTable } from './addresses-table.ts'
import { recordingOpen } from './receivers.ts'
import { answering, aSender } from './transports.ts'

const opensWithoutLookingUp = addressesTable.filter(([, , , meant]) => meant === 'public')
/** A machine without addresses. */
const nobodys = () => []
const isSent = new Set(['public', 'name'])

describe('a URI cannot be spelled so that it reaches what is closed', () => {
  test.each(addressesTable)('%s: %s (%s) is understood as %s', (_id, uri, _why, meant) => {
    expect(meaningOf(uri)).toBe(meant)
  })

  test.each(addressesTable.filter(([, uri]) => isWeb(uri)))(
    '%s: %s is not connected to, even unchecked',
    async (_id, uri, _why, meant) => {
      const { opened, open } = recordingOpen()
      const sender = aSender({
        allow: [],
        open,
        resolver: async () => ({ kind: 'resolved', addresses: ['127.0.0.1'] }),
      })

      const outcome = await sender.post(uri)

      const host = new URL(uri).hostname
      expect(opened).toEqual(meant === 'public' ? [host] : [])
      expect(outcome.kind).toBe(meant === 'public' ? 'refused' : 'forbidden-address')
    },
  )

  test('the table knows what must pass, too', () => {
    expect(opensWithoutLookingUp).toHaveLength(2)
    expect(addressesTable.filter(([, , , meant]) => isSent.has(meant))).toHaveLength(6)
  })
})

describe('an operator opens networks', () => {
  test('D17 only the network that was opened can be reached', () => {
    const opened = [networkOf('10.1.0.0/16'), networkOf('fd12::/64')]

    expect(isReachable('10.1.2.3', opened, nobodys)).toBe(true)
    expect(isReachable('fd12::7', opened, nobodys)).toBe(true)
    expect(isReachable('10.2.0.1', opened, nobodys)).toBe(false)
    expect(isReachable('127.0.0.1', opened, nobodys)).toBe(false)
    expect(isReachable('::ffff:10.1.2.3', opened, nobodys)).toBe(false)
  })

  test('D17 metadata services stay closed unless one is named exactly', () => {
    const everything = [networkOf('0.0.0.0/0'), networkOf('::/0')]

    for (const address of ['169.254.169.254', '168.63.129.16', '100.100.100.200', 'fd00:ec2::254']) {
      expect(isReachable(address, everything, nobodys)).toBe(false)
      expect(isReachable(address, [networkOf(address)], nobodys)).toBe(true)
    }
    expect(isReachable('192.168.1.1', everything, nobodys)).toBe(true)
  })

  test('an address with a zone, or in a spelling of its own, is no address', () => {
    expect(rangeOf('fe80::1%eth0')).toBe('malformed')
    expect(rangeOf('0x7f.1')).toBe('malformed')
    expect(rangeOf('')).toBe('malformed')
  })

  test('IPv6 that is not handed out to anyone is not the public network', () => {
    expect(rangeOf('4000::1')).toBe('unassigned')
    expect(rangeOf('2606:4700::1')).toBe('public')
  })
})

describe('the machine that sends', () => {
  const [ownAddress, ownSixth] = ['93.184.215.14', '2606:4700::5']
  const own = () => [ownAddress, ownSixth]

  test.each([
    ['D16', `http://${ownAddress}:8080/`],
    ['D19', `http://${ownAddress}/`],
    ['D19', `http://[${ownSixth}]/`],
    ['D19', 'http://hooks.example.com/'],
  ])('%s does not connect to itself, though its address is public: %s', async (_id, uri) => {
    const { opened, open } = recordingOpen()
    const resolver = answering({ 'hooks.example.com': [ownAddress] })
    const sender = aSender({ allow: [], open, resolver, own })

    expect((await sender.post(uri)).kind).toBe('forbidden-address')
    expect(opened).toEqual([])
  })

  test('D19 is reached where an operator opened its address', async () => {
    const { opened, open } = recordingOpen()
    const sender = aSender({ allow: [`${ownAddress}/32`], open, own })

    await sender.post(`http://${ownAddress}/`)

    expect(opened).toEqual([ownAddress])
  })

  test('D19 notices an address that it was given later', async () => {
    const { opened, open } = recordingOpen()
    const given: string[] = []
    const sender = aSender({ allow: [], open, own: () => [...given] })
    await sender.post(`http://${ownAddress}/`)

    given.push(ownAddress)
    sender.clock.pass(seconds(5))
    await sender.post(`http://${ownAddress}/`)

    expect(opened).toEqual([ownAddress])
  })

  test('D19 knows its own addresses without being told', () => {
    expect(ownAddresses()).toContain('127.0.0.1')
  })
})

describe('what is closed', () => {
  test('D24 D25 tells nothing of what is behind it: whatever the port, and however it was named', async () => {
    const { opened, open } = recordingOpen()
    const sender = aSender({ allow: [], open, resolver: answering({ 'hooks.example.com': ['10.0.0.1'] }) })
    const uris = ['http://10.0.0.1/', 'http://10.0.0.1:8080/', 'http://10.0.0.2/', 'http://hooks.example.com/']

    const outcomes = await Promise.all(uris.map((uri) => sender.post(uri)))

    const words = outcomes.map((outcome) => JSON.stringify(outcome) + inWords(outcome))
    expect(new Set(words).size).toBe(1)
    expect(words[0]).not.toMatch(/10\.0\.0/)
    expect(opened).toEqual([])
  })
})

describe('services that are not receivers', () => {
  test.each([22, 25, 6379, 11211, 5432])('D28 port %i is not connected to', async (port) => {
    const { opened, open } = recordingOpen()
    const sender = aSender({ allow: [], open, resolver: answering({ 'example.com': ['93.184.215.14'] }) })

    const outcome = await sender.post(`http://example.com:${port}/`)

    expect(outcome.kind).toBe('forbidden-address')
    expect(opened).toEqual([])
  })
})

function isWeb(uri: string): boolean {
  return URL.canParse(uri) && /^https?:$/.test(new URL(uri).protocol)
}

function meaningOf(uri: string): string {
  const destination = destinationOf(uri)
  if (destination.kind === 'fault') return destination.code
  return destination.isAddress ? rangeOf(destination.host) : 'name'
}
