import type { Command } from 'commander'
import type { Schemas } from './api.ts'
import type { Hand, Printing } from './hand.ts'
import { momentAndAge } from './moments.ts'
import { nextPage } from './next-page.ts'
import { calling, collected, given, group, wholeNumber } from './options.ts'
import { facts, listed, table } from './table.ts'

type Benefit = Schemas['Benefit']
type Text = Printing & { title?: string; description?: string; tier?: string[] | false }

/** `tidings benefits`: what tiers promise. */
export function addBenefits(program: Command, hand: Hand): void {
  const benefits = group(program, 'benefits', 'what tiers promise')
  calling(benefits, 'list <campaign>', "list what a campaign's tiers promise")
    .option('--after <id>', 'go on behind this benefit')
    .option('--limit <number>', 'how many', wholeNumber)
    .action((id: string, { after, limit, ...options }: Printing & { after?: string; limit?: number }) =>
      hand.tell(
        options,
        (api) =>
          api.GET('/api/v1/campaigns/{id}/benefits', { params: { path: { id }, query: given({ after, limit }) } }),
        listOf,
      ),
    )
  addChanges(benefits, hand)
  calling(benefits, 'delete <id>', 'delete a benefit: no tier has it any more').action(
    (id: string, options: Printing) =>
      hand.tell(
        options,
        (api) => api.DELETE('/api/v1/benefits/{id}', { params: { path: { id } } }),
        () => `Benefit ${id} is deleted.`,
      ),
  )
}

function addChanges(benefits: Command, hand: Hand): void {
  withText(calling(benefits, 'create <campaign> <title>', 'promise something')).action(
    (id: string, title: string, options: Text) =>
      hand.tell(
        options,
        (api) =>
          api.POST('/api/v1/campaigns/{id}/benefits', {
            params: { path: { id } },
            body: { ...textIn(options), title },
          }),
        (benefit) => described(benefit, hand),
      ),
  )
  withText(calling(benefits, 'edit <id>', 'change a benefit, or which tiers have it; what is left out stays'))
    .option('--title <text>', 'what it is')
    .option('--no-tier', 'no tier has it')
    .action((id: string, options: Text) =>
      hand.tell(
        options,
        (api) =>
          api.PATCH('/api/v1/benefits/{id}', {
            params: { path: { id } },
            body: { ...textIn(options), ...given({ title: options.title }) },
          }),
        (benefit) => described(benefit, hand),
      ),
    )
}

const withText = (command: Command): Command =>
  command
    .option('--description <text>', 'what patrons should know of it')
    .option('--tier <id>', 'which tiers have it', collected)

const textIn = ({ description, tier }: Text) => given({ description, tier_ids: tier === false ? [] : tier })

const listOf = ({ data, next }: { data: readonly Benefit[]; next: string | null }): string =>
  table(
    ['id', 'title', 'tiers'],
    data.map(({ id, title, tier_ids }) => [id, title, listed(tier_ids)]),
    'No benefits. `tidings benefits create <campaign> <title> --tier <id>` makes one.',
  ) + nextPage(next)

const described = (benefit: Benefit, { clock }: Hand): string =>
  facts(`Benefit ${benefit.id}: ${benefit.title}`, {
    campaign: benefit.campaign_id,
    tiers: listed(benefit.tier_ids),
    description: benefit.description || undefined,
    since: momentAndAge(benefit.created_at, clock.now()),
  })
