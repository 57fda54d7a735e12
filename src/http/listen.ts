import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'

/** A door that is open, and where. */
export type Door = { app: FastifyInstance; url: string; publicUrl: string }

/**
 * Opens the door. Links carry its port, so with port 0 a free one is looked for first; should somebody else take it
 * in between, the next one is tried.
 */
export async function openDoor(
  { host, port, publicUrl }: { host: string; port: number; publicUrl: string | null },
  make: (publicUrl: string) => Promise<FastifyInstance>,
): Promise<Door> {
  for (;;) {
    const taken = port === 0 ? await freePort(host) : port
    const url = `http://${host.includes(':') ? `[${host}]` : host}:${taken}`
    const app = await make(publicUrl ?? url)
    try {
      await app.listen({ host, port: taken })
      return { app, url, publicUrl: publicUrl ?? url }
    } catch (error) {
      await app.close()
      if (port !== 0 || !isTaken(error)) throw error
    }
  }
}

async function freePort(host: string): Promise<number> {
  const probe = createServer().listen({ host, port: 0 })
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  await once(probe.close(), 'close')
  return port
}

const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
