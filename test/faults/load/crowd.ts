/** A server in a process of its own, and before it a crowd of webhooks, each with a tenant and a receiver of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pool } from 'undici'
import { type Manner, ServerProcess } from '../../process/ledger/server-process.ts'
import { tenantOf, trigger } from './events.ts'
import { Receivers } from './receivers.ts'

/** So many webhooks a client may have. */
const webhooksPerClient = 100

/** Calls to the API that are under way at a time while the crowd is registered. */
const callsAtOnce = 32

export type Crowd = Awaited<ReturnType<typeof aCrowd>>

/** Where the server is, and the key that opens it. */
export type Door = { url: string; key: string }

/** Registers so many webhooks; the one at a place hears the tenant `tenantOf(place)`, at `uriOf(place)`. */
export async function aCrowd({
  webhooks,
  bodyBytes = 256,
  uriOf,
  ...manner
}: Manner & { webhooks: number; bodyBytes?: number; uriOf?: (place: number, receivers: Receivers) => string }) {
  const data = mkdtempSync(join(tmpdir(), 'crowd-'))
  const receivers = new Receivers(bodyBytes)
  await receivers.listen()
  let server = await ServerProcess.start(data, manner)
  const key = server.key ?? ''
  const door = (): Door => ({ url: server.url, key })
  const where = (place: number) => uriOf?.(place, receivers) ?? receivers.uriOf(place)
  const ids = await register(door(), webhooks, where)

  return {
    receivers,
    bodyBytes,
    webhooks,
    door,
    /** The ids of the webhooks, by their places. */
    ids,
    storePath: join(data, 'tidings.db'),
    server: () => server,
    async restart(): Promise<void> {
      server = await ServerProcess.start(data, manner)
    },
    async close(): Promise<void> {
      await server.kill()
      await receivers.close()
      rmSync(data, { recursive: true, force: true })
    },
  }
}

async function register(door: Door, count: number, uriOf: (place: number) => string): Promise<string[]> {
  await callAt(door, 'POST', '/api/v1/triggers', { name: trigger })
  const ids: string[] = []
  const clients = Array.from({ length: Math.ceil(count / webhooksPerClient) }, (_, index) => index)
  await inTurns(clients, async (index) => {
    const { id: client_id } = await callAt<{ id: string }>(door, 'POST', '/api/v1/clients', { name: `Crowd ${index}` })
    const first = index * webhooksPerClient
    const places = Array.from({ length: Math.min(webhooksPerClient, count - first) }, (_, place) => first + place)
    for (const place of places) {
      const tenant = tenantOf(place)
      await callAt(door, 'POST', `/api/v1/clients/${client_id}/grants`, { tenant })
      const webhook = { client_id, tenant, uri: uriOf(place), triggers: [trigger] }
      ids[place] = (await callAt<{ id: string }>(door, 'POST', '/api/v1/webhooks', webhook)).id
    }
  })
  return ids
}

async function inTurns<Item>(items: Item[], act: (item: Item) => Promise<void>): Promise<void> {
  const left = items.values()
  const one = async () => {
    for (const item of left) await act(item)
  }
  await Promise.all(Array.from({ length: callsAtOnce }, one))
}

/** Calls the API and fails when it is refused. */
export async function callAt<Body>({ url, key }: Door, method: string, path: string, body?: unknown): Promise<Body> {
  const headers = { authorization: key, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const answer = await fetch(url + path, { method, headers, ...sent })
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
  return (await answer.json()) as Body
}

/** Many kept connections to the door. */
export const linesTo = ({ url }: Door, connections: number): Pool => new Pool(url, { connections, pipelining: 1 })
