import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { FastifyInstance } from 'fastify'

/** The framework tells of every server that it makes, before there is any route. */
const channel = 'fastify.initialization'

/** Runs what starts a server, and says which routes that server has. */
export async function servedBy<Started>(start: () => Promise<Started>): Promise<[Started, ReadonlySet<string>]> {
  const routes = new Set<string>()
  const listen = (message: unknown): void => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, path }) => {
      for (const one of [method].flat()) routes.add(`${one} ${path}`)
    })
  }
  subscribe(channel, listen)
  try {
    return [await start(), routes]
  } finally {
    unsubscribe(channel, listen)
  }
}
