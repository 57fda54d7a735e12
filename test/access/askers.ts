/** Everybody who tries every row, with each kind of credentials that there is. */
import { type OAuthScope, v1Scopes, v2Scopes } from '#src/domain/oauth-scope.ts'
import { aClient, make } from '../people.ts'
import { tokensFor } from '../tokens.ts'
import type { Reader } from './canaries.ts'
import type { Cast, Person } from './cast.ts'
import { basicOf } from './makers.ts'
import { aStranger } from './session.ts'

/** Where a route stands: each door knows its callers by something else. */
export type Door = 'api' | 'keyed' | 'patreon' | 'oauth' | 'pages'

/** Somebody who asks. */
export type Asker = {
  name: string
  /** By which `may` and `sees` of a row know them; nobody, when they are not recognised. */
  as: string
  /** Whose eyes read the answer. */
  reader: Reader | null
  /** Has one scope alone, or is a client, and so may be refused for that already. */
  isNarrow: boolean
  headers: Record<string, string>
  /** What their forms carry. */
  csrf: string
}

/** The door that a route is at. */
export function doorOf(route: string): Door {
  const [method = '', path = ''] = route.split(/\s+/)
  if (/^(\/api)?\/kittens/.test(path) || (method === 'POST' && path.startsWith('/api/v1/events'))) return 'keyed'
  if (/^(\/api)?\/oauth2\/(token|revoke)/.test(path)) return 'oauth'
  if (/^(\/api)?\/oauth2\/(api|v2)\//.test(path)) return 'patreon'
  return path.startsWith('/api/v1/') ? 'api' : 'pages'
}

/** All of them, by the door at which they ask. The server starts anew meanwhile. */
export async function askersOf(cast: Cast): Promise<Record<Door, Asker[]>> {
  const clients = await clientsOf(cast)
  const keys = [...(await keysOf(cast)), ...clients]
  const tokens = await tokensOf(cast)
  const stray = [with_('a token of Cleo’s', nobody, tokens.find(({ as }) => as === 'cleo')?.headers ?? {})]
  const sessions = sessionsOf(cast)
  const unheard = sessions.map((one) => ({ ...one, as: 'nobody', reader: null }))
  return {
    api: [...keys, ...stray, ...sessions],
    keyed: [...keys, ...stray, ...unheard],
    patreon: [...tokens, with_('a key of Cleo’s', nobody, bearer(cast.cleos.creator.key)), ...unheard],
    oauth: [...clients, ...unheard],
    pages: [...sessions, ...(await forgersOf(cast))],
  }
}

const nobody = { as: 'nobody', reader: null, isNarrow: false, csrf: '' } as const
const none: Asker = { ...nobody, name: 'nobody', headers: {} }

const with_ = (name: string, who: Omit<Asker, 'name' | 'headers'>, headers: Record<string, string>): Asker => ({
  ...who,
  name,
  headers,
})

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const recognised = (reader: Reader, as: string = reader) => ({ as, reader, isNarrow: false, csrf: '' })

async function keysOf({ world, operator, cleos, robs }: Cast): Promise<Asker[]> {
  const rob = robs.creator
  const scopes = ['kittens', 'publish', 'events', 'clients', 'webhooks', 'memberships', 'keys', 'accounts']
  const narrow = await Promise.all(
    scopes.map(async (scope) => {
      const wish = { name: scope, scopes: [scope], account_id: rob.id }
      const { key } = await make<{ key: string }>(world, '/api/v1/keys', wish)
      return with_(`rob with the scope ${scope}`, { ...recognised('rob'), isNarrow: true }, { authorization: key })
    }),
  )
  const over = await make<Record<'id' | 'key', string>>(
    world,
    '/api/v1/keys',
    { name: 'over', scopes },
    cleos.creator.key,
  )
  await world.call('DELETE', `/api/v1/keys/${over.id}`)
  const people = [operator, cleos.creator, cleos.patron, rob, robs.patron]
  return [
    none,
    with_('a wrong key', nobody, { authorization: 'tidings_nobody' }),
    with_('a revoked key of Cleo’s', nobody, { authorization: over.key }),
    ...people.map(({ reader, key }) => with_(reader, recognised(reader), { authorization: key })),
    ...narrow,
  ]
}

/** Clients that show their own id and secret. */
async function clientsOf({ world, cleos, robs }: Cast): Promise<Asker[]> {
  const other = await aClient(world, cleos.creator.key)
  const replaced = await aClient(world, cleos.creator.key)
  await make(world, `/api/v1/clients/${replaced.id}/replacements`, undefined)
  const deleted = await aClient(world, cleos.creator.key)
  await world.call('DELETE', `/api/v1/clients/${deleted.id}`)
  const own = await basicOf(cleos.things)
  const clientId = await cleos.things.id('clientId')
  const wrong = `Basic ${Buffer.from(`${clientId}:wrong`).toString('base64')}`
  const client = (name: string, as: string, reader: Reader, authorization: string) =>
    with_(name, { ...recognised(reader, as), isNarrow: true }, { authorization })
  return [
    client('Cleo’s client', 'client', 'cleo', own),
    client('another client of Cleo’s', 'other client', 'cleo', other.basic),
    client('Rob’s client', 'robs client', 'rob', await basicOf(robs.things)),
    with_('a client with a wrong secret', nobody, { authorization: wrong }),
    with_('a client whose pair was replaced', nobody, { authorization: replaced.basic }),
    with_('a client that was deleted', nobody, { authorization: deleted.basic }),
  ]
}

const all: readonly OAuthScope[] = [...v1Scopes, ...v2Scopes]

/** Tokens: `cleo@rob` speaks for Cleo and was given to Rob’s client. */
async function tokensOf({ world, operator, cleos, robs }: Cast): Promise<Asker[]> {
  const [ours, theirs] = [await cleos.things.id('client'), await robs.things.id('client')]
  const cleo = cleos.creator
  const full: [as: string, person: Person, clientId: string][] = [
    ['cleo', cleo, ours],
    ['cleo@rob', cleo, theirs],
    ['pat', cleos.patron, theirs],
    ['pat@cleo', cleos.patron, ours],
    ['rob', robs.creator, theirs],
    ['rob@cleo', robs.creator, ours],
    ['zoe', robs.patron, theirs],
    ['operator@rob', operator, theirs],
    ['a token that was revoked', cleo, ours],
  ]
  const wishes = full.map(([, { id }, clientId]) => ({ clientId, accountId: id, scopes: all }))
  const narrow = all.map((scope) => ({ clientId: theirs, accountId: robs.creator.id, scopes: [scope] }))
  const given = await tokensFor(world, [...wishes, ...narrow])
  const headers = given.map((authorization) => ({ authorization }))

  const revoked = given[full.length - 1] ?? ''
  const form = { token: revoked.replace('Bearer ', '') }
  await world.call('POST', '/api/oauth2/revoke', { body: form, as: await basicOf(cleos.things) })
  const people = full.map(([as, { reader }], index) => {
    if (as === 'a token that was revoked') return with_(as, nobody, headers[index] ?? {})
    // By a token operators see no more than others.
    const who = { ...recognised(reader, as), ...(reader === 'operator' ? { reader: null } : {}) }
    return with_(as, who, headers[index] ?? {})
  })
  const refresh = await cleos.things.id('refreshToken')
  return [
    none,
    with_('a token that never was', nobody, bearer('never-was')),
    with_('a refresh token', nobody, bearer(refresh)),
    ...people,
    ...all.map((scope, index) =>
      with_(
        `rob with the scope ${scope}`,
        { ...recognised('rob'), isNarrow: true },
        headers[full.length + index] ?? {},
      ),
    ),
  ]
}

function sessionsOf({ operator, cleos, robs }: Cast): Asker[] {
  const people = [operator, cleos.creator, cleos.patron, robs.creator, robs.patron]
  return [
    none,
    with_('a session that never was', nobody, { cookie: 'tidings=never.was' }),
    ...people.map(({ reader, session: { cookie, csrf } }) =>
      with_(`${reader}, logged in`, { ...recognised(reader), csrf }, { cookie }),
    ),
  ]
}

/** Forms that somebody else made: without what proves where they come from, or with what proves it for another session. */
async function forgersOf({ world, cleos, robs }: Cast): Promise<Asker[]> {
  const { cookie, csrf } = robs.creator.session
  const stranger = await aStranger(world)
  const forger = { ...nobody, as: 'forger' }
  return [
    with_('a form without a token', forger, { cookie }),
    with_('a form with the token of another session', { ...forger, csrf: cleos.creator.session.csrf }, { cookie }),
    with_('Cleo’s session with the token of Rob’s', { ...forger, csrf }, { cookie: cleos.creator.session.cookie }),
    with_('a stranger with a form', { ...nobody, csrf: stranger.csrf }, { cookie: stranger.cookie }),
  ]
}
