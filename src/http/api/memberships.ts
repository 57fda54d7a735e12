import { z } from 'zod'
import { type Caller, isOperator, owns } from '../../domain/access.ts'
import type { Campaign, CampaignStanding, Pledge, PledgeTerms, TierStanding } from '../../domain/membership.ts'
import { Refusal } from '../../domain/refusal.ts'
import type { Actor } from '../../membership/actor.ts'
import { createCampaign, createTier } from '../../membership/campaigns.ts'
import { cancelPledge, editPledge, pledge } from '../../membership/pledges.ts'
import { unknownCampaign, unknownPledge } from '../../membership/refusals.ts'
import { endpointsWith, moment, pageOf, pageSize, written, writtenOrNull } from '../endpoint.ts'
import type { ApiTools } from './tools.ts'

const digits = z.string().regex(/^\d{1,15}$/, 'an id, which is digits')
const cents = z.number().int()

const tierShape = z
  .object({
    id: z.string(),
    campaign_id: z.string(),
    title: z.string(),
    description: z.string(),
    amount_cents: cents,
    user_limit: z.number().int().nullable(),
    patron_count: z.number().int(),
  })
  .meta({ id: 'Tier' })

const campaignShape = z
  .object({
    id: z.string(),
    creator_id: z.string(),
    vanity: z.string(),
    creation_name: z.string(),
    summary: z.string(),
    is_monthly: z.boolean(),
    created_at: moment,
    patron_count: z.number().int(),
    pledge_sum_cents: cents,
    tiers: z.array(tierShape),
  })
  .meta({ id: 'Campaign' })

const termsShape = z.strictObject({
  amount_cents: z.number(),
  tier_id: digits.nullable().default(null),
  pledge_cap_cents: z.number().nullable().default(null),
  patron_pays_fees: z.boolean().default(false),
})

const pledgeShape = z
  .object({
    id: z.string().describe('an edit gives a pledge a new one'),
    campaign_id: z.string(),
    patron_id: z.string(),
    tier_id: z.string().nullable(),
    amount_cents: cents,
    pledge_cap_cents: cents.nullable(),
    patron_pays_fees: z.boolean(),
    created_at: moment,
    declined_since: moment.nullable(),
    ended_at: moment.nullable(),
  })
  .meta({ id: 'Pledge' })

const byId = z.object({ id: digits })

/** Campaigns and tiers, as creators make them. */
export function campaignCalls({ store, clock }: ApiTools) {
  const call = endpointsWith(store.read)
  const calls = { tag: 'memberships', scope: 'memberships' } as const
  const { memberships } = store.read
  return {
    list: call({
      ...calls,
      id: 'listCampaigns',
      summary: 'List your campaigns; operators see all',
      query: z.object({ after: digits.optional(), limit: pageSize }),
      answer: pageOf(campaignShape),
      async handle({ caller, query: { after = null, limit } }) {
        const isAll = isOperator(caller)
        const campaigns = isAll
          ? await memberships.listCampaigns({ after, limit })
          : await memberships.listCampaignsOf(caller.accountId)
        const data = await Promise.all(campaigns.map(async ({ id }) => shownCampaign(await standing(id))))
        return { data, next: isAll && data.length === limit ? (data.at(-1)?.id ?? null) : null }
      },
    }),

    create: call({
      ...calls,
      id: 'createCampaign',
      summary: 'Open a campaign',
      body: z.strictObject({
        vanity: z.string(),
        creation_name: z.string(),
        summary: z.string().default(''),
        is_monthly: z.boolean().default(true),
        creator_id: digits.optional().describe('operators may name somebody else'),
      }),
      status: 201,
      answer: campaignShape,
      async handle({ caller, body }) {
        const campaign = {
          actor: actorIn(caller),
          creatorId: body.creator_id ?? caller.accountId,
          vanity: body.vanity,
          creationName: body.creation_name,
          summary: body.summary,
          isMonthly: body.is_monthly,
        }
        return shownCampaign(await standing((await store.execute(createCampaign, campaign, clock.now())).id))
      },
    }),

    show: call({
      ...calls,
      id: 'showCampaign',
      summary: 'Show a campaign with its tiers',
      params: byId,
      answer: campaignShape,
      handle: async ({ params: { id } }) => shownCampaign(await standing(id)),
    }),

    createTier: call({
      ...calls,
      id: 'createTier',
      summary: 'Add a tier to a campaign',
      params: byId,
      body: z.strictObject({
        title: z.string(),
        description: z.string().default(''),
        amount_cents: z.number(),
        user_limit: z.number().int().nullable().default(null),
      }),
      status: 201,
      answer: tierShape,
      async handle({
        caller,
        params: { id },
        body: { title, description, amount_cents: amountCents, user_limit: userLimit },
      }) {
        const tier = { actor: actorIn(caller), campaignId: id, title, description, amountCents, userLimit }
        return shownTier({ ...(await store.execute(createTier, tier, clock.now())), patronCount: 0 })
      },
    }),
  }

  async function standing(id: string): Promise<CampaignStanding> {
    const found = await memberships.findStanding(id)
    if (found === null) throw unknownCampaign(id)
    return found
  }
}

