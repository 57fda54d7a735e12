import { z } from 'zod'
import { openAccount, renewLink } from '../../accounts/commands.ts'
import { mustOperate, owns } from '../../domain/access.ts'
import { type Account, emailLimit, fullNameLimit } from '../../domain/account.ts'
import { Refusal } from '../../domain/refusal.ts'
import { fingerprintOf } from '../../domain/vault.ts'
import { linkToken } from '../../registration/secrets.ts'
import { type Endpoint, endpoint, moment, nextOf, pageOf, pageSize, written } from '../endpoint.ts'
import type { ApiTools } from './tools.ts'

const accountShape = z
  .object({
    id: z.string(),
    email: z.string(),
    full_name: z.string(),
    vanity: z.string().nullable(),
    role: z.enum(['operator', 'member']),
    created_at: moment,
  })
  .meta({ id: 'Account' })

const withLink = accountShape
  .extend({ link: z.string().describe('whoever opens it chooses the password; it works once') })
  .meta({ id: 'AccountWithLink' })

const byId = z.object({ id: z.string().regex(/^\d{1,15}$/) })

/** Accounts: operators open them and see all; everybody sees their own. */
export const accountCalls = (tools: ApiTools) => ({
  list: listAccountsCall(tools),
  open: openAccountCall(tools),
  show: showAccountCall(tools),
  renewLink: renewLinkCall(tools),
})

const linkTo = (publicUrl: string, token: string): string => `${publicUrl}/welcome/${token}`

const calls = { tag: 'accounts', scope: 'accounts' } as const

const listAccountsCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'listAccounts',
    summary: 'List accounts',
    query: z.object({
      after: z
        .string()
        .regex(/^\d{1,15}$/)
        .optional(),
      limit: pageSize,
    }),
    answer: pageOf(accountShape),
    async handle({ caller, query: { after, limit } }) {
      mustOperate(caller)
      const accounts = await store.read.accounts.list(after ?? null, limit)
      return { data: accounts.map(shown), next: nextOf(accounts, limit, ({ id }) => id) }
    },
  })

const openAccountCall = ({ store, clock, random, publicUrl }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'openAccount',
    summary: 'Open an account; its holder chooses the password by the one-time link',
    body: z.strictObject({
      email: z.email().max(emailLimit),
      full_name: z.string().trim().min(1).max(fullNameLimit),
      vanity: z
        .string()
        .regex(/^[A-Za-z0-9_]{2,40}$/)
        .nullable()
        .default(null),
      role: z.enum(['operator', 'member']).default('member'),
    }),
    status: 201,
    answer: withLink,
    async handle({ caller, body: { email, full_name: fullName, vanity, role } }) {
      mustOperate(caller)
      const token = linkToken(random)
      const opening = { email, fullName, vanity, role, tokenHash: fingerprintOf(token) }
      return { ...shown(await store.execute(openAccount, opening, clock.now())), link: linkTo(publicUrl, token) }
    },
  })

const showAccountCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'showAccount',
    summary: 'Show one account',
    params: byId,
    answer: accountShape,
    async handle({ caller, params: { id } }) {
      const account = owns(caller, { accountId: id }) ? await store.read.accounts.find(id) : null
      if (account === null)
        throw new Refusal('account_not_found', { message: `There is no account ${id}.`, field: 'id' })
      return shown(account)
    },
  })

const renewLinkCall = ({ store, clock, random, publicUrl }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'renewLink',
    summary: 'Make another one-time link, for who lost the first or forgot the password',
    params: byId,
    status: 201,
    answer: withLink,
    async handle({ caller, params: { id } }) {
      mustOperate(caller)
      const token = linkToken(random)
      const account = await store.execute(renewLink, { accountId: id, tokenHash: fingerprintOf(token) }, clock.now())
      return { ...shown(account), link: linkTo(publicUrl, token) }
    },
  })

const shown = (account: Account): z.output<typeof accountShape> => ({
  id: account.id,
  email: account.email,
  full_name: account.fullName,
  vanity: account.vanity,
  role: account.role,
  created_at: written(account.createdAt),
})
