/** Two creators, their patrons and a client of each, on SQLite in memory, with the calls of v2 before them. */
import fastify from 'fastify'
import { systemRandom } from '#src/clock.ts'
import type { Account } from '#src/domain/account.ts'
import type { Campaign, Tier } from '#src/domain/membership.ts'
import type { OAuthScope } from '#src/domain/oauth-scope.ts'
import type { TierImage } from '#src/domain/tier-image.ts'
import { fingerprintOf } from '#src/domain/vault.ts'
import { type Limits, noLimits } from '#src/http/patreon/limits.ts'
import { readCalls } from '#src/http/patreon-v2/calls.ts'
import { patreonV2 } from '#src/http/patreon-v2/routes.ts'
import { migrations } from '#src/store/migrations/migrations.ts'
import { type Records, recordsOn } from '#src/store/records.ts'
import { type Database, kyselyOn, openForWriting } from '#src/store/sqlite/database.ts'
import type { Store } from '#src/store/store.ts'
import { handClock } from '../hand-clock.ts'

/** One thing in a document. */
export type Thing = {
  type: string
  id: string
  attributes: Record<string, unknown>
  relationships?: Record<string, { data: Named | Named[] | null; links?: { related: string } }>
}
export type Named = { type: string; id: string }

/** What v2 answers with. */
export type Document<Data = Thing> = {
  data: Data
  included?: Thing[]
  links: { self?: string; next?: string }
  meta?: { pagination: { total: number; cursors: { next: string | null } } }
  errors?: {
    code_name: string
    status: string
    id: string
    source?: { parameter: string }
    retry_after_seconds?: number
  }[]
}

export type Scene = Awaited<ReturnType<typeof aScene>>

export const linkBase = 'https://tidings.test'
export const began = Date.UTC(2024, 0, 2, 3, 4, 5, 678)

/** Everything that a creator's own token opens. */
const creatorScopes: OAuthScope[] = [
  'identity',
  'identity[email]',
  'campaigns',
  'campaigns.members',
  'campaigns.members[email]',
  'campaigns.members.address',
  'campaigns.posts',
]