/** What patrons do: become a patron, edit, cancel. */
export function pledgeCalls({ store, clock, linkBase }: ApiTools) {
  const call = endpointsWith(store.read)
  const calls = { tag: 'memberships', scope: 'memberships' } as const
  const { memberships } = store.read
  return {
    list: call({
      ...calls,
      id: 'listPledges',
      summary: 'List a campaign’s open pledges, the oldest first; for its creator',
      params: byId,
      query: z.object({ after: z.string().optional(), limit: pageSize }),
      answer: pageOf(pledgeShape),
      async handle({ caller, params: { id }, query: { after, limit } }) {
        const campaign: Campaign | null = await memberships.findCampaign(id)
        if (campaign === null || !owns(caller, { accountId: campaign.creatorId })) throw unknownCampaign(id)
        const pledges = await memberships.listOpenPledges(
          { campaignId: id },
          { after: cursorIn(after), order: 'oldest-first', limit },
        )
        const last = pledges.at(-1)
        return {
          data: pledges.map(shownPledge),
          next: last !== undefined && pledges.length === limit ? `${last.createdAt}-${last.id}` : null,
        }
      },
    }),

    create: call({
      ...calls,
      id: 'createPledge',
      summary: 'Become a patron',
      params: byId,
      body: termsShape.extend({ patron_id: digits.optional().describe('operators may name somebody else') }),
      status: 201,
      answer: pledgeShape,
      async handle({ caller, params: { id }, body: { patron_id, ...terms } }) {
        const input = {
          actor: actorIn(caller),
          campaignId: id,
          patronId: patron_id ?? caller.accountId,
          terms: termsIn(terms),
          linkBase,
        }
        return shownPledge(await store.execute(pledge, input, clock.now()))
      },
    }),

    edit: call({
      ...calls,
      id: 'editPledge',
      summary: 'Edit a pledge; what is left out stays. It gets a new id, as on Patreon',
      params: byId,
      body: termsShape.partial(),
      answer: pledgeShape,
      async handle({ caller, params: { id }, body, request }) {
        const current = await memberships.findPledge(id)
        if (current === null) throw unknownPledge(id)
        const given = Object.fromEntries(Object.entries(body).filter(([name]) => name in (request.body as object)))
        const terms = termsIn({ ...termsShown(current), ...given })
        return shownPledge(
          await store.execute(editPledge, { actor: actorIn(caller), pledgeId: id, terms, linkBase }, clock.now()),
        )
      },
    }),

    cancel: call({
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
    }),
  }
}

const actorIn = (caller: Caller): Actor => ({ accountId: caller.accountId, isOperator: isOperator(caller) })

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

const shownTier = (tier: TierStanding): z.output<typeof tierShape> => ({
  id: tier.id,
  campaign_id: tier.campaignId,
  title: tier.title,
  description: tier.description,
  amount_cents: tier.amountCents,
  user_limit: tier.userLimit,
  patron_count: tier.patronCount,
})

const shownCampaign = ({
  campaign,
  tiers,
  patronCount,
  pledgeSumCents,
}: CampaignStanding): z.output<typeof campaignShape> => ({
  id: campaign.id,
  creator_id: campaign.creatorId,
  vanity: campaign.vanity,
  creation_name: campaign.creationName,
  summary: campaign.summary,
  is_monthly: campaign.isMonthly,
  created_at: written(campaign.createdAt),
  patron_count: patronCount,
  pledge_sum_cents: pledgeSumCents,
  tiers: tiers.map(shownTier),
})

const shownPledge = (pledge: Pledge): z.output<typeof pledgeShape> => ({
  ...termsShown(pledge),
  id: pledge.id,
  campaign_id: pledge.campaignId,
  patron_id: pledge.patronId,
  created_at: written(pledge.createdAt),
  declined_since: writtenOrNull(pledge.declinedSince),
  ended_at: writtenOrNull(pledge.endedAt),
})
