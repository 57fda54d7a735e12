import type { Address } from '../domain/member.ts'
import type { Refusal } from '../domain/refusal.ts'
import { fieldIn } from './fields.ts'
import { refusalAt, refusalElsewhere } from './form-refusal.ts'
import { type Html, html } from './html.ts'
import { csrfField, layout } from './layout.ts'
import { textField } from './text-field.ts'
import type { Visit } from './visit.ts'

/** The form as it was filled in; an empty line says nothing. */
export type AddressFields = Record<keyof typeof lines, string>

/** Everything that the page shows. */
export type AddressView = {
  fields: AddressFields
  refusal: Refusal | null
  /** What was done just now. */
  said: Html | null
  /** Where to go when it is kept. */
  next: string
}

// What browsers fill in by themselves is named as they want it (HTML, autofill).
const lines = {
  addressee: { label: 'Name', autocomplete: 'name', field: 'addressee', isRequired: false, hint: null },
  line1: { label: 'Street and number', autocomplete: 'address-line1', field: 'line_1', isRequired: false, hint: null },
  line2: {
    label: 'Flat, floor or company',
    autocomplete: 'address-line2',
    field: 'line_2',
    isRequired: false,
    hint: null,
  },
  postalCode: {
    label: 'Postal code',
    autocomplete: 'postal-code',
    field: 'postal_code',
    isRequired: false,
    hint: null,
  },
  city: { label: 'City', autocomplete: 'address-level2', field: 'city', isRequired: true, hint: null },
  state: { label: 'State or region', autocomplete: 'address-level1', field: 'state', isRequired: false, hint: null },
  country: {
    label: 'Country',
    autocomplete: 'country',
    field: 'country',
    isRequired: true,
    hint: 'Two letters, such as DE or US.',
  },
  phoneNumber: { label: 'Telephone', autocomplete: 'tel', field: 'phone_number', isRequired: false, hint: null },
} as const

const names = Object.keys(lines) as (keyof typeof lines)[]
const fieldNames = names.map((name) => lines[name].field)

/** Where somebody says where things shall be sent. */
export function addressPage(visit: Visit, { fields, refusal, said, next }: AddressView): Html {
  return layout(
    'Your address',
    visit,
    html`<h1>Your address</h1>
<p>Where things shall be sent that you get for a pledge. The creators whom you pledge to may see it.</p>
${said}${refusalElsewhere(refusal, fieldNames)}
<form method="post" action="/address">
${csrfField(visit.csrfToken)}<input type="hidden" name="next" value="${next}">
${names.map((name) => {
  const { field, ...line } = lines[name]
  return textField({ ...line, name, type: 'text', value: fields[name] }, refusalAt(refusal, field))
})}
<button>Keep this address</button>
</form>
<p><a href="/memberships">Your memberships</a></p>`,
  )
}

/** The form as it is first shown: with the address that is kept, if there is one. */
export const addressFields = (address: Address | null): AddressFields => fieldsFrom((name) => address?.[name] ?? '')

/** The form as it was sent. */
export const addressSent = (body: unknown): AddressFields => fieldsFrom((name) => fieldIn(body, name).trim())

/** The address that the fields say. Country codes are written large, however they were typed. */
export function addressIn({ city, country, ...rest }: AddressFields): Omit<Address, 'id' | 'accountId' | 'createdAt'> {
  const orNull = (text: string): string | null => (text === '' ? null : text)
  const { addressee, line1, line2, postalCode, state, phoneNumber } = rest
  return {
    ...{ addressee: orNull(addressee), line1: orNull(line1), line2: orNull(line2), postalCode: orNull(postalCode) },
    ...{ city, state: orNull(state), country: country.toUpperCase(), phoneNumber: orNull(phoneNumber) },
  }
}

const fieldsFrom = (read: (name: keyof typeof lines) => string): AddressFields => ({
  addressee: read('addressee'),
  line1: read('line1'),
  line2: read('line2'),
  postalCode: read('postalCode'),
  city: read('city'),
  state: read('state'),
  country: read('country'),
  phoneNumber: read('phoneNumber'),
})
