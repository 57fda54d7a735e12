/** Everything around the server: a data folder, receivers that hear, clients that publish, and the book about it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Hook, type Manners } from './hook.ts'
import { Ledger, pairOf } from './ledger.ts'
import { Load, trigger } from './load.ts'
import { type Manner, ServerProcess } from './server-process.ts'

const tenants = ['acme', 'globex', 'initech']

/** So long may a healed world take to settle everything. */
const drainBoundMs = 30_000

export type Scene = Awaited<ReturnType<typeof aScene>>

/** Where the server keeps its data, and how its process is started. */
type Place = Manner & { data?: string }

/** Two webhooks for each of three tenants, whose receivers take turns in `manners`. Removes its data where they are its own. */
export async function aScene(manners: readonly Manners[], { data: given, ...manner }: Place = {}) {
  const data = given ?? mkdtempSync(join(tmpdir(), 'tidings-'))
  // Beside the data folder, never inside it: what the server does to its own files must not touch the book.
  const book = mkdtempSync(join(tmpdir(), 'ledger-'))
  const hooks = tenants.flatMap((tenant, index) =>
    [0, 1].map((place) => {
      const hook = new Hook(manners[(index * 2 + place) % manners.length] ?? { fails: 0, hangs: 0, wait: 0 })
      return { tenant, hook }
    }),
  )
  let server = await ServerProcess.start(data, manner)
  const key = server.key ?? ''
  const door = () => ({ url: server.url, key })

  await callAt(door(), 'POST', '/api/v1/triggers', { name: trigger })
  const registered = await Promise.all(hooks.map(({ tenant, hook }) => register(door(), tenant, hook)))
  const hearers = new Map(tenants.map((tenant) => [tenant, registered.filter((one) => one.tenant === tenant)]))
  const ids = new Map([...hearers].map(([tenant, theirs]) => [tenant, theirs.map(({ id }) => id)]))
  const ledger = new Ledger(join(book, 'ledger.ndjson'), ids)
  for (const { hook, id, secret, standard_secret: standardSecret } of registered) {
    hook.register(id, { secret, standardSecret }, ledger)
  }

  return {
    data,
    storePath: join(data, 'tidings.db'),
    ledger,
    load: new Load(ledger, tenants),
    door,
    hooks: hooks.map(({ hook }) => hook),
    server: () => server,
    /** Starts the next server on the same data, in the scene's own manner or in another. */
    async restart(other: Manner = manner): Promise<void> {
      server = new ServerProcess(data, other)
      await server.isUp()
    },
    async close(): Promise<void> {
      await server.kill()
      await Promise.all(hooks.map(({ hook }) => hook.close()))
      ledger.close()
      for (const path of given === undefined ? [data, book] : [book]) rmSync(path, { recursive: true, force: true })
    },
  }
}

type Registered = { id: string; secret: string; standard_secret: string }

async function register(door: Door, tenant: string, hook: Hook): Promise<Registered & { tenant: string; hook: Hook }> {
  await hook.listen()
  const client = await callAt<{ id: string }>(door, 'POST', '/api/v1/clients', { name: tenant })
  await callAt(door, 'POST', `/api/v1/clients/${client.id}/grants`, { tenant })
  const webhook = { client_id: client.id, uri: hook.uri, triggers: [trigger] }
  return { ...(await callAt<Registered>(door, 'POST', '/api/v1/webhooks', webhook)), tenant, hook }
}

type Door = { url: string; key: string }

/** Calls the API and fails when it is refused. */
async function callAt<Body>({ url, key }: Door, method: string, path: string, body?: unknown): Promise<Body> {
  const headers = { authorization: key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const answer = await fetch(url + path, { method, headers, ...sent })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Body
}

/** Heals every receiver, brings what waits for a retry forward, and waits until all that was acknowledged is accepted. */
export async function drain(scene: Scene): Promise<void> {
  const { hooks, door, ledger, load } = scene
  const bound = AbortSignal.timeout(drainBoundMs)
  await load.settle(door())
  for (const hook of hooks) hook.heal()
  const all = (action: string) =>
    Promise.all(hooks.map(({ webhook }) => callAt(door(), 'POST', `/api/v1/webhooks/${webhook}/${action}`)))
  await all('pauses')
  await all('resumptions')
  await ledger.complete(bound)
  // What a receiver accepted is `delivered` once its attempt is written down, which a full disk may have put off.
  while (!bound.aborted && (await open(door())) > 0);
  while (!bound.aborted && (await missingFromApi(scene)).deliveries.length > 0);
}

async function open(door: Door): Promise<number> {
  const due = await callAt<Page<unknown>>(door, 'GET', '/api/v1/deliveries?status=due&limit=1')
  const held = await callAt<Page<unknown>>(door, 'GET', '/api/v1/deliveries?status=held&limit=1')
  return due.data.length + held.data.length
}

type Page<Entry> = { data: Entry[]; next: string | null }

/** Of the acknowledged, the events that the API does not show, and the deliveries that it does not show as delivered. */
export async function missingFromApi({ door, ledger }: Scene): Promise<{ events: string[]; deliveries: string[] }> {
  const events = new Set<string>()
  for await (const { id } of pages<{ id: string }>(door(), '/api/v1/events?limit=200&after=')) events.add(id)
  const delivered = new Set<string>()
  const list = '/api/v1/deliveries?status=delivered&limit=200&before='
  for await (const { webhook_id, event_id } of pages<{ webhook_id: string; event_id: string }>(door(), list)) {
    delivered.add(pairOf(webhook_id, event_id))
  }
  return {
    events: [...ledger.ackedIds()].filter((id) => !events.has(id)),
    deliveries: ledger.ackedPairs().filter((pair) => !delivered.has(pair)),
  }
}

/** Everything that a list has, page by page; `list` ends where the cursor goes. */
async function* pages<Entry>(door: Door, list: string): AsyncGenerator<Entry> {
  const [path = '', cursorName = ''] = list.split(/[?&](\w+)=$/)
  let page = await callAt<Page<Entry>>(door, 'GET', path)
  for (;;) {
    yield* page.data
    if (page.next === null) return
    page = await callAt<Page<Entry>>(door, 'GET', `${path}&${cursorName}=${page.next}`)
  }
}
