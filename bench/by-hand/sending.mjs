// Sending, as it is written by hand: a pool of undici connections to each receiver, and both signatures.
import { Pool } from 'undici'
import { tenantNamed } from '../events.mjs'
import { signedHeaders } from '../signing.mjs'

const inFlightPerReceiver = 8

/** One webhook for each tenant: its keys, and the way to its receiver. */
export function webhooksAt(origins) {
  return new Map(
    origins.map((origin, place) => [
      tenantNamed(place),
      { keys: keysOf(place), pool: new Pool(origin, { connections: inFlightPerReceiver }) },
    ]),
  )
}

/** The two keys of a webhook that nobody drew lots for. */
export const keysOf = (place) => ({
  secret: `secret-of-${place}`.padEnd(64, '-'),
  standardKey: Buffer.alloc(32, (place % 255) + 1),
})

/** Sends one event; true when its receiver accepted it. */
export async function send(webhooks, { id, tenant, trigger, body: text }) {
  const { keys, pool } = webhooks.get(tenant)
  const body = Buffer.from(text)
  const timestamp = Math.floor(Date.now() / 1000)
  try {
    const headers = signedHeaders(keys, { id, trigger, timestamp, body })
    const answered = await pool.request({ method: 'POST', path: '/hook', headers, body })
    await answered.body.dump()
    return answered.statusCode >= 200 && answered.statusCode < 300
  } catch {
    // Whatever kept the receiver from it: it is tried again.
    return false
  }
}
