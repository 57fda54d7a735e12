import { basename } from 'node:path'
import type { Command } from 'commander'
import { dollars } from '../domain/money.ts'
import type { Schemas } from './api.ts'
import { bytesIn } from './file.ts'
import type { Hand, Printing } from './hand.ts'
import { momentAndAge } from './moments.ts'
import { nextPage } from './next-page.ts'
import { calling, given, group, wholeNumber } from './options.ts'
import { facts, indented, table } from './table.ts'

type Campaign = Schemas['Campaign']
type Tier = Schemas['Tier']

type Opening = Printing & { creationName: string; summary?: string; perCreation?: true; creator?: string }
type Saying = Printing & {
  creationName?: string
  summary?: string
  oneLiner?: string
  thanksMsg?: string
  nsfw?: boolean
}
type NewTier = Printing & { amountCents: number; description?: string; userLimit?: number }
type TierChanges = Printing & {
  title?: string
  description?: string
  amountCents?: number
  userLimit?: number | false
  published?: boolean
}

/** `tidings campaigns`: what creators offer. */
export function addCampaigns(program: Command, hand: Hand): void {
  const campaigns = group(program, 'campaigns', 'what creators offer: campaigns and their tiers')
  addReads(campaigns, hand)
  calling(campaigns, 'create <vanity>', 'open a campaign under this name')
    .requiredOption('--creation-name <text>', 'what its creator makes')
    .option('--summary <text>', 'what patrons should know')
    .option('--per-creation', 'patrons pay for each creation, not each month')
    .option('--creator <id>', 'whose it shall be (operators)')
    .addHelpText('after', '\nExample:\n  tidings campaigns create kim --creation-name "tiny synthesizers"')
    .action((vanity: string, { creationName: creation_name, summary, perCreation, creator, ...options }: Opening) =>
      hand.tell(
        options,
        (api) =>
          api.POST('/api/v1/campaigns', {
            body: {
              ...{ vanity, creation_name, is_monthly: perCreation !== true },
              ...given({ summary, creator_id: creator }),
            },
          }),
        (campaign) => described(campaign, hand),
      ),
    )
  addEdit(campaigns, hand)
  addTiers(campaigns, hand)
  addImage(campaigns, hand)
}

function addEdit(campaigns: Command, hand: Hand): void {
  calling(campaigns, 'edit <id>', 'change what a campaign says; what is left out stays')
    .option('--creation-name <text>', 'what its creator makes')
    .option('--summary <text>', 'what patrons should know')
    .option('--one-liner <text>', 'the line under its title')
    .option('--thanks-msg <text>', 'what new patrons are told')
    .option('--nsfw', 'it is not for everybody')
    .option('--no-nsfw', 'it is for everybody')
    .action((id: string, { creationName, summary, oneLiner, thanksMsg, nsfw, ...options }: Saying) =>
      hand.tell(
        options,
        (api) =>
          api.PATCH('/api/v1/campaigns/{id}', {
            params: { path: { id } },
            body: given({
              ...{ creation_name: creationName, summary, one_liner: oneLiner, thanks_msg: thanksMsg, is_nsfw: nsfw },
            }),
          }),
        (campaign) => described(campaign, hand),
      ),
    )
}

function addTiers(campaigns: Command, hand: Hand): void {
  calling(campaigns, 'add-tier <campaign> <title>', 'add a tier to a campaign')
    .requiredOption('--amount-cents <cents>', 'what it costs at least', wholeNumber)
    .option('--description <text>', 'what patrons get')
    .option('--user-limit <number>', 'how many patrons may have it', wholeNumber)
    .action((id: string, title: string, { amountCents: amount_cents, description, userLimit, ...options }: NewTier) =>
      hand.tell(
        options,
        (api) =>
          api.POST('/api/v1/campaigns/{id}/tiers', {
            params: { path: { id } },
            body: { title, amount_cents, ...given({ description, user_limit: userLimit }) },
          }),
        describedTier,
      ),
    )
  calling(campaigns, 'edit-tier <tier>', 'change a tier; what is left out stays, and so does the price for who has it')
    .option('--title <text>', 'what it is called')
    .option('--description <text>', 'what patrons get')
    .option('--amount-cents <cents>', 'what it costs at least', wholeNumber)
    .option('--user-limit <number>', 'how many patrons may have it', wholeNumber)
    .option('--no-user-limit', 'as many patrons as like may have it')
    .option('--published', 'offer it again')
    .option('--no-published', 'offer it no more; who has it keeps it')
    .action((id: string, { title, description, amountCents, userLimit, published, ...options }: TierChanges) =>
      hand.tell(
        options,
        (api) =>
          api.PATCH('/api/v1/tiers/{id}', {
            params: { path: { id } },
            body: given({
              ...{ title, description, amount_cents: amountCents, is_published: published },
              user_limit: userLimit === false ? null : userLimit,
            }),
          }),
        describedTier,
      ),
    )
}

