import fastify from 'fastify'
import { systemRandom } from '#src/clock.ts'
import type { Account } from '#src/domain/account.ts'
import type { Campaign } from '#src/domain/membership.ts'
import type { OAuthScope } from '#src/domain/oauth-scope.ts'
import { days } from '#src/domain/time.ts'
import { fingerprintOf } from '#src/domain/vault.ts'
import { patreonV1 } from '#src/http/patreon-v1/routes.ts'
import { createCampaign } from '#src/membership/campaigns.ts'
import { pledge } from '#src/membership/pledges.ts'
import type { Store } from '#src/store/store.ts'
import { handClock } from '../hand-clock.ts'
import { as, aTheatre, type Theatre } from '../membership/theatre.ts'
import { linkBase } from '../membership/world.ts'

export type Identifier = { type: string; id: string }
export type Relationship = {
  data: Identifier | null | Identifier[]
  links?: { related?: string; first?: string; next?: string }
}
export type Resource = Identifier & {
  attributes: Record<string, unknown>
  relationships: Record<string, Relationship>
}
export type Document = {
  data: Resource
  included: Resource[]
  links: { self: string }
}
export type ListDocument = {
  data: Resource[]
  included: Resource[]
  links: { first: string; next?: string }
  meta: { count: number }
}
export type Failure = {
  errors: { code: number | null; code_name: string; detail: string; id: string; status: string; title: string }[]
}
export type Answer<Body> = { status: number; headers: Record<string, unknown>; body: Body }

/** Everything that the v1 scopes open. */
export const everything: OAuthScope[] = ['users', 'pledges-to-me', 'my-campaign', 'campaigns', 'pledges']

/**
 * Patreon's API v1 over a store in memory: Cleo with a campaign, Dora with another, Pat who is a patron of both and has
 * an address, and Mel who is nobody's patron.
 */
export async function aSite() {
  const theatre = await aTheatre()
  const { records, run, pat, campaign, tier } = theatre
  const dora = await aPerson(theatre, 'dora')
  const about = { vanity: 'dora', creationName: 'songs', summary: '', isMonthly: true }
  const doras = await run(createCampaign, { actor: as(dora), creatorId: dora.id, ...about })
  const terms = { amountCents: 500, tierId: tier.id, capCents: null, patronPaysFees: false }
  const patron = { actor: as(pat), patronId: pat.id, linkBase }
  const pledges = {
    toCleo: await run(pledge, { ...patron, campaignId: campaign.id, terms }),
    toDora: await run(pledge, { ...patron, campaignId: doras.id, terms: { ...terms, tierId: null } }),
  }
  await records.members.keepAddress({ accountId: pat.id, ...home, createdAt: 0 })

  const clock = handClock()
  const app = fastify({ routerOptions: { ignoreTrailingSlash: true } })
  const looks = { count: 0 }
  const store = { read: counted(records, looks) } as unknown as Store
  const tools = { store, clock, random: systemRandom, log: silent, linkBase }
  for (const prefix of ['/api/oauth2/api', '/oauth2/api']) await app.register(patreonV1(tools), { prefix })

  const raw = async (url: string, headers: Record<string, string>, method: 'GET' | 'POST' = 'GET') =>
    await app.inject({ method, url, headers })
  return {
    ...theatre,
    ...{ dora, doras, pledges, clock, looks, raw },
    /** A call with a token that is allowed this; the path begins behind `/api/oauth2/api`. */
    async get<Body>(path: string, token: string): Promise<Answer<Body>> {
      const answer = await raw(`/api/oauth2/api${path}`, { authorization: `Bearer ${token}` })
      return { status: answer.statusCode, headers: answer.headers, body: answer.json<Body>() }
    },
    /** A token that speaks for somebody, given to a client of somebody's. */
    aToken: (account: Account, scopes: OAuthScope[] = everything, clientOf: Account = theatre.creator) =>
      grant(theatre, { account, scopes, clientOf, now: clock.now() }),
  }
}

export type Site = Awaited<ReturnType<typeof aSite>>

/** Somebody more. */
const aPerson = ({ records }: Pick<Theatre, 'records'>, name: string): Promise<Account> =>
  records.accounts.insert(
    { email: `${name}@example.test`, fullName: name, vanity: null, role: 'member', passwordHash: null },
    0,
  )

/** A pledge that was made at a moment, without the rules and the events of becoming a patron. */
export async function aPledge({ records }: Site, campaign: Campaign, { name, at }: { name: string; at: number }) {
  const patron = await aPerson({ records }, name)
  const made = { campaignId: campaign.id, patronId: patron.id, createdAt: at, declinedSince: null }
  const terms = { amountCents: 300, tierId: null, capCents: null, patronPaysFees: false }
  return await records.memberships.insertPledge({
    ...made,
    ...terms,
    ...{ cadenceMonths: 1, kind: 'paid', freeUntil: null },
  })
}

type Granting = { account: Account; scopes: OAuthScope[]; clientOf: Account; now: number }

async function grant({ records }: Theatre, { account, scopes, clientOf, now }: Granting): Promise<string> {
  const token = systemRandom.id(now)
  const pair = { clientId: `client ${token}`, secretHash: '' }
  const client = await records.clients.insert(
    { ...profile, ...pair, accountId: clientOf.id },
    () => new Uint8Array(),
    now,
  )
  const authorization = { clientId: client.id, accountId: account.id, scopes, isCreators: false }
  const authorizationId = await records.authorizations.insertAuthorization(authorization, now)
  const hash = fingerprintOf(token)
  await records.authorizations.insertToken({ hash, authorizationId, kind: 'access', life: days(31) }, now)
  return token
}

const profile = {
  ...{ name: 'An app', description: '', category: null, authorName: null, domain: null, iconUrl: null },
  ...{ privacyPolicyUrl: null, tosUrl: null, redirectUris: [], apiVersion: 1 as const },
}

const home = {
  ...{ addressee: 'Pat', line1: 'Main Street 1', line2: null, postalCode: '12345' },
  ...{ city: 'Springfield', state: 'IL', country: 'US', phoneNumber: null },
}

/** The records, with every look into them counted. */
function counted<Part extends object>(part: Part, looks: { count: number }): Part {
  return new Proxy(part, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value === 'function') looks.count += 1
      return typeof value === 'object' && value !== null ? counted(value, looks) : value
    },
  })
}

const silent = { isLevelEnabled: () => false, debug() {}, info() {}, warn() {}, error() {} }
