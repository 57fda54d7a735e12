import { z } from 'zod'
import { type Caller, isOperator, mustOperate, owns } from '../../domain/access.ts'
import { type Client, type ClientProfile, redirectUrisLimit } from '../../domain/client.ts'
import { tenantNamed } from '../../domain/event.ts'
import { Refusal } from '../../domain/refusal.ts'
import { renewCreatorTokens } from '../../oauth/creator-tokens.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import {
  type ClientWithSecrets,
  deleteClient,
  describeClient,
  grantTenant,
  registerClient,
  replacePair,
  unknownClient,
  withdrawTenant,
} from '../../registration/clients.ts'
import type { Readings } from '../../store/records.ts'
import { type Endpoint, endpoint, moment, nothing, written, writtenOrNull } from '../endpoint.ts'
import type { ApiTools } from './tools.ts'

const link = z.url({ protocol: /^https?$/ }).max(2048)

/** What a developer says of a client. */
export const profileShape = z.strictObject({
  name: z.string().min(1).max(100),
  description: z.string().max(1000).default(''),
  category: z.string().max(100).nullable().default(null),
  author_name: z.string().max(100).nullable().default(null),
  domain: z.string().max(253).nullable().default(null),
  icon_url: link.nullable().default(null),
  privacy_policy_url: link.nullable().default(null),
  tos_url: link.nullable().default(null),
  redirect_uris: z.array(z.string().max(2048)).max(redirectUrisLimit).default([]),
  api_version: z.union([z.literal(1), z.literal(2)]).default(1),
})

const clientShape = z
  .object({
    ...profileShape.shape,
    id: z.string().describe('never changes'),
    account_id: z.string(),
    client_id: z.string().describe('what OAuth calls client_id; a replacement changes it'),
    created_at: moment,
    replaced_at: moment.nullable(),
    grants: z.array(z.string()).describe('tenants that an operator granted, beside its creator’s campaigns'),
  })
  .meta({ id: 'Client' })

const creatorTokensShape = z.object({
  creator_access_token: z
    .string()
    .describe('speaks for the owner, with every scope of v2 but w:identity.clients, for 31 days; shown this once'),
  creator_refresh_token: z.string().describe('for another pair from /api/oauth2/token; shown this once'),
})

const withSecrets = clientShape
  .extend({ client_secret: z.string().describe('shown this once'), ...creatorTokensShape.shape })
  .meta({ id: 'ClientWithSecrets' })

const byId = z.object({ id: z.string() })

/** OAuth clients: their profiles, their pairs, and what they may see. */
export const clientCalls = (tools: ApiTools) => ({
  list: listClientsCall(tools),
  register: registerClientCall(tools),
  show: showClientCall(tools),
  describe: describeClientCall(tools),
  delete: deleteClientCall(tools),
  replace: replacePairCall(tools),
  renewCreatorTokens: renewCreatorTokensCall(tools),
  grant: grantTenantCall(tools),
  withdraw: withdrawTenantCall(tools),
})

const listClientsCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'listClients',
    summary: 'List OAuth clients',
    tag: 'clients',
    scope: 'clients',
    answer: z.object({ data: z.array(clientShape) }),
    async handle({ caller }) {
      const clients = await store.read.clients.list(isOperator(caller) ? null : caller.accountId)
      return { data: await Promise.all(clients.map((client) => shown(client, store.read))) }
    },
  })

const registerClientCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'registerClient',
    summary: 'Register an OAuth client; its secret and its creator’s tokens are shown this once',
    tag: 'clients',
    scope: 'clients',
    body: profileShape.extend({ account_id: z.string().optional().describe('operators may register for others') }),
    status: 201,
    answer: withSecrets,
    async handle({ caller, body: { account_id, ...body } }) {
      const accountId = account_id ?? caller.accountId
      if (!owns(caller, { accountId })) throw notForOthers()
      if ((await store.read.accounts.find(accountId)) === null) throw notForOthers()
      const registration = { accountId, profile: profileIn(body) }
      return await shownWithSecrets(await store.execute(registerClient, registration, clock.now()), store.read)
    },
  })

const showClientCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'showClient',
    summary: 'Show one client',
    tag: 'clients',
    scope: 'clients',
    params: byId,
    answer: clientShape,
    handle: async ({ caller, params: { id } }) => shown(await clientOf(caller, id, store.read), store.read),
  })

const describeClientCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'describeClient',
    summary: 'Change what a client says of itself; what is left out stays',
    tag: 'clients',
    scope: 'clients',
    params: byId,
    body: profileShape.partial(),
    answer: clientShape,
    async handle({ caller, params: { id }, body, request }) {
      const client = await clientOf(caller, id, store.read)
      const given = Object.fromEntries(Object.entries(body).filter(([name]) => name in (request.body as object)))
      const profile = profileIn({ ...profileShown(client), ...given })
      const changed = changedIn(profile, client)
      return shown(await store.execute(describeClient, { id, changed }, clock.now()), store.read)
    },
  })

const deleteClientCall = ({ store, clock, wake }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'deleteClient',
    summary: 'Delete a client; its webhooks hear nothing from then on',
    tag: 'clients',
    scope: 'clients',
    params: byId,
    status: 204,
    answer: nothing,
    async handle({ caller, params: { id } }) {
      await clientOf(caller, id, store.read)
      await store.execute(deleteClient, { id }, clock.now())
      wake()
      return null
    },
  })

const replacePairCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'replacePair',
    summary: 'Replace a compromised id and secret pair: all that was signed or granted with the old one is over',
    tag: 'clients',
    scope: 'clients',
    params: byId,
    status: 201,
    answer: withSecrets,
    async handle({ caller, params: { id } }) {
      await clientOf(caller, id, store.read)
      return await shownWithSecrets(await store.execute(replacePair, { id }, clock.now()), store.read)
    },
  })

const renewCreatorTokensCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'renewCreatorTokens',
    summary: 'Make a new pair of the creator’s tokens; the pair before is over at once',
    tag: 'clients',
    scope: 'clients',
    params: byId,
    status: 201,
    answer: creatorTokensShape.meta({ id: 'CreatorTokens' }),
    async handle({ caller, params: { id } }) {
      await clientOf(caller, id, store.read)
      return creatorTokensShown(await store.execute(renewCreatorTokens, { id }, clock.now()))
    },
  })

const grantTenantCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'grantTenant',
    summary: 'Let a client see a tenant that is not one of its creator’s campaigns',
    tag: 'clients',
    scope: 'clients',
    params: byId,
    body: z.strictObject({ tenant: z.string() }),
    status: 201,
    answer: z.object({ grants: z.array(z.string()) }),
    async handle({ caller, params: { id }, body }) {
      mustOperate(caller)
      const tenant = tenantNamed(body.tenant, 'tenant')
      return { grants: await store.execute(grantTenant, { id, tenant }, clock.now()) }
    },
  })

const withdrawTenantCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'withdrawTenant',
    summary: 'Take a tenant from a client again',
    tag: 'clients',
    scope: 'clients',
    params: byId.extend({ tenant: z.string() }),
    status: 204,
    answer: nothing,
    async handle({ caller, params }) {
      mustOperate(caller)
      await clientOf(caller, params.id, store.read)
      await store.execute(withdrawTenant, params, clock.now())
      return null
    },
  })

/** A client that the caller may see; to everybody else it does not exist. */
export async function clientOf(caller: Caller, id: string, read: Readings): Promise<Client> {
  const client = /^\d{1,15}$/.test(id) ? await read.clients.find(id) : null
  if (client === null || !owns(caller, { accountId: client.accountId, clientId: client.id })) throw unknownClient(id)
  return client
}

/** The same in the domain's words, with every redirect URI checked. */
export const profileIn = (body: z.output<typeof profileShape>): ClientProfile => ({
  name: body.name,
  description: body.description,
  category: body.category,
  authorName: body.author_name,
  domain: body.domain,
  iconUrl: body.icon_url,
  privacyPolicyUrl: body.privacy_policy_url,
  tosUrl: body.tos_url,
  redirectUris: body.redirect_uris.map(redirectUri),
  apiVersion: body.api_version,
})

/** Only what differs, so that two who change different things don't undo each other's. */
function changedIn(profile: ClientProfile, before: ClientProfile): Partial<ClientProfile> {
  const kept = new Map<string, string>(Object.entries(before).map(([name, value]) => [name, JSON.stringify(value)]))
  return Object.fromEntries(Object.entries(profile).filter(([name, value]) => JSON.stringify(value) !== kept.get(name)))
}

/** Exact URIs on the web, without a fragment (RFC 6749 §3.1.2); plain http only on the developer's own machine. */
function redirectUri(uri: string): string {
  const parsed = URL.canParse(uri) ? new URL(uri) : null
  const isLocal = parsed !== null && ['localhost', '127.0.0.1', '[::1]'].includes(parsed.hostname)
  const isWeb = parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLocal)
  if (isWeb && !uri.includes('#') && parsed.username === '' && !/\s/.test(uri)) return uri
  throw new Refusal('field_invalid', {
    message: `${JSON.stringify(uri)} can't be a redirect URI.`,
    field: 'redirect_uris',
    expected: 'an https URI without a fragment (http for localhost)',
  })
}

const profileShown = (client: ClientProfile): z.input<typeof profileShape> & z.output<typeof profileShape> => ({
  name: client.name,
  description: client.description,
  category: client.category,
  author_name: client.authorName,
  domain: client.domain,
  icon_url: client.iconUrl,
  privacy_policy_url: client.privacyPolicyUrl,
  tos_url: client.tosUrl,
  redirect_uris: [...client.redirectUris],
  api_version: client.apiVersion,
})

async function shown(client: Client, read: Readings): Promise<z.output<typeof clientShape>> {
  return {
    ...profileShown(client),
    id: client.id,
    account_id: client.accountId,
    client_id: client.clientId,
    created_at: written(client.createdAt),
    replaced_at: writtenOrNull(client.replacedAt),
    grants: await read.clients.listGrants(client.id),
  }
}

const shownWithSecrets = async ({ client, secret, creatorTokens }: ClientWithSecrets, read: Readings) => ({
  ...(await shown(client, read)),
  client_secret: secret,
  ...creatorTokensShown(creatorTokens),
})

const creatorTokensShown = ({ accessToken, refreshToken }: Tokens) => ({
  creator_access_token: accessToken,
  creator_refresh_token: refreshToken,
})

const notForOthers = (): Refusal =>
  new Refusal('account_not_found', {
    message: 'There is no such account, or it is not yours.',
    field: 'account_id',
    expected: 'your own account; leave the field out',
  })
