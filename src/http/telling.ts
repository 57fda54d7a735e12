/**
 * In which form a failure is told. Programs that call Patreon's addresses read Patreon's forms, whatever went wrong and
 * however early: also a path that is none, a method, a type, a body too large.
 */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from '../domain/refusal.ts'
import { answerWithOAuthError, oauthErrorOf } from './oauth/answers.ts'
import { errorDocument } from './patreon/errors.ts'
import { answerWithErrors, type ErrorTools, patreonMediaType } from './patreon/scope.ts'
import { problemOf, told } from './problem.ts'

/** A request that failed, and where that is told. */
export type Failed = { request: FastifyRequest; reply: FastifyReply; tools: ErrorTools }

/** Tells a failure in the form of the address that was asked. */
export function tell(error: unknown, { request, reply, tools }: Failed): FastifyReply {
  switch (formAt(request.url)) {
    case 'oauth':
      return answerWithOAuthError(tools.log)(error, request, reply)
    case 'patreon':
      return answerWithErrors(error, { request, reply, tools })
    case 'ours': {
      const { status, headers, body } = told(error, request, tools.log)
      return reply.status(status).headers(headers).type('application/json').send(body)
    }
  }
}

/** The same for what never became a request: its type and its bytes. */
export function toldInBytes(refusal: Refusal, url: string, id: string): { type: string; body: Buffer } {
  switch (formAt(url)) {
    case 'oauth':
      return { type: 'application/json', body: Buffer.from(JSON.stringify(oauthErrorOf(refusal))) }
    case 'patreon':
      return { type: patreonMediaType, body: Buffer.from(JSON.stringify(errorDocument(refusal, id))) }
    case 'ours':
      return { type: 'application/json', body: Buffer.from(JSON.stringify(problemOf(refusal))) }
  }
}

/** Whether what lies here is asked for by programs alone; anything else may be a page. */
export const isForPrograms = (url: string): boolean => /^\/(?:api|kittens|oauth2\/(?:api|v2|token|revoke))\b/.test(url)

function formAt(url: string): 'oauth' | 'patreon' | 'ours' {
  if (/^(?:\/api)?\/oauth2\/(?:token(?:\/revoke)?|revoke)\/?(?:\?|$)/.test(url)) return 'oauth'
  return /^(?:\/api)?\/oauth2\b/.test(url) ? 'patreon' : 'ours'
}
