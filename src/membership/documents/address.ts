import type { Address } from '../../domain/member.ts'
import type { Resource } from './json-api.ts'

/** Where a patron wants things sent. Readers of v1 take all but the second line for text, so what is unknown is empty. */
export const addressResource = (address: Address): Resource => ({
  type: 'address',
  id: address.id,
  attributes: {
    addressee: address.addressee ?? '',
    city: address.city,
    country: address.country,
    line_1: address.line1 ?? '',
    line_2: address.line2,
    postal_code: address.postalCode ?? '',
    state: address.state ?? '',
  },
  relationships: {},
})
