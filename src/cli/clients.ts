import { bold } from 'ansis'
import type { Command } from 'commander'
import type { Schemas } from './api.ts'
import type { Hand, Printing } from './hand.ts'
import { maybeMoment, momentAndAge } from './moments.ts'
import { calling, collected, given, group, oneOf } from './options.ts'
import { type Cell, facts, listed, table } from './table.ts'

type Client = Schemas['Client']
type ClientWithSecrets = Schemas['ClientWithSecrets']

type Profile = Printing & {
  name?: string
  description?: string
  category?: string
  authorName?: string
  domain?: string
  iconUrl?: string
  privacyPolicyUrl?: string
  tosUrl?: string
  redirectUri?: string[]
  apiVersion?: '1' | '2'
}

/** `tidings clients`: OAuth clients, their pairs, and what they may see. */
export function addClients(program: Command, hand: Hand): void {
  const clients = group(program, 'clients', 'OAuth clients: id and secret, and what they may see')
  addReads(clients, hand)
  addChanges(clients, hand)
  addGrants(clients, hand)
}

function addReads(clients: Command, hand: Hand): void {
  calling(clients, 'list', 'list OAuth clients').action((options: Printing) =>
    hand.tell(
      options,
      (api) => api.GET('/api/v1/clients'),
      ({ data }) => listOf(data),
    ),
  )
  calling(clients, 'show <id>', 'show one client').action((id: string, options: Printing) =>
    hand.tell(
      options,
      (api) => api.GET('/api/v1/clients/{id}', { params: { path: { id } } }),
      (client) => described(client, hand),
    ),
  )
}

function addChanges(clients: Command, hand: Hand): void {
  withProfile(
    calling(clients, 'register <name>', 'register a client; its secret and creator’s tokens are shown this once'),
  )
    .option('--account <id>', 'whose it shall be (operators)')
    .addHelpText('after', '\nExample:\n  tidings clients register "My bot" --redirect-uri https://bot.example/callback')
    .action((name: string, options: Profile & { account?: string }) =>
      hand.tell(
        options,
        (api) =>
          api.POST('/api/v1/clients', {
            body: { ...profileIn(options), ...given({ account_id: options.account }), name },
          }),
        (client) => withSecrets(client, hand),
      ),
    )
  withProfile(calling(clients, 'describe <id>', 'change what a client says of itself; what is left out stays'))
    .option('--name <name>', 'its name')
    .action((id: string, options: Profile) =>
      hand.tell(
        options,
        (api) => api.PATCH('/api/v1/clients/{id}', { params: { path: { id } }, body: profileIn(options) }),
        (client) => described(client, hand),
      ),
    )
  calling(clients, 'delete <id>', 'delete a client; its webhooks hear nothing from then on').action(
    (id: string, options: Printing) =>
      hand.tell(
        options,
        (api) => api.DELETE('/api/v1/clients/{id}', { params: { path: { id } } }),
        () => `Client ${id} is deleted.`,
      ),
  )
  calling(clients, 'replace <id>', 'replace a compromised id and secret pair').action((id: string, options: Printing) =>
    hand.tell(
      options,
      (api) => api.POST('/api/v1/clients/{id}/replacements', { params: { path: { id } } }),
      (client) => `${withSecrets(client, hand)}\n\nThe old pair is over. Put the new one where the old one was.`,
    ),
  )
  calling(clients, 'renew <id>', 'make new creator’s tokens; those before are over').action(
    (id: string, options: Printing) =>
      hand.tell(
        options,
        (api) => api.POST('/api/v1/clients/{id}/creator_tokens', { params: { path: { id } } }),
        (tokens) => facts(`Client ${id}`, creatorTokens(tokens)),
      ),
  )
}

function addGrants(clients: Command, hand: Hand): void {
  calling(clients, 'grant <id> <tenant>', 'let a client see a tenant beside its own campaigns (operators)')
    .addHelpText('after', '\nExample:\n  tidings clients grant 3 kittens')
    .action((id: string, tenant: string, options: Printing) =>
      hand.tell(
        options,
        (api) => api.POST('/api/v1/clients/{id}/grants', { params: { path: { id } }, body: { tenant } }),
        ({ grants }) => `Client ${id} may see: ${listed(grants)}`,
      ),
    )
  calling(clients, 'withdraw <id> <tenant>', 'take a tenant from a client again (operators)').action(
    (id: string, tenant: string, options: Printing) =>
      hand.tell(
        options,
        (api) => api.DELETE('/api/v1/clients/{id}/grants/{tenant}', { params: { path: { id, tenant } } }),
        () => `Client ${id} does not see ${tenant} any more.`,
      ),
  )
}

const withProfile = (command: Command): Command =>
  command
    .option('--description <text>', 'what it is for')
    .option('--category <name>', 'what kind of thing it is')
    .option('--author-name <name>', 'who makes it')
    .option('--domain <name>', 'where it lives')
    .option('--icon-url <url>', 'its picture')
    .option('--privacy-policy-url <url>', 'its privacy policy')
    .option('--tos-url <url>', 'its terms of service')
    .option('--redirect-uri <uri>', 'where logging in may lead back to; may be given several times', collected)
    .addOption(oneOf('--api-version <version>', "Patreon's API version that it speaks", ['1', '2']))

const versions = { 1: 1, 2: 2 } as const

const profileIn = (options: Profile) =>
  given({
    name: options.name,
    description: options.description,
    category: options.category,
    author_name: options.authorName,
    domain: options.domain,
    icon_url: options.iconUrl,
    privacy_policy_url: options.privacyPolicyUrl,
    tos_url: options.tosUrl,
    redirect_uris: options.redirectUri,
    api_version: options.apiVersion === undefined ? undefined : versions[options.apiVersion],
  })

const listOf = (clients: readonly Client[]): string =>
  table(
    ['id', 'name', 'account', 'version', 'may also see'],
    clients.map(({ id, name, account_id, api_version, grants }) => [id, name, account_id, api_version, listed(grants)]),
    'No clients yet. `tidings clients register <name>` makes one.',
  )

const withSecrets = (client: ClientWithSecrets, hand: Hand): string => {
  const secrets = { 'client secret': { text: client.client_secret, colour: bold }, ...creatorTokens(client) }
  return `${described(client, hand, secrets)}\n\nSecret and tokens are shown this once: keep them, and never reveal them.`
}

const creatorTokens = (tokens: Schemas['CreatorTokens']): Readonly<Record<string, Cell>> => ({
  'creator’s access token': { text: tokens.creator_access_token, colour: bold },
  'creator’s refresh token': { text: tokens.creator_refresh_token, colour: bold },
})

const described = (client: Client, { clock }: Hand, more: Readonly<Record<string, Cell>> = {}): string =>
  facts(`Client ${client.id}: ${client.name}`, {
    'client id': client.client_id,
    ...more,
    account: client.account_id,
    description: client.description || undefined,
    category: client.category ?? undefined,
    author: client.author_name ?? undefined,
    domain: client.domain ?? undefined,
    icon: client.icon_url ?? undefined,
    'privacy policy': client.privacy_policy_url ?? undefined,
    'terms of service': client.tos_url ?? undefined,
    'redirect URIs': listed(client.redirect_uris),
    'API version': client.api_version,
    'may also see': listed(client.grants),
    made: momentAndAge(client.created_at, clock.now()),
    'pair replaced': maybeMoment(client.replaced_at, clock.now()),
  })
