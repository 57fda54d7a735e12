import type {} from '@fastify/session'
import type { FastifyRequest } from 'fastify'
import { type Html, html } from './html.ts'

declare module 'fastify' {
  interface Session {
    /** What was done last, for the next page to say. */
    said?: string
  }
}

/** Keeps one sentence about what was done, for the page that somebody is led to afterwards. */
export const say = (request: FastifyRequest, sentence: string): void => request.session.set('said', sentence)

/** What was said last. Once shown it is gone, so a page that is reloaded does not claim that it happened again. */
export function saidOnce(request: FastifyRequest): Html | null {
  const sentence = request.session.get('said')
  if (sentence === undefined) return null
  request.session.set('said', undefined)
  return html`<p class="said" role="status">${sentence}</p>`
}
