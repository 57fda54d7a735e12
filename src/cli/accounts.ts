import { bold } from 'ansis'
import type { Command } from 'commander'
import { addAddresses } from './addresses.ts'
import type { Schemas } from './api.ts'
import type { Hand, Printing } from './hand.ts'
import { moment, momentAndAge } from './moments.ts'
import { nextPage } from './next-page.ts'
import { calling, given, group, oneOf, wholeNumber } from './options.ts'
import { facts, table } from './table.ts'

type Account = Schemas['Account']
type Opening = Printing & { fullName: string; vanity?: string; role?: Account['role'] }

/** `tidings accounts`: people who log in. */
export function addAccounts(program: Command, hand: Hand): void {
  const accounts = group(program, 'accounts', 'people who log in')
  calling(accounts, 'list', 'list accounts (operators)')
    .option('--after <id>', 'go on behind this account')
    .option('--limit <number>', 'how many', wholeNumber)
    .action(({ after, limit, ...options }: Printing & { after?: string; limit?: number }) =>
      hand.tell(options, (api) => api.GET('/api/v1/accounts', { params: { query: given({ after, limit }) } }), listOf),
    )
  calling(accounts, 'show <id>', 'show one account').action((id: string, options: Printing) =>
    hand.tell(
      options,
      (api) => api.GET('/api/v1/accounts/{id}', { params: { path: { id } } }),
      (account) => described(account, hand),
    ),
  )
  calling(accounts, 'open <email>', 'open an account; its holder chooses the password by a one-time link (operators)')
    .requiredOption('--full-name <name>', 'what its holder is called')
    .option('--vanity <name>', 'their name in addresses')
    .addOption(oneOf('--role <role>', 'operators see and change everything', ['member', 'operator']))
    .addHelpText('after', '\nExample:\n  tidings accounts open kim@example.com --full-name "Kim Reyes"')
    .action((email: string, { fullName: full_name, vanity, role, ...options }: Opening) =>
      hand.tell(
        options,
        (api) => api.POST('/api/v1/accounts', { body: { email, full_name, ...given({ vanity, role }) } }),
        (account) => withLink(account, hand),
      ),
    )
  calling(accounts, 'link <id>', 'make another one-time link, for who lost the first or forgot the password').action(
    (id: string, options: Printing) =>
      hand.tell(
        options,
        (api) => api.POST('/api/v1/accounts/{id}/links', { params: { path: { id } } }),
        (account) => withLink(account, hand),
      ),
  )
  addAddresses(accounts, hand)
}

const listOf = ({ data, next }: { data: readonly Account[]; next: string | null }): string =>
  table(
    ['id', 'name', 'e-mail', 'role', 'opened'],
    data.map(({ id, full_name, email, role, created_at }) => [id, full_name, email, role, moment(created_at)]),
    'No accounts.',
  ) + nextPage(next)

const described = (account: Account, { clock }: Hand, link?: string): string =>
  facts(`Account ${account.id}: ${account.full_name}`, {
    'e-mail': account.email,
    vanity: account.vanity,
    role: account.role,
    opened: momentAndAge(account.created_at, clock.now()),
    'one-time link': link === undefined ? undefined : { text: link, colour: bold },
  })

const withLink = (account: Schemas['AccountWithLink'], hand: Hand): string =>
  `${described(account, hand, account.link)}\n\nWhoever opens the link chooses the password. It works once.`
