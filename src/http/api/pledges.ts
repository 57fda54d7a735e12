import { z } from 'zod'
import { owns } from '../../domain/access.ts'
import type { Pledge, PledgeTerms } from '../../domain/membership.ts'
import { Refusal } from '../../domain/refusal.ts'
import { cancelPledge, editPledge, pledge } from '../../membership/pledges.ts'
import { unknownCampaign, unknownPledge } from '../../membership/refusals.ts'
import { type Endpoint, endpoint, moment, nextOf, pageOf, pageSize, written, writtenOrNull } from '../endpoint.ts'
import { given } from '../given.ts'
import { actorIn, digits } from './actor.ts'
import type { ApiTools } from './tools.ts'

const cents = z.number().int()

const cadence = z.union([z.literal(1), z.literal(12)]).describe('charged every month, or every year')

const termFields = {
  amount_cents: z.number(),
  tier_id: digits.nullable(),
  pledge_cap_cents: z.number().nullable(),
  patron_pays_fees: z.boolean(),
}

const termsShape = z.strictObject({
  amount_cents: termFields.amount_cents,
  tier_id: termFields.tier_id.default(null),
  pledge_cap_cents: termFields.pledge_cap_cents.default(null),
  patron_pays_fees: termFields.patron_pays_fees.default(false),
})

/** A pledge as the API shows it. */
export const pledgeShape = z
  .object({
    id: z.string().describe('an edit gives a pledge a new one'),
    campaign_id: z.string(),
    patron_id: z.string(),
    tier_id: z.string().nullable(),
    amount_cents: cents,
    pledge_cap_cents: cents.nullable(),
    patron_pays_fees: z.boolean(),
    cadence_months: cadence,
    kind: z.enum(['paid', 'gift', 'trial']),
    free_until: moment.nullable(),
    created_at: moment,
    declined_since: moment.nullable(),
    ended_at: moment.nullable(),
  })
  .meta({ id: 'Pledge' })

const byId = z.object({ id: digits })

const calls = { tag: 'memberships', scope: 'memberships' } as const

/** What patrons do: become a patron, edit, cancel. */
export const pledgeCalls = (tools: ApiTools) => ({
  list: listPledgesCall(tools),
  create: createPledgeCall(tools),
  edit: editPledgeCall(tools),
  cancel: cancelPledgeCall(tools),
})

const listPledgesCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'listPledges',
    summary: 'List a campaign’s open pledges, the oldest first; for its creator',
    params: byId,
    query: z.object({ after: z.string().optional(), limit: pageSize }),
    answer: pageOf(pledgeShape),
    async handle({ caller, params: { id }, query: { after, limit } }) {
      const campaign = await store.read.memberships.findCampaign(id)
      if (campaign === null || !owns(caller, { accountId: campaign.creatorId })) throw unknownCampaign(id)
      const pledges = await store.read.memberships.listOpenPledges(
        { campaignId: id },
        { after: cursorIn(after), order: 'oldest-first', limit },
      )
      return {
        data: pledges.map(shownPledge),
        next: nextOf(pledges, limit, (last) => `${last.createdAt}-${last.id}`),
      }
    },
  })

const createPledgeCall = ({ store, clock, linkBase }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'createPledge',
    summary: 'Become a patron',
    params: byId,
    body: termsShape.extend({
      cadence_months: cadence.default(1),
      first_charge: z
        .enum(['paid', 'declined', 'fraud'])
        .default('paid')
        .describe('what comes of the charge that a monthly campaign takes at once'),
      patron_id: digits.optional().describe('operators may name somebody else'),
    }),
    status: 201,
    answer: pledgeShape,
    async handle({
      caller,
      params: { id },
      body: { patron_id, cadence_months: cadenceMonths, first_charge, ...terms },
    }) {
      const input = {
        actor: actorIn(caller),
        campaignId: id,
        patronId: patron_id ?? caller.accountId,
        terms: termsIn(terms),
        cadenceMonths,
        firstCharge: outcomeOf[first_charge],
        linkBase,
      }
      return shownPledge(await store.execute(pledge, input, clock.now()))
    },
  })

const outcomeOf = { paid: 'Paid', declined: 'Declined', fraud: 'Fraud' } as const

const editPledgeCall = ({ store, clock, linkBase }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'editPledge',
    summary: 'Edit a pledge; what is left out stays. It gets a new id, as on Patreon',
    params: byId,
    body: z.strictObject({ ...termFields, cadence_months: cadence }).partial(),
    answer: pledgeShape,
    async handle({ caller, params: { id }, body: { cadence_months: cadenceMonths, ...changes } }) {
      const current = await store.read.memberships.findPledge(id)
      if (current === null) throw unknownPledge(id)
      const terms = termsIn({ ...termsShown(current), ...given(changes) })
      const input = { actor: actorIn(caller), pledgeId: id, terms, ...given({ cadenceMonths }), linkBase }
      return shownPledge(await store.execute(editPledge, input, clock.now()))
    },
  })

const cancelPledgeCall = ({ store, clock, linkBase }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'cancelPledge',
    summary: 'Cancel a pledge',
    params: byId,
    answer: pledgeShape,
    async handle({ caller, params: { id } }) {
      return shownPledge(
        await store.execute(cancelPledge, { actor: actorIn(caller), pledgeId: id, linkBase }, clock.now()),
      )
    },
  })

const termsIn = (body: z.output<typeof termsShape>): PledgeTerms => ({
  amountCents: body.amount_cents,
  tierId: body.tier_id,
  capCents: body.pledge_cap_cents,
  patronPaysFees: body.patron_pays_fees,
})

const termsShown = ({ amountCents, tierId, capCents, patronPaysFees }: PledgeTerms): z.output<typeof termsShape> => ({
  amount_cents: amountCents,
  tier_id: tierId,
  pledge_cap_cents: capCents,
  patron_pays_fees: patronPaysFees,
})

function cursorIn(cursor: string | undefined): { createdAt: number; id: string } | null {
  if (cursor === undefined) return null
  const [, createdAt, id] = /^(\d{1,15})-(\d{1,15})$/.exec(cursor) ?? []
  if (createdAt !== undefined && id !== undefined) return { createdAt: Number(createdAt), id }
  throw new Refusal('query_malformed', {
    message: 'This is no cursor.',
    field: 'after',
    expected: 'the "next" of a list',
  })
}

/** Shows a pledge. */
export const shownPledge = (pledge: Pledge): z.output<typeof pledgeShape> => ({
  ...termsShown(pledge),
  id: pledge.id,
  campaign_id: pledge.campaignId,
  patron_id: pledge.patronId,
  cadence_months: pledge.cadenceMonths,
  kind: pledge.kind,
  free_until: writtenOrNull(pledge.freeUntil),
  created_at: written(pledge.createdAt),
  declined_since: writtenOrNull(pledge.declinedSince),
  ended_at: writtenOrNull(pledge.endedAt),
})
