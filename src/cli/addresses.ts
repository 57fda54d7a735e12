import type { Command } from 'commander'
import type { Schemas } from './api.ts'
import type { Hand, Printing } from './hand.ts'
import { calling, given, group } from './options.ts'
import { facts } from './table.ts'

type Keeping = Printing & {
  city: string
  country: string
  addressee?: string
  line1?: string
  line2?: string
  postalCode?: string
  state?: string
  phone?: string
}

/** `tidings accounts address`: where an account wants things sent. */
export function addAddresses(accounts: Command, hand: Hand): void {
  const address = group(accounts, 'address', 'where an account wants things sent')
  calling(address, 'show <account>', 'show the address of an account').action((id: string, options: Printing) =>
    hand.tell(options, (api) => api.GET('/api/v1/accounts/{id}/address', { params: { path: { id } } }), described),
  )
  calling(address, 'keep <account>', 'keep an address; the one from before is forgotten')
    .requiredOption('--city <name>', 'city')
    .requiredOption('--country <code>', 'two letters, such as DE')
    .option('--addressee <name>', 'whose name stands on it')
    .option('--line1 <text>', 'street and number')
    .option('--line2 <text>', 'what else is needed to find the door')
    .option('--postal-code <code>', 'postal code')
    .option('--state <name>', 'state or region')
    .option('--phone <number>', 'telephone number')
    .addHelpText(
      'after',
      '\nExample:\n  tidings accounts address keep 900002 --line1 "1 Long Lane" --city Ulm --country DE',
    )
    .action((id: string, options: Keeping) =>
      hand.tell(
        options,
        (api) => api.PUT('/api/v1/accounts/{id}/address', { params: { path: { id } }, body: bodyOf(options) }),
        described,
      ),
    )
}

const bodyOf = ({ city, country, addressee, line1, line2, postalCode, state, phone }: Keeping) => ({
  city,
  country,
  ...given({ addressee, line_1: line1, line_2: line2, postal_code: postalCode, state, phone_number: phone }),
})

const described = (address: Schemas['Address']): string =>
  facts(`Address of account ${address.account_id}`, {
    addressee: address.addressee ?? undefined,
    street: address.line_1 ?? undefined,
    'second line': address.line_2 ?? undefined,
    'postal code': address.postal_code ?? undefined,
    city: address.city,
    state: address.state ?? undefined,
    country: address.country,
    telephone: address.phone_number ?? undefined,
  })