function addImage(campaigns: Command, hand: Hand): void {
  calling(campaigns, 'add-image <tier> <file>', 'give a tier a picture, in place of the one before').action(
    async (id: string, file: string, options: Printing) => {
      const base64 = (await bytesIn(file)).toString('base64')
      return await hand.tell(
        options,
        (api) =>
          api.PUT('/api/v1/tiers/{id}/image', {
            params: { path: { id } },
            body: { file_name: basename(file), base64 },
          }),
        ({ url, mimetype, size_bytes }) =>
          facts(`Tier ${id} has a picture`, { url, kind: mimetype, bytes: size_bytes }),
      )
    },
  )
  calling(campaigns, 'remove-image <tier>', "take a tier's picture away").action((id: string, options: Printing) =>
    hand.tell(
      options,
      (api) => api.DELETE('/api/v1/tiers/{id}/image', { params: { path: { id } } }),
      () => `Tier ${id} has no picture.`,
    ),
  )
}

function addReads(campaigns: Command, hand: Hand): void {
  calling(campaigns, 'list', 'list your campaigns; operators see all')
    .option('--after <id>', 'go on behind this campaign')
    .option('--limit <number>', 'how many', wholeNumber)
    .action(({ after, limit, ...options }: Printing & { after?: string; limit?: number }) =>
      hand.tell(options, (api) => api.GET('/api/v1/campaigns', { params: { query: given({ after, limit }) } }), listOf),
    )
  calling(campaigns, 'show <id>', 'show a campaign with its tiers').action((id: string, options: Printing) =>
    hand.tell(
      options,
      (api) => api.GET('/api/v1/campaigns/{id}', { params: { path: { id } } }),
      (campaign) => described(campaign, hand),
    ),
  )
}

const listOf = ({ data, next }: { data: readonly Campaign[]; next: string | null }): string =>
  table(
    ['id', 'vanity', 'creates', 'creator', 'patrons', 'pledged', 'tiers'],
    data.map((campaign) => [
      ...[campaign.id, campaign.vanity, campaign.creation_name, campaign.creator_id],
      ...[campaign.patron_count, dollars(campaign.pledge_sum_cents), campaign.tiers.length],
    ]),
    'No campaigns yet. `tidings campaigns create <vanity> --creation-name <text>` opens one.',
  ) + nextPage(next)

function described(campaign: Campaign, { clock }: Hand): string {
  const known = facts(`Campaign ${campaign.id}: ${campaign.creation_name}`, {
    vanity: campaign.vanity,
    creator: campaign.creator_id,
    'in one line': campaign.one_liner ?? undefined,
    summary: campaign.summary || undefined,
    thanks: campaign.thanks_msg ?? undefined,
    'not for everybody': campaign.is_nsfw || undefined,
    charges: campaign.is_monthly ? 'each month' : 'for each creation',
    patrons: campaign.patron_count,
    pledged: dollars(campaign.pledge_sum_cents),
    opened: momentAndAge(campaign.created_at, clock.now()),
  })
  const tiers = table(
    ['tier', 'title', 'costs', 'patrons', 'limit'],
    campaign.tiers.map((tier) => [tier.id, tier.title, costOf(tier), tier.patron_count, tier.user_limit]),
    `No tiers yet. \`tidings campaigns add-tier ${campaign.id} <title> --amount-cents <cents>\` adds one.`,
  )
  return `${known}\n\n${indented(tiers)}`
}

const describedTier = (tier: Tier): string =>
  facts(`Tier ${tier.id}: ${tier.title}`, {
    campaign: tier.campaign_id,
    costs: costOf(tier),
    limit: tier.user_limit ?? undefined,
    offered: tier.is_published,
  })

const costOf = ({ amount_cents }: Tier): string => dollars(amount_cents)
