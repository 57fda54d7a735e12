import type { Command } from 'commander'
import { dollars } from '../domain/money.ts'
import type { Schemas } from './api.ts'
import type { Hand, Printing } from './hand.ts'
import { maybeMoment, moment, momentAndAge } from './moments.ts'
import { nextPage } from './next-page.ts'
import { calling, given, group, oneOf, wholeNumber } from './options.ts'
import { facts, table } from './table.ts'

type Pledge = Schemas['Pledge']

type Terms = Printing & { amountCents?: number; tier?: string; capCents?: number; patronPaysFees?: boolean }
type NewPledge = Terms & {
  amountCents: number
  patron?: string
  yearly?: true
  firstCharge?: 'paid' | 'declined' | 'fraud'
}
type Free = Printing & { tier: string; patron?: string }

/** `tidings pledges`: become a patron, edit, cancel. */
export function addPledges(program: Command, hand: Hand): void {
  const pledges = group(program, 'pledges', 'what patrons do: become a patron, edit, cancel')
  calling(pledges, 'list <campaign>', "list a campaign's open pledges, the oldest first")
    .option('--after <cursor>', 'go on behind this pledge')
    .option('--limit <number>', 'how many', wholeNumber)
    .action((id: string, { after, limit, ...options }: Printing & { after?: string; limit?: number }) =>
      hand.tell(
        options,
        (api) =>
          api.GET('/api/v1/campaigns/{id}/pledges', { params: { path: { id }, query: given({ after, limit }) } }),
        listOf,
      ),
    )
  addChanges(pledges, hand)
  addFree(pledges, hand)
}

function addChanges(pledges: Command, hand: Hand): void {
  calling(pledges, 'create <campaign>', 'become a patron')
    .requiredOption('--amount-cents <cents>', 'how much', wholeNumber)
    .option('--tier <id>', 'for which tier')
    .option('--cap-cents <cents>', 'at most so much a month', wholeNumber)
    .option('--patron-pays-fees', 'the patron pays the fees')
    .option('--yearly', 'twelve months at once')
    .addOption(oneOf('--first-charge <outcome>', 'what comes of the first charge', ['paid', 'declined', 'fraud']))
    .option('--patron <id>', 'who becomes a patron (operators)')
    .addHelpText('after', '\nExample:\n  tidings pledges create 1 --amount-cents 500 --tier 1 --patron 3')
    .action((id: string, { patron, yearly, firstCharge, amountCents: amount_cents, ...options }: NewPledge) =>
      hand.tell(
        options,
        (api) =>
          api.POST('/api/v1/campaigns/{id}/pledges', {
            params: { path: { id } },
            body: {
              ...{ ...termsIn(options), amount_cents, cadence_months: yearly === true ? 12 : 1 },
              ...given({ patron_id: patron, first_charge: firstCharge }),
            },
          }),
        (pledge) => described(pledge, hand),
      ),
    )
  calling(pledges, 'edit <id>', 'edit a pledge; what is left out stays, and it gets a new id')
    .option('--amount-cents <cents>', 'how much', wholeNumber)
    .option('--tier <id>', 'for which tier')
    .option('--cap-cents <cents>', 'at most so much a month', wholeNumber)
    .option('--patron-pays-fees', 'the patron pays the fees')
    .option('--no-patron-pays-fees', 'the patron does not pay the fees')
    .action((id: string, options: Terms) =>
      hand.tell(
        options,
        (api) => api.PATCH('/api/v1/pledges/{id}', { params: { path: { id } }, body: termsIn(options) }),
        (pledge) => described(pledge, hand),
      ),
    )
  calling(pledges, 'cancel <id>', 'cancel a pledge').action((id: string, options: Printing) =>
    hand.tell(
      options,
      (api) => api.DELETE('/api/v1/pledges/{id}', { params: { path: { id } } }),
      (pledge) => described(pledge, hand),
    ),
  )
}

/** Memberships that the member does not pay for. */
function addFree(pledges: Command, hand: Hand): void {
  calling(pledges, 'give <campaign>', 'give somebody a tier for some months')
    .requiredOption('--tier <id>', 'which tier')
    .requiredOption('--patron <id>', 'to whom')
    .option('--months <number>', 'for how long', wholeNumber, 1)
    .action((id: string, { tier, patron, months, ...options }: Free & { patron: string; months: number }) =>
      hand.tell(
        options,
        (api) =>
          api.POST('/api/v1/campaigns/{id}/gifts', {
            params: { path: { id } },
            body: { tier_id: tier, patron_id: patron, months },
          }),
        (pledge) => described(pledge, hand),
      ),
    )
  calling(pledges, 'try <campaign>', 'try a tier for some days; then it is paid')
    .requiredOption('--tier <id>', 'which tier')
    .option('--days <number>', 'for how long', wholeNumber, 7)
    .option('--patron <id>', 'who tries it (operators)')
    .action((id: string, { tier, patron, days, ...options }: Free & { days: number }) =>
      hand.tell(
        options,
        (api) =>
          api.POST('/api/v1/campaigns/{id}/trials', {
            params: { path: { id } },
            body: { tier_id: tier, days, ...given({ patron_id: patron }) },
          }),
        (pledge) => described(pledge, hand),
      ),
    )
}

const termsIn = (options: Terms) =>
  given({
    amount_cents: options.amountCents,
    tier_id: options.tier,
    pledge_cap_cents: options.capCents,
    patron_pays_fees: options.patronPaysFees,
  })

const listOf = ({ data, next }: { data: readonly Pledge[]; next: string | null }): string =>
  table(
    ['id', 'patron', 'tier', 'amount', 'since'],
    data.map((pledge) => [
      ...[pledge.id, pledge.patron_id, pledge.tier_id, dollars(pledge.amount_cents), moment(pledge.created_at)],
    ]),
    'No open pledges. `tidings pledges create <campaign> --amount-cents <cents>` makes one.',
  ) + nextPage(next)

const described = (pledge: Pledge, { clock }: Hand): string =>
  facts(`Pledge ${pledge.id}`, {
    campaign: pledge.campaign_id,
    patron: pledge.patron_id,
    tier: pledge.tier_id,
    amount: dollars(pledge.amount_cents),
    kind: pledge.kind === 'paid' ? undefined : pledge.kind,
    'free until': maybeMoment(pledge.free_until, clock.now()),
    charged: pledge.cadence_months === 12 ? 'each year' : undefined,
    'at most a month': pledge.pledge_cap_cents === null ? undefined : dollars(pledge.pledge_cap_cents),
    since: momentAndAge(pledge.created_at, clock.now()),
    'declined since': maybeMoment(pledge.declined_since, clock.now()),
    ended: maybeMoment(pledge.ended_at, clock.now()),
  })
