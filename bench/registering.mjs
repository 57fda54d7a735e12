// Registers a scene's webhooks with Tidings: clients through its API, the rest by the very commands that its calls run,
// as ten thousand calls would take longer than what is measured.
import { grantTenant } from '#src/registration/clients.ts'
import { registerWebhook } from '#src/registration/webhooks.ts'
import { tenantNamed, trigger } from './events.mjs'
import { sceneOf } from './scenes.mjs'

/** So many webhooks a client may have. */
const webhooksPerClient = 100

/** Registers one webhook for each place; the keys of each, in order. */
export async function registerWebhooks(server, { scene, origins }) {
  const { heardAt } = sceneOf(scene)
  await call(server, '/api/v1/triggers', { name: trigger })
  const clients = []
  for (let first = 0; first < origins.length; first += webhooksPerClient) {
    clients.push(await call(server, '/api/v1/clients', { name: `Benchmark ${clients.length}` }))
  }
  const register = async (place) => {
    const { id: clientId } = clients[Math.floor(place / webhooksPerClient)]
    const tenant = tenantNamed(heardAt(place))
    const now = Date.now()
    await server.execute(grantTenant, { id: clientId, tenant }, now)
    return await server.execute(
      registerWebhook,
      {
        ...{ clientId, tenant, uri: `${origins[place]}/hook`, triggers: [trigger] },
        ...{ signingKey: 'webhook', schedule: null, origin: 'page', audience: 3 },
      },
      now,
    )
  }
  const made = await Promise.all(origins.map((_, place) => register(place)))
  return made.map(({ secret, standardSecret }) => ({
    secret,
    standardKey: Buffer.from(standardSecret.replace('whsec_', ''), 'base64'),
  }))
}

async function call({ url, first }, path, body) {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: first.key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  if (!response.ok) throw new Error(`${path} was answered with ${response.status}: ${await response.text()}`)
  return await response.json()
}
