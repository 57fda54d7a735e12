/** Everybody who tries every row, with each kind of credentials that there is. */
import { scopes } from '#src/domain/access.ts'
import { v1Scopes, v2Scopes } from '#src/domain/oauth-scope.ts'
import { aClient, make } from '../people.ts'
import { type TokenWish, tokensFor } from '../tokens.ts'
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
  const tokens = await tokensOf(cast)
  const aToken = tokens.find(({ as }) => as === 'cleo')?.headers ?? {}
  const keys = [...(await keysOf(cast)), ...clients, stranger('a token of Cleo’s', aToken)]
  const sessions = sessionsOf(cast)
  // Where no session is looked for, whoever has one is nobody.
  const unheard = stranger('a session of Cleo’s', { cookie: cast.cleos.creator.session.cookie })
  return {
    api: [...keys, ...sessions],
    keyed: [...keys, unheard],
    patreon: [...tokens, stranger('a key of Cleo’s', bearer(cast.cleos.creator.key)), unheard],
    oauth: [...clients, unheard],
    pages: [...sessions, ...(await forgersOf(cast))],
  }
}

type Headers = Record<string, string>

/** Somebody who is not recognised. */
const stranger = (name: string, headers: Headers, csrf = ''): Asker => ({
  ...{ name, headers, csrf, as: 'nobody', reader: null, isNarrow: false },
})

/** Somebody who is recognised. */
const known = (reader: Reader, headers: Headers, more: Partial<Asker> = {}): Asker => ({
  ...{ name: more.as ?? reader, as: reader, reader, isNarrow: false, headers, csrf: '' },
  ...more,
})

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` })

const everybodyIn = ({ operator, cleos, robs }: Cast): Person[] => [
  ...[operator, cleos.creator, cleos.patron, robs.creator, robs.patron],
]

async function keysOf(cast: Cast): Promise<Asker[]> {
  const { world, cleos, robs } = cast
  const narrow = await Promise.all(
    scopes.map(async (scope) => {
      const wish = { name: scope, scopes: [scope], account_id: robs.creator.id }
      const { key } = await make<{ key: string }>(world, '/api/v1/keys', wish)
      return known('rob', { authorization: key }, { name: `rob with the scope ${scope}`, isNarrow: true })
    }),
  )
  const wish = { name: 'over', scopes }
  const over = await make<Record<'id' | 'key', string>>(world, '/api/v1/keys', wish, cleos.creator.key)
  await world.call('DELETE', `/api/v1/keys/${over.id}`)
  return [
    stranger('nobody', {}),
    stranger('a wrong key', { authorization: 'tidings_nobody' }),
    stranger('a revoked key of Cleo’s', { authorization: over.key }),
    ...everybodyIn(cast).map(({ reader, key }) => known(reader, { authorization: key })),
    ...narrow,
  ]
}

/** Clients that show their own id and secret. */
async function clientsOf({ world, cleos, robs }: Cast): Promise<Asker[]> {
  const [other, replaced, deleted] = [
    await aClient(world, cleos.creator.key),
    await aClient(world, cleos.creator.key),
    await aClient(world, cleos.creator.key),
  ]
  await make(world, `/api/v1/clients/${replaced.id}/replacements`, undefined)
  await world.call('DELETE', `/api/v1/clients/${deleted.id}`)
  const wrong = Buffer.from(`${await cleos.things.id('clientId')}:wrong`).toString('base64')
  const client = (as: string, reader: Reader, authorization: string) =>
    known(reader, { authorization }, { as, isNarrow: true })
  return [
    client('client', 'cleo', await basicOf(cleos.things)),
    client('other client', 'cleo', other.basic),
    client('robs client', 'rob', await basicOf(robs.things)),
    stranger('a client with a wrong secret', { authorization: `Basic ${wrong}` }),
    stranger('a client whose pair was replaced', { authorization: replaced.basic }),
    stranger('a client that was deleted', { authorization: deleted.basic }),
  ]
}

/** Tokens: `cleo@rob` speaks for Cleo and was given to Rob’s client. */
async function tokensOf(cast: Cast): Promise<Asker[]> {
  const { world, operator, cleos, robs } = cast
  const [cleo, rob, ours, theirs] = [
    ...[cleos.creator, robs.creator],
    ...[await cleos.things.id('client'), await robs.things.id('client')],
  ] as const
  const all = [...v1Scopes, ...v2Scopes]
  const wish = (clientId: string, { id: accountId }: Person, scopes: TokenWish['scopes'] = all): TokenWish => ({
    ...{ clientId, accountId, scopes },
  })
  const wished: readonly (readonly [of: (headers: Headers) => Asker, wish: TokenWish])[] = [
    [(headers) => stranger('a token that was revoked', headers), wish(ours, cleo)],
    [(headers) => known('cleo', headers), wish(ours, cleo)],
    [(headers) => known('cleo', headers, { as: 'cleo@rob' }), wish(theirs, cleo)],
    [(headers) => known('pat', headers), wish(theirs, cleos.patron)],
    [(headers) => known('pat', headers, { as: 'pat@cleo' }), wish(ours, cleos.patron)],
    [(headers) => known('rob', headers), wish(theirs, rob)],
    [(headers) => known('rob', headers, { as: 'rob@cleo' }), wish(ours, rob)],
    [(headers) => known('zoe', headers), wish(theirs, robs.patron)],
    // By a token an operator sees no more than others.
    [(headers) => known('operator', headers, { as: 'operator@rob', reader: null }), wish(theirs, operator)],
    ...all.map((scope) => [narrowBy(scope), wish(theirs, rob, [scope])] as const),
  ]
  const given = await tokensFor(
    world,
    wished.map(([, one]) => one),
  )
  const revoked = { token: given[0]?.replace('Bearer ', '') }
  await world.call('POST', '/api/oauth2/revoke', { body: revoked, as: await basicOf(cleos.things) })
  return [
    stranger('nobody', {}),
    stranger('a token that never was', bearer('never-was')),
    stranger('a refresh token', bearer(await cleos.things.id('refreshToken'))),
    ...wished.map(([of], index) => of({ authorization: given[index] ?? '' })),
  ]
}

const narrowBy = (scope: string) => (headers: Headers) =>
  known('rob', headers, { name: `rob with the scope ${scope}`, isNarrow: true })

const sessionsOf = (cast: Cast): Asker[] => [
  stranger('nobody', {}),
  stranger('a session that never was', { cookie: 'tidings=never.was' }),
  ...everybodyIn(cast).map(({ reader, session: { cookie, csrf } }) =>
    known(reader, { cookie }, { name: `${reader}, logged in`, csrf }),
  ),
]

/** Forms that are not from here: without what proves where they are from, or with what proves it for another session. */
async function forgersOf({ world, cleos, robs }: Cast): Promise<Asker[]> {
  const [cleo, rob, unknown] = [cleos.creator.session, robs.creator.session, await aStranger(world)]
  const forger = (name: string, headers: Headers, csrf?: string) => ({ ...stranger(name, headers, csrf), as: 'forger' })
  return [
    forger('a form without a token', { cookie: rob.cookie }),
    forger('a form of Rob’s with the token of Cleo’s session', { cookie: rob.cookie }, cleo.csrf),
    forger('a form of Cleo’s with the token of Rob’s session', { cookie: cleo.cookie }, rob.csrf),
    stranger('somebody who is not logged in, with a form', { cookie: unknown.cookie }, unknown.csrf),
  ]
}
