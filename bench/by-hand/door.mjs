// The door of what is written by hand: the calls that Tidings has for publishing, with fastify.
import { randomUUID } from 'node:crypto'
import fastify from 'fastify'

/** What a caller must show. */
export const authorization = 'Bearer benchmark'

/** Opens the door; `enqueue` resolves once events are stored. A tenant that nobody listens to is refused. */
export async function openDoor({ tenants, enqueue }) {
  const door = fastify({ bodyLimit: 8 * 1024 * 1024, forceCloseConnections: true })
  door.removeAllContentTypeParsers()
  const types = ['application/json', 'application/x-ndjson']
  door.addContentTypeParser(types, { parseAs: 'string' }, (_request, body, done) => done(null, body))
  door.addHook('onRequest', async (request, reply) => {
    if (request.headers.authorization !== authorization) await reply.status(401).send({ error: 'no such key' })
  })
  door.post('/api/v1/events', async (request, reply) => {
    const event = eventOf(request.body, tenants)
    await enqueue([event])
    return await reply.status(202).send({ id: event.id })
  })
  door.post('/api/v1/events/batch', async (request, reply) => {
    const lines = request.body.trimEnd().split('\n')
    const events = lines.map((line) => eventOf(line, tenants))
    await enqueue(events)
    return await reply.status(202).send({ data: events.map(({ id }) => ({ id })) })
  })
  const url = await door.listen({ host: '127.0.0.1', port: 0 })
  return { url, close: () => door.close() }
}

function eventOf(json, tenants) {
  const { tenant, trigger, body } = JSON.parse(json)
  if (!tenants.has(tenant)) throw new Error(`nobody listens to ${tenant}`)
  return { id: randomUUID(), tenant, trigger, body: JSON.stringify(body) }
}
