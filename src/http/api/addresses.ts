import { z } from 'zod'
import { owns } from '../../domain/access.ts'
import type { Address } from '../../domain/member.ts'
import { Refusal } from '../../domain/refusal.ts'
import { keepAddress } from '../../membership/addresses.ts'
import { unknownAccount } from '../../membership/refusals.ts'
import { type Endpoint, endpoint, moment, written } from '../endpoint.ts'
import { actorIn, digits } from './actor.ts'
import type { ApiTools } from './tools.ts'

const addressFields = {
  addressee: z.string().nullable().default(null),
  line_1: z.string().nullable().default(null),
  line_2: z.string().nullable().default(null),
  postal_code: z.string().nullable().default(null),
  city: z.string(),
  state: z.string().nullable().default(null),
  country: z.string().describe('two letters (ISO 3166-1)'),
  phone_number: z.string().nullable().default(null),
}

const addressShape = z
  .object({ id: z.string(), account_id: z.string(), ...addressFields, created_at: moment })
  .meta({ id: 'Address' })

/** Where accounts want things sent. */
export const addressCalls = (tools: ApiTools) => ({ show: showAddressCall(tools), keep: keepAddressCall(tools) })

const calls = { tag: 'memberships', scope: 'memberships' } as const

const showAddressCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'showAddress',
    summary: 'Show where an account wants things sent',
    params: z.object({ id: digits }),
    answer: addressShape,
    async handle({ caller, params: { id } }) {
      if (!owns(caller, { accountId: id })) throw unknownAccount(id, 'id')
      const address = await store.read.members.findAddress(id)
      if (address !== null) return shownAddress(address)
      throw new Refusal('address_not_found', {
        message: `Account ${id} keeps no address.`,
        field: 'id',
        expected: 'an account for which PUT kept an address',
      })
    },
  })

const keepAddressCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'keepAddress',
    summary: 'Say where an account wants things sent; the address from before is forgotten',
    params: z.object({ id: digits }),
    body: z.strictObject(addressFields),
    answer: addressShape,
    async handle({ caller, params: { id: accountId }, body }) {
      const { line_1: line1, line_2: line2, postal_code: postalCode, phone_number: phoneNumber, ...same } = body
      const address = { ...same, line1, line2, postalCode, phoneNumber }
      return shownAddress(await store.execute(keepAddress, { actor: actorIn(caller), accountId, address }, clock.now()))
    },
  })

const shownAddress = (address: Address): z.output<typeof addressShape> => ({
  id: address.id,
  account_id: address.accountId,
  addressee: address.addressee,
  line_1: address.line1,
  line_2: address.line2,
  postal_code: address.postalCode,
  city: address.city,
  state: address.state,
  country: address.country,
  phone_number: address.phoneNumber,
  created_at: written(address.createdAt),
})
