import type {} from '@fastify/csrf-protection'
import type {} from '@fastify/session'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../domain/account.ts'
import type { Actor } from '../membership/actor.ts'
import type { Store } from '../store/store.ts'

declare module 'fastify' {
  interface Session {
    /** Who is logged in. */
    accountId?: string
  }
}

/** Who looks at a page, and what a form on it must carry so that no other site can send it. */
export type Visit = { account: Account | null; csrfToken: string }

/** Nobody that is known, on a page without a form. */
export const stranger: Visit = { account: null, csrfToken: '' }

/** The visit that a request is part of. Strangers get a session only where there is a form: looking costs no row. */
export async function visitOf(
  { request, reply, hasForm }: { request: FastifyRequest; reply: FastifyReply; hasForm: boolean },
  store: Store,
): Promise<Visit> {
  const account = await accountIn(request, store)
  return { account, csrfToken: account !== null || hasForm ? reply.generateCsrf() : '' }
}

/** Who is logged in; null for a stranger and for an account that is no more. */
export async function accountIn(request: FastifyRequest, store: Store): Promise<Account | null> {
  const id = request.session.get('accountId')
  return id === undefined ? null : await store.read.accounts.find(id)
}

/** Logs somebody in under a new session id, so that nobody who knew the old one is logged in with them. */
export async function logIn(request: FastifyRequest, accountId: string): Promise<void> {
  await request.session.regenerate()
  request.session.set('accountId', accountId)
}

/** Who acts when somebody who is logged in sends a form. */
export const actorOf = ({ id, role }: Account): Actor => ({ accountId: id, isOperator: role === 'operator' })
