import { hkdfSync } from 'node:crypto'
import type { FastifySessionOptions, SessionStore } from '@fastify/session'
import { endSession, keepSession, sessionLife } from '../accounts/commands.ts'
import type { Clock } from '../clock.ts'
import { fingerprintOf } from '../domain/vault.ts'
import type {} from '../pages/visit.ts'
import type { Store } from '../store/store.ts'

type Kept = Parameters<Parameters<SessionStore['get']>[1]>[1]

/** Sessions in the store, found by a fingerprint of their id: who reads the store can't log in with what is there. */
function sessionStore({ store, clock }: { store: Store; clock: Clock }): SessionStore {
  return {
    set(id, session, done) {
      const now = clock.now()
      const kept = {
        idHash: fingerprintOf(id),
        accountId: session.accountId ?? null,
        content: JSON.stringify(session),
        expiresAt: now + sessionLife,
      }
      store.execute(keepSession, kept, now).then(() => done(), done)
    },
    get(id, done) {
      store.read.sessions
        .find(fingerprintOf(id), clock.now())
        .then((content) => done(null, content === null ? null : (JSON.parse(content) as Kept)), done)
    },
    destroy(id, done) {
      store.execute(endSession, { idHash: fingerprintOf(id) }, clock.now()).then(() => done(), done)
    },
  }
}

/** Cookies that no script reads, no other site sends with a form, and that only HTTPS carries where there is HTTPS. */
export function sessionOptions(tools: {
  store: Store
  clock: Clock
  vaultKey: Uint8Array
  isSecure: boolean
}): FastifySessionOptions {
  const { isSecure, vaultKey } = tools
  return {
    secret: Buffer.from(hkdfSync('sha256', vaultKey, '', 'tidings session cookies', 48)).toString('base64url'),
    cookieName: isSecure ? '__Host-tidings' : 'tidings',
    cookie: { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure, maxAge: sessionLife },
    store: sessionStore(tools),
    saveUninitialized: false,
    rolling: false,
  }
}
