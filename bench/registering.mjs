// Registers a scene's webhooks with Tidings, through its API.
import { Pool } from 'undici'
import { tenantNamed, trigger } from './events.mjs'
import { sceneOf } from './scenes.mjs'

/** So many webhooks a client may have. */
const webhooksPerClient = 100

/** Calls under way at once. */
const callsAtOnce = 64

/** Registers one webhook for each place; the keys of each, in order. */
export async function registerWebhooks({ url, authorization, scene, origins }) {
  const pool = new Pool(url, { connections: callsAtOnce })
  const call = (path, body) => post(pool, path, { authorization, body })
  const { heardAt } = sceneOf(scene)
  await call('/api/v1/triggers', { name: trigger })
  const clients = await Promise.all(
    Array.from({ length: Math.ceil(origins.length / webhooksPerClient) }, (_, number) =>
      call('/api/v1/clients', { name: `Benchmark ${number}` }),
    ),
  )
  const register = async (place) => {
    const client = clients[Math.floor(place / webhooksPerClient)]
    const tenant = tenantNamed(heardAt(place))
    await call(`/api/v1/clients/${client.id}/grants`, { tenant })
    const uri = `${origins[place]}/hook`
    return await call('/api/v1/webhooks', { client_id: client.id, uri, triggers: [trigger], tenant })
  }
  const made = await Promise.all(origins.map((_, place) => register(place)))
  await pool.close()
  return made.map(({ secret, standard_secret }) => ({
    secret,
    standardKey: Buffer.from(standard_secret.replace('whsec_', ''), 'base64'),
  }))
}

async function post(pool, path, { authorization, body }) {
  const headers = { authorization, 'content-type': 'application/json' }
  const { statusCode, body: answer } = await pool.request({ method: 'POST', path, headers, body: JSON.stringify(body) })
  const text = await answer.text()
  if (statusCode >= 300) throw new Error(`${path} was answered with ${statusCode}: ${text}`)
  return JSON.parse(text)
}
