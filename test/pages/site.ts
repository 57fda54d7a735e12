import cookie from '@fastify/cookie'
import csrf from '@fastify/csrf-protection'
import formBody from '@fastify/formbody'
import rateLimit from '@fastify/rate-limit'
import session from '@fastify/session'
import fastify, { type FastifyInstance } from 'fastify'
import { systemClock, systemRandom } from '#src/clock.ts'
import { fingerprintOf } from '#src/domain/vault.ts'
import { pageRoutes } from '#src/pages/routes.ts'
import type { Store } from '#src/store/store.ts'
import { aTheatre, type Theatre } from '../membership/theatre.ts'
import { linkBase } from '../membership/world.ts'

/** A page as somebody without scripts gets it. */
export type Page = { status: number; location: string; text: string; headers: Record<string, unknown> }

/** A browser without scripts: it keeps cookies, and sends forms as they stand on the page. */
export type Browser = {
  open(path: string): Promise<Page>
  /** Sends the form with this action from the page that was opened last, with some fields filled in. */
  send(action: string, fields?: Record<string, string>): Promise<Page>
  sessionCookie(): string | undefined
}

/** The pages over a store in memory, and people who have passwords for them. */
export async function aSite() {
  const theatre = await aTheatre()
  for (const account of [theatre.creator, theatre.pat, theatre.mel]) {
    await theatre.records.accounts.setPassword(account.id, hashOf(`${account.fullName} has a password`))
  }
  const app = await serverOf(theatre)
  return { ...theatre, app, aBrowser: () => browserOn(app), aVisitor: (name: string) => visitorOn(app, name) }
}

/** What a form of ours must carry, as it stands on a page; empty where there is no form. */
export const csrfIn = (page: string): string => /name="_csrf" value="([^"]*)"/.exec(page)?.[1] ?? ''

/** Makes a one-time link for somebody and says its token. */
export async function invite({ records }: Theatre, accountId: string): Promise<string> {
  const token = 'a-token-that-nobody-guesses'
  const expiresAt = systemClock.now() + 60_000
  await records.accounts.insertLink({ tokenHash: fingerprintOf(token), accountId, expiresAt })
  return token
}

// Argon2 takes its time by design; what is tested here is who gets in.
const hashOf = (password: string): string => `hashed ${fingerprintOf(password)}`

const silent = { isLevelEnabled: () => false, debug() {}, info() {}, warn() {}, error() {} }

async function serverOf({ records, run }: Theatre): Promise<FastifyInstance> {
  const app = fastify()
  const secret = 'a secret of the tests, and of nobody else'
  await app.register(cookie)
  await app.register(session, { secret, saveUninitialized: false, cookie: { secure: false } })
  await app.register(csrf, { sessionPlugin: '@fastify/session' })
  await app.register(formBody)
  await app.register(rateLimit, { global: false })
  const store = { read: records, execute: run } as unknown as Store
  const passwords = {
    hash: (password: string) => Promise.resolve(hashOf(password)),
    verify: (hash: string, password: string) => Promise.resolve(hash === hashOf(password)),
  }
  await app.register(
    pageRoutes({ store, clock: systemClock, passage: null, random: systemRandom, passwords, linkBase, log: silent }),
  )
  return app
}

async function visitorOn(app: FastifyInstance, name: string): Promise<Browser> {
  const browser = browserOn(app)
  await browser.open('/login')
  await browser.send('/login', { email: `${name}@example.test`, password: `${name} has a password` })
  return browser
}

function browserOn(app: FastifyInstance): Browser {
  const cookies = new Map<string, string>()
  let last = ''

  async function ask(method: 'GET' | 'POST', url: string, payload?: string): Promise<Page> {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const sent = payload === undefined ? {} : { payload, headers }
    const answer = await app.inject({ method, url, cookies: Object.fromEntries(cookies), ...sent })
    for (const { name, value } of answer.cookies) cookies.set(name, value)
    last = answer.body
    return {
      status: answer.statusCode,
      location: String(answer.headers.location ?? ''),
      text: last,
      headers: answer.headers,
    }
  }

  return {
    open: (path) => ask('GET', path),
    send: (action, fields = {}) =>
      ask('POST', action, new URLSearchParams({ ...hiddenIn(last, action), ...fields }).toString()),
    sessionCookie: () => cookies.get('sessionId'),
  }
}

/** The hidden fields of a form; empty when the page has no such form. */
function hiddenIn(page: string, action: string): Record<string, string> {
  const form = page.split('<form ').find((part) => part.includes(`action="${action}"`))
  const inputs = form?.split('</form>')[0]?.matchAll(/<input\s+type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"/g) ?? []
  return Object.fromEntries([...inputs].map(([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')]))
}
