/** Where people want things sent. No event tells of a move: an address belongs to an account and to no membership. */
import type { Address } from '../domain/member.ts'
import { Refusal } from '../domain/refusal.ts'
import { command } from '../store/command.ts'
import type { Actor } from './actor.ts'
import { notPermitted, unknownAccount } from './refusals.ts'
import { mustFit } from './texts.ts'

/** What an address says, in the fields that the API has. */
export type AddressInput = { actor: Actor; accountId: string; address: Omit<Address, 'id' | 'accountId' | 'createdAt'> }

/** Longer than any line on an envelope. */
const lineLimit = 200

const fieldOf = {
  addressee: 'addressee',
  line1: 'line_1',
  line2: 'line_2',
  postalCode: 'postal_code',
  city: 'city',
  state: 'state',
  phoneNumber: 'phone_number',
} as const

/** Somebody says where things shall be sent; what they said before is forgotten. */
export const keepAddress = command('accounts.address', async (records, input: AddressInput, at): Promise<Address> => {
  const { actor, accountId, address } = input
  if (!actor.isOperator && actor.accountId !== accountId) throw notPermitted('An address is its account’s own.')
  if ((await records.accounts.find(accountId)) === null) throw unknownAccount(accountId, 'account_id')

  for (const [name, field] of Object.entries(fieldOf) as [keyof typeof fieldOf, string][]) {
    mustFit(address[name] ?? '', { field, shortest: name === 'city' ? 1 : 0, longest: lineLimit })
  }
  mustBeACountry(address.country)
  return await records.members.keepAddress({ ...address, accountId, createdAt: at.now })
})

function mustBeACountry(country: string): void {
  if (/^[A-Z]{2}$/.test(country)) return
  throw new Refusal('field_invalid', {
    message: `${JSON.stringify(country.slice(0, 40))} is no country.`,
    field: 'country',
    expected: 'two capital letters (ISO 3166-1)',
  })
}
