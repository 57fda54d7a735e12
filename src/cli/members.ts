import type { Command } from 'commander'
import { dollars } from '../domain/money.ts'
import type { Api, Reply, Schemas } from './api.ts'
import type { Hand, Printing } from './hand.ts'
import { maybeMoment, momentAndAge } from './moments.ts'
import { nextPage } from './next-page.ts'
import { calling, given, group, wholeNumber } from './options.ts'
import { facts, listed, table } from './table.ts'

type Member = Schemas['Member']
type Joining = Printing & { follow?: true; account?: string }

/** `tidings members`: who belongs to a campaign, and what becomes of their charges. */
export function addMembers(program: Command, hand: Hand): void {
  const members = group(program, 'members', 'who belongs to a campaign, and their charges')
  addReads(members, hand)
  addChanges(members, hand)
  addRefund(members, hand)
  for (const { name, about, ask } of charges) {
    calling(members, `${name} <id>`, about).action((id: string, options: Printing) =>
      hand.tell(
        options,
        (api) => ask(api, { params: { path: { id } } }),
        (member) => described(member, hand),
      ),
    )
  }
}

function addRefund(members: Command, hand: Hand): void {
  calling(members, 'refund <id>', 'give a member the last payment back, or a part of it')
    .option('--amount-cents <cents>', 'how much of it', wholeNumber)
    .action((id: string, { amountCents, ...options }: Printing & { amountCents?: number }) =>
      hand.tell(
        options,
        (api) =>
          api.POST('/api/v1/members/{id}/refunds', {
            params: { path: { id } },
            body: given({ amount_cents: amountCents }),
          }),
        (member) => described(member, hand),
      ),
    )
}

function addReads(members: Command, hand: Hand): void {
  calling(members, 'list <campaign>', "list a campaign's members, in the order of joining")
    .option('--after <cursor>', 'go on behind this member')
    .option('--limit <number>', 'how many', wholeNumber)
    .action((id: string, { after, limit, ...options }: Printing & { after?: string; limit?: number }) =>
      hand.tell(
        options,
        (api) =>
          api.GET('/api/v1/campaigns/{id}/members', { params: { path: { id }, query: given({ after, limit }) } }),
        listOf,
      ),
    )
  calling(members, 'show <id>', 'show a member').action((id: string, options: Printing) =>
    hand.tell(
      options,
      (api) => api.GET('/api/v1/members/{id}', { params: { path: { id } } }),
      (member) => described(member, hand),
    ),
  )
}

function addChanges(members: Command, hand: Hand): void {
  calling(members, 'join <campaign>', 'join a campaign free')
    .option('--follow', 'follow it only')
    .option('--account <id>', 'who joins (operators)')
    .action((id: string, { follow, account, ...options }: Joining) =>
      hand.tell(
        options,
        (api) =>
          api.POST('/api/v1/campaigns/{id}/members', {
            params: { path: { id } },
            body: { is_follower: follow === true, ...given({ account_id: account }) },
          }),
        (member) => described(member, hand),
      ),
    )
  calling(members, 'leave <id>', 'leave a campaign, or follow it no more').action((id: string, options: Printing) =>
    hand.tell(
      options,
      (api) => api.DELETE('/api/v1/members/{id}', { params: { path: { id } } }),
      () => `Member ${id} has left.`,
    ),
  )
  calling(members, 'note <id> <text>', 'write something down about a member').action(
    (id: string, note: string, options: Printing) =>
      hand.tell(
        options,
        (api) => api.PATCH('/api/v1/members/{id}', { params: { path: { id } }, body: { note } }),
        (member) => described(member, hand),
      ),
  )
}

type Which = { params: { path: { id: string } } }
type Charge = { name: string; about: string; ask: (api: Api, which: Which) => Promise<Reply<Member>> }

const charges: readonly Charge[] = [
  {
    name: 'decline',
    about: "let a member's card be declined",
    ask: (api, which) => api.POST('/api/v1/members/{id}/declines', which),
  },
  {
    name: 'recover',
    about: 'let a declined charge succeed after all',
    ask: (api, which) => api.POST('/api/v1/members/{id}/recoveries', which),
  },
  {
    name: 'fraud',
    about: "let a member's charge be taken for fraud",
    ask: (api, which) => api.POST('/api/v1/members/{id}/frauds', which),
  },
]

const listOf = ({ data, next }: { data: readonly Member[]; next: string | null }): string =>
  table(
    ['id', 'account', 'name', 'status', 'paid so far'],
    data.map((member) => [
      ...[member.id, member.account_id, member.full_name, statusOf(member), dollars(member.lifetime_cents)],
    ]),
    'No members. `tidings members join <campaign>` and `tidings pledges create <campaign>` make some.',
  ) + nextPage(next)

const statusOf = ({ patron_status, is_follower }: Member): string =>
  patron_status?.replace('_', ' ') ?? (is_follower ? 'follower' : 'free')

const described = (member: Member, { clock }: Hand): string =>
  facts(`Member ${member.id}: ${member.full_name}`, {
    campaign: member.campaign_id,
    account: member.account_id,
    status: statusOf(member),
    pledge: member.pledge_id ?? undefined,
    'may have tiers': listed(member.entitled_tier_ids),
    'paid so far': dollars(member.lifetime_cents),
    'last charge': member.last_charge_status ?? undefined,
    'charged last': maybeMoment(member.last_charge_at, clock.now()),
    'charged next': maybeMoment(member.next_charge_at, clock.now()),
    'pays then': dollars(member.will_pay_cents),
    note: member.note || undefined,
    joined: momentAndAge(member.joined_at, clock.now()),
  })
