import { bold } from 'ansis'
import type { Command } from 'commander'
import type { Schemas } from './api.ts'
import type { Hand, Printing } from './hand.ts'
import { moment } from './moments.ts'
import { calling, collected, given, group } from './options.ts'
import { facts, glossary, listed, table } from './table.ts'

type Scope = Schemas['ApiKey']['scopes'][number]

const meaningOf: Record<Scope, string> = {
  kittens: 'see, add and delete kittens',
  publish: 'publish events and register triggers',
  events: 'read events',
  clients: 'see and change OAuth clients',
  webhooks: 'see and change webhooks and deliveries',
  memberships: 'see and change campaigns and pledges',
  keys: 'see, make and revoke API keys',
  accounts: 'see and open accounts',
}

const makingExample = '\nExample:\n  tidings keys make "billing" --scope publish,events'

/** `tidings keys`: API keys. */
export function addKeys(program: Command, hand: Hand): void {
  const keys = group(program, 'keys', 'API keys')
  calling(keys, 'list', 'list API keys').action((options: Printing) =>
    hand.tell(
      options,
      (api) => api.GET('/api/v1/keys'),
      ({ data }) => listOf(data),
    ),
  )
  calling(keys, 'make <name>', 'make an API key; it is shown this once')
    .requiredOption('--scope <scope>', 'what it may be used for; may be given several times', collected)
    .option('--account <id>', 'whose it shall be (operators)')
    .addHelpText('after', () => `\nScopes:\n${glossary(Object.entries(meaningOf))}\n${makingExample}`)
    .action((name: string, options: Printing & { scope: Scope[]; account?: string }) =>
      hand.tell(
        options,
        (api) =>
          api.POST('/api/v1/keys', {
            body: { name, scopes: options.scope, ...given({ account_id: options.account }) },
          }),
        (key) =>
          `${facts(`API key ${key.id}: ${key.name}`, {
            key: { text: key.key, colour: bold },
            scopes: listed(key.scopes),
            account: key.account_id,
          })}\n\nIt is shown this once. Send it as the header "Authorization: <key>".`,
      ),
    )
  calling(keys, 'revoke <id>', 'revoke an API key: the next call with it is refused').action(
    (id: string, options: Printing) =>
      hand.tell(
        options,
        (api) => api.DELETE('/api/v1/keys/{id}', { params: { path: { id } } }),
        () => `API key ${id} is revoked.`,
      ),
  )
}

const listOf = (keys: readonly Schemas['ApiKey'][]): string =>
  table(
    ['id', 'name', 'key', 'account', 'scopes', 'made'],
    keys.map(({ id, name, ending, account_id, scopes, created_at }) => [
      ...[id, name, `…${ending}`, account_id],
      scopes.length > 3 ? `${scopes.length} scopes` : listed(scopes),
      moment(created_at),
    ]),
    'No API keys. `tidings keys make <name> --scope <scope>` makes one.',
  )
