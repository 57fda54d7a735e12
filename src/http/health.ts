import type { FastifyReply, FastifyRequest } from 'fastify'

/** Whether work may be sent here; otherwise why not. */
export type Readiness = 'ready' | 'store_unwritable' | 'store_broken'

/** What whoever watches over the process asks. No key is wanted, and nothing is told but a word. */
export function healthDoors({ readiness }: { readiness: () => Readiness }) {
  return {
    /** It answers, so it lives: to start it anew because its disk is full would help nobody. */
    live: () => ({ status: 'live' }),

    ready(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
      const status = readiness()
      return reply
        .status(status === 'ready' ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ status })
    },
  }
}
