import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { describe, onTestFinished, test } from 'vitest'
import { row } from '../process/ledger/rows.ts'
import { ServerProcess } from '../process/ledger/server-process.ts'
import { addressesTable } from '../transport/addresses-table.ts'
import { aNameServer, type NameRecords } from '../transport/name-server.ts'
import { namesTable } from '../transport/names-table.ts'
import { doorPort, Fence, insideAddress, insideSixth, peerAddress, privatePeerAddress } from './fence.ts'

/** Rows of the tables that only a running server has: itself, in all the ways that it can be called. */
const itself = [
  `http://${insideAddress}:${doorPort}/`,
  `http://127.0.0.1:${doorPort}/`,
  `http://[::1]:${doorPort}/`,
  `http://[${insideSixth}]:${doorPort}/`,
  `http://${insideAddress}/`,
  'http://itself.example.com/',
]

const uris = [
  ...addressesTable.map(([, uri]) => uri),
  ...namesTable.map(({ name }) => `http://${name}/`),
  ...itself,
  `http://${peerAddress}/`,
  `http://${privatePeerAddress}/`,
]

const webhooksPerClient = 50
const lookMs = 50

describe.each([
  { opened: '', hears: [peerAddress], other: 'nothing is opened' },
  {
    opened: `${privatePeerAddress}/32`,
    hears: [peerAddress, privatePeerAddress],
    other: 'a private network is opened',
  },
])('a fenced server of which $other', ({ opened, hears }) => {
  test('sends no packet to an address that is closed, however it is written or named', async ({ expect }) => {
    const fence = new Fence(hears)
    onTestFinished(() => fence.remove())
    const heard = await receiversOn([peerAddress, privatePeerAddress])
    const names = await aNameServer(recordsOf, { address: peerAddress, port: 53 })
    onTestFinished(() => names.close())
    const call = await aFencedServer(fence, opened)

    const { registered, refused } = await register(call)
    // Twice, as a name may lead elsewhere the second time.
    for (const body of ['once', 'again']) {
      await call('POST', '/api/v1/events', { tenant: 'acme', trigger: 'fence:tick', body })
      await attempted(call)
    }

    const { strays, wanted } = fence.counters()
    fence.stray('10.0.0.1', 80)
    fence.stray('127.0.0.1', doorPort)
    fence.stray('fd00:ec2::254', 80)
    const counted = fence.counters().strays
    row('S', strays === 0, `${strays} packets to ${uris.length} addresses, ${refused} of them refused as webhooks`)
    expect(strays).toBe(0)
    expect(registered).toBeGreaterThan(0)
    // What may be reached was, and what may not would have been counted.
    expect(wanted).toBeGreaterThan(0)
    expect([...heard].filter((host) => /^[\d.]+$/.test(host)).sort()).toEqual([...hears].sort())
    expect(heard).toContain('example.com')
    expect(counted).toBeGreaterThanOrEqual(3)
  }, 120_000)
})

/** The hosts that were asked for at these addresses, as they come. */
async function receiversOn(addresses: readonly string[]): Promise<Set<string>> {
  const heard = new Set<string>()
  for (const address of addresses) {
    const server: Server = createServer((request, response) => {
      heard.add(String(request.headers.host))
      request.resume().on('end', () => response.end())
    })
    await new Promise<void>((resolve) => server.listen(80, address, resolve))
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
  }
  return heard
}

const asked = new Map<string, number>()

/** The tables' names, and those in their URIs; what they say is out in the world is at our end of the cable. */
function recordsOf(name: string): NameRecords | undefined {
  if (name === 'example.com') return { addresses: [peerAddress] }
  if (name === 'itself.example.com') return { addresses: [insideAddress] }
  if (name === 'metadata.google.internal') return { addresses: ['169.254.169.254'] }
  const answers = namesTable.find((one) => one.name === name)?.answers
  if (answers === undefined) return undefined
  // Each connection asks twice, for either family.
  const count = asked.get(name) ?? 0
  asked.set(name, count + 1)
  const addresses = answers[Math.min(Math.floor(count / 2), answers.length - 1)] ?? []
  return { addresses: addresses.map((address) => (address.startsWith('93.') ? peerAddress : address)) }
}

type Call = <Body>(method: string, path: string, body?: unknown) => Promise<{ status: number; body: Body }>

async function aFencedServer({ under }: Fence, opened: string): Promise<Call> {
  const data = mkdtempSync(join(tmpdir(), 'tidings-'))
  onTestFinished(() => rmSync(data, { recursive: true }))
  const environment = {
    ...{ TIDINGS_HOST: insideAddress, TIDINGS_PORT: String(doorPort), TIDINGS_ALLOW_PRIVATE: opened },
  }
  const server = await ServerProcess.start(data, { environment, under })
  onTestFinished(async () => void (await server.kill()))
  return async <Body>(method: string, path: string, body?: unknown) => {
    const headers = { authorization: server.key ?? '', 'content-type': 'application/json' }
    const sent = body === undefined ? {} : { body: JSON.stringify(body) }
    const answer = await fetch(server.url + path, { method, headers, ...sent })
    return { status: answer.status, body: (await answer.json()) as Body }
  }
}

/** Registers a webhook for every URI, and says how many the API took. */
async function register(call: Call): Promise<{ registered: number; refused: number }> {
  await call('POST', '/api/v1/triggers', { name: 'fence:tick' })
  const statuses: number[] = []
  for (let first = 0; first < uris.length; first += webhooksPerClient) {
    const { body: client } = await call<{ id: string }>('POST', '/api/v1/clients', { name: 'Fenced' })
    await call('POST', `/api/v1/clients/${client.id}/grants`, { tenant: 'acme' })
    for (const uri of uris.slice(first, first + webhooksPerClient)) {
      const wish = { client_id: client.id, uri, triggers: ['fence:tick'] }
      statuses.push((await call('POST', '/api/v1/webhooks', wish)).status)
    }
  }
  const registered = statuses.filter((status) => status === 201).length
  return { registered, refused: statuses.filter((status) => status === 422).length }
}

/** Resolves when every delivery was tried. */
async function attempted(call: Call): Promise<void> {
  type List = { data: { attempts_made: number }[]; next: string | null }
  const hears = await call<{ data: unknown[] }>('GET', '/api/v1/webhooks')
  const events = await call<{ data: unknown[] }>('GET', '/api/v1/events?limit=200')
  for (;;) {
    const { body } = await call<List>('GET', '/api/v1/deliveries?limit=200')
    const tried = body.data.filter(({ attempts_made: made }) => made > 0)
    if (tried.length === hears.body.data.length * events.body.data.length) return
    await setTimeout(lookMs)
  }
}
