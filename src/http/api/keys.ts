import { z } from 'zod'
import { makeKey, revokeKey } from '../../accounts/commands.ts'
import { isOperator, owns, scopes } from '../../domain/access.ts'
import type { ApiKey } from '../../domain/api-key.ts'
import { Refusal } from '../../domain/refusal.ts'
import { apiKey } from '../../registration/secrets.ts'
import { type Endpoint, endpoint, moment, nothing, written } from '../endpoint.ts'
import type { ApiTools } from './tools.ts'

const keyShape = z
  .object({
    id: z.string(),
    account_id: z.string(),
    name: z.string(),
    ending: z.string().describe('the last four characters'),
    scopes: z.array(z.enum(scopes)),
    created_at: moment,
  })
  .meta({ id: 'ApiKey' })

/** API keys. */
export const keyCalls = (tools: ApiTools) => ({
  list: listKeysCall(tools),
  make: makeKeyCall(tools),
  revoke: revokeKeyCall(tools),
})

const listKeysCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'listKeys',
    summary: 'List API keys',
    tag: 'keys',
    scope: 'keys',
    answer: z.object({ data: z.array(keyShape) }),
    async handle({ caller }) {
      const keys = await store.read.keys.list(isOperator(caller) ? null : caller.accountId)
      return { data: keys.map(shown) }
    },
  })

const makeKeyCall = ({ store, clock, random }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'makeKey',
    summary: 'Make an API key; it is shown this once',
    tag: 'keys',
    scope: 'keys',
    body: z.strictObject({
      name: z.string().min(1).max(100),
      scopes: z.array(z.enum(scopes)).min(1),
      account_id: z.string().optional().describe('operators may make keys for others'),
    }),
    status: 201,
    answer: keyShape.extend({ key: z.string().describe('shown this once') }).meta({ id: 'ApiKeyWithKey' }),
    async handle({ caller, body }) {
      const accountId = body.account_id ?? caller.accountId
      if (!owns(caller, { accountId })) throw widerThanItself()
      // A key can't make one that may do more than itself.
      if (caller.kind === 'client' || body.scopes.some((scope) => !caller.scopes.includes(scope)))
        throw widerThanItself()
      const key = apiKey(random)
      const made = await store.execute(makeKey, { ...body, accountId, key }, clock.now())
      return { ...shown(made), key }
    },
  })

const revokeKeyCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    id: 'revokeKey',
    summary: 'Revoke an API key: the next call with it is refused',
    tag: 'keys',
    scope: 'keys',
    params: z.object({ id: z.string() }),
    status: 204,
    answer: nothing,
    async handle({ caller, params: { id } }) {
      const key = /^\d{1,15}$/.test(id) ? await store.read.keys.find(id) : null
      if (key === null || !owns(caller, key)) throw unknownKey(id)
      await store.execute(revokeKey, { id }, clock.now())
      return null
    },
  })

const shown = (key: ApiKey): z.output<typeof keyShape> => ({
  id: key.id,
  account_id: key.accountId,
  name: key.name,
  ending: key.ending,
  scopes: [...key.scopes],
  created_at: written(key.createdAt),
})

const unknownKey = (id: string): Refusal =>
  new Refusal('key_not_found', {
    message: `There is no API key ${id}.`,
    field: 'id',
    expected: 'the id of one of your keys',
  })

const widerThanItself = (): Refusal =>
  new Refusal('not_permitted', {
    message: 'A key can be made only for your own account, and only with scopes that you have yourself.',
    field: 'scopes',
  })