/** Sets the scene: Pat is a patron of both, Zoë of Cleo alone; Rob is the other creator. */
export async function aScene(limitsOn: (clock: ReturnType<typeof handClock>) => Limits = () => noLimits) {
  const { records, asked } = await aStore()
  const cast = await aCast(records)
  const clock = handClock()
  const app = await aDoor(records, { clock, limits: limitsOn(clock) })

  /** Asks under the usual prefix, or at a whole address; the body is what `Data` says it is, or errors. */
  async function get<Data = Thing>(path: string, token?: string) {
    const url = path.startsWith(linkBase) ? path.slice(linkBase.length) : `/api/oauth2/v2${path}`
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` }
    const answer = await app.inject({ method: 'GET', url, headers })
    return { status: answer.statusCode, headers: answer.headers, body: answer.json<Document<Data>>() }
  }

  /** Lets somebody's client in. */
  async function aToken(account: Account, scopes: readonly OAuthScope[], clientId = cast.clients.cleo) {
    const token = systemRandom.bytes(16).toString('hex')
    const authorization = { clientId, accountId: account.id, scopes, isCreators: false }
    const authorizationId = await records.authorizations.insertAuthorization(authorization, clock.now())
    const hash = fingerprintOf(token)
    await records.authorizations.insertToken({ hash, authorizationId, kind: 'access', life: 3_600_000 }, clock.now())
    return token
  }

  return { ...cast, records, app, clock, get, aToken, creators: await aToken(cast.cleo, creatorScopes), asked }
}

async function aCast(records: Records) {
  const [cleo, rob, pat, zoe] = [
    await person(records, 'Cleo'),
    await person(records, 'Rob'),
    await person(records, 'Pat Tern'),
    await person(records, 'Zoë Example'),
  ]
  const comics = await aCampaign(records, cleo, 'comics')
  const songs = await aCampaign(records, rob, 'songs')
  const [small, large, song] = [
    await aTier(records, comics, 500),
    await aTier(records, comics, 1000),
    await aTier(records, songs, 300),
  ]
  await records.posts.insertBenefit({
    ...{ campaignId: comics.id, title: 'A sketch', description: '', createdAt: began, deletedAt: null },
    tierIds: [small.id, large.id],
  })
  const members = {
    pat: await aMember(records, pat, small),
    zoe: await aMember(records, zoe, large),
    patAtRobs: await aMember(records, pat, song),
  }
  const clients = { cleo: await aClient(records, cleo), rob: await aClient(records, rob) }
  return { cleo, rob, pat, zoe, comics, songs, small, large, song, members, clients }
}

async function aDoor(records: Records, by: { clock: ReturnType<typeof handClock>; limits: Limits }) {
  const app = fastify({ routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 } })
  const log = { isLevelEnabled: () => false, debug() {}, info() {}, warn() {}, error() {} }
  const store = { read: records } as unknown as Store
  const tools = { ...by, store, random: systemRandom, log, linkBase }
  for (const prefix of ['/api/oauth2/v2', '/oauth2/v2'])
    await app.register(patreonV2(readCalls(tools), tools), { prefix })
  return app
}

/** Records in memory, and what the database was asked since. */
async function aStore() {
  const statements: string[] = []
  const db = openForWriting(':memory:')
  const listening = {
    prepare(sql: string) {
      statements.push(sql)
      return db.prepare(sql)
    },
  } as unknown as Database
  const kysely = kyselyOn(listening)
  for (const migration of Object.values(migrations)) await migration.up(kysely)
  return { records: recordsOn(kysely), asked: () => statements.splice(0).length }
}

export const person = (records: Records, fullName: string): Promise<Account> => {
  const email = `${fullName.normalize('NFD').replace(/\W/g, '')}@example.test`
  return records.accounts.insert({ email, fullName, vanity: null, role: 'member', passwordHash: null }, began)
}

async function aCampaign(records: Records, creator: Account, vanity: string): Promise<Campaign> {
  return await records.memberships.insertCampaign({
    ...{ creatorId: creator.id, vanity, creationName: vanity, summary: 'Once a week', isMonthly: true },
    ...{ createdAt: began, publishedAt: began, oneLiner: null, thanksMessage: null, isNsfw: false },
  })
}

const picture: TierImage = {
  ...{ id: '7', fileName: 'front-row.png', mimetype: 'image/png', sizeBytes: 8, createdAt: began },
}

async function aTier(records: Records, { id: campaignId }: Campaign, amountCents: number): Promise<Tier> {
  return await records.memberships.insertTier({
    ...{ campaignId, title: `For ${amountCents}`, description: '', amountCents, userLimit: 20 },
    ...{ createdAt: began, editedAt: began, unpublishedAt: null, requiresShipping: false, image: picture },
  })
}

/** Somebody who pledges to a tier, has paid once, and lives somewhere. */
export async function aMember(records: Records, { id: accountId }: Account, tier: Tier) {
  const { campaignId, amountCents, id: tierId, title } = tier
  const member = await records.members.insertMember({
    ...{ id: systemRandom.id(began), campaignId, accountId, isFollower: false, note: 'likes cats' },
    ...{ joinedAt: began, leftAt: null, pledgeStartedAt: began, lastChargeAt: began, lastChargeStatus: 'Paid' },
    ...{ nextChargeAt: began + 2_678_400_000, lifetimeCents: amountCents },
  })
  await records.memberships.insertPledge({
    ...{ campaignId, patronId: accountId, tierId, amountCents, capCents: null, patronPaysFees: false },
    ...{ createdAt: began, declinedSince: null, cadenceMonths: 1, kind: 'paid', freeUntil: null },
  })
  const happened = { memberNumber: member.number, amountCents, happenedAt: began, tierId, tierTitle: title }
  await records.members.insertPledgeEvent({ ...happened, type: 'pledge_start', paymentStatus: null })
  await records.members.insertPledgeEvent({ ...happened, type: 'subscription', paymentStatus: 'Paid' })
  await records.members.keepAddress({
    ...{ accountId, addressee: 'Home', line1: '1 Sea Street', line2: null, postalCode: '12345' },
    ...{ city: 'Harbour', state: null, country: 'DE', phoneNumber: null, createdAt: began },
  })
  return member
}

export const aPost = (records: Records, { id: campaignId }: Campaign, title: string) =>
  records.posts.insertPost({
    ...{ campaignId, title, content: '<p>Hello</p>', isPaid: false, isPublic: true, tierIds: [] },
    ...{ publishedAt: began, editedAt: began },
  })

async function aClient(records: Records, { id: accountId, fullName }: Account): Promise<string> {
  const profile = { name: 'An app', description: '', category: null, authorName: null, domain: null }
  const more = { iconUrl: null, privacyPolicyUrl: null, tosUrl: null, redirectUris: [], apiVersion: 2 as const }
  const pair = { accountId, clientId: `client of ${fullName}`, secretHash: 'unknown' }
  return (await records.clients.insert({ ...profile, ...more, ...pair }, () => new Uint8Array(), began)).id
}
