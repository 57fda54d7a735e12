import { z } from 'zod'
import { isOperator, owns } from '../../domain/access.ts'
import { type CampaignStanding, isOffered, type TierStanding } from '../../domain/membership.ts'
import { editCampaign, editTier } from '../../membership/campaign-edits.ts'
import { createCampaign, createTier } from '../../membership/campaigns.ts'
import { unknownCampaign } from '../../membership/refusals.ts'
import { type Endpoint, endpoint, moment, nextOf, pageOf, pageSize, written } from '../endpoint.ts'
import { given } from '../given.ts'
import { actorIn, digits } from './actor.ts'
import type { ApiTools } from './tools.ts'

const cents = z.number().int()

const tierShape = z
  .object({
    id: z.string(),
    campaign_id: z.string(),
    title: z.string(),
    description: z.string(),
    amount_cents: cents,
    user_limit: z.number().int().nullable(),
    is_published: z.boolean().describe('false: offered no more; who has it keeps it'),
    requires_shipping: z.boolean().describe('true: who has it is sent something, and should keep an address'),
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
    one_liner: z.string().nullable(),
    thanks_msg: z.string().nullable().describe('null to all but its creator'),
    is_nsfw: z.boolean(),
    created_at: moment,
    patron_count: z.number().int(),
    pledge_sum_cents: cents,
    tiers: z.array(tierShape),
  })
  .meta({ id: 'Campaign' })

const byId = z.object({ id: digits })

const calls = { tag: 'memberships', scope: 'memberships' } as const

/** Campaigns and tiers, as creators make them. */
export const campaignCalls = (tools: ApiTools) => ({
  list: listCampaignsCall(tools),
  create: createCampaignCall(tools),
  show: showCampaignCall(tools),
  createTier: createTierCall(tools),
  edit: editCampaignCall(tools),
  editTier: editTierCall(tools),
})

const listCampaignsCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'listCampaigns',
    summary: 'List your campaigns; operators see all',
    query: z.object({ after: digits.optional(), limit: pageSize }),
    answer: pageOf(campaignShape),
    async handle({ caller, query: { after = null, limit } }) {
      const isAll = isOperator(caller)
      const campaigns = isAll
        ? await store.read.memberships.listCampaigns({ after, limit })
        : await store.read.memberships.listCampaignsOf(caller.accountId)
      const data = await Promise.all(campaigns.map(async ({ id }) => shownCampaign(await standing(id, store))))
      return { data, next: isAll ? nextOf(data, limit, ({ id }) => id) : null }
    },
  })

const createCampaignCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
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
      return shownCampaign(await standing((await store.execute(createCampaign, campaign, clock.now())).id, store))
    },
  })

const showCampaignCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'showCampaign',
    summary: 'Show a campaign with its tiers',
    params: byId,
    answer: campaignShape,
    async handle({ caller, params: { id } }) {
      const shown = shownCampaign(await standing(id, store))
      return owns(caller, { accountId: shown.creator_id }) ? shown : { ...shown, thanks_msg: null }
    },
  })

const createTierCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'createTier',
    summary: 'Add a tier to a campaign',
    params: byId,
    body: z.strictObject({
      title: z.string(),
      description: z.string().default(''),
      amount_cents: z.number(),
      user_limit: z.number().int().nullable().default(null),
      requires_shipping: z.boolean().default(false),
    }),
    status: 201,
    answer: tierShape,
    async handle({
      caller,
      params: { id },
      body: {
        title,
        description,
        amount_cents: amountCents,
        user_limit: userLimit,
        requires_shipping: requiresShipping,
      },
    }) {
      const offer = { title, description, amountCents, userLimit, requiresShipping }
      const tier = { actor: actorIn(caller), campaignId: id, ...offer }
      return shownTier({ ...(await store.execute(createTier, tier, clock.now())), patronCount: 0 })
    },
  })

const editCampaignCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'editCampaign',
    summary: 'Change what a campaign says; what is left out stays',
    params: byId,
    body: z
      .strictObject({
        creation_name: z.string(),
        summary: z.string(),
        one_liner: z.string().nullable(),
        thanks_msg: z.string().nullable(),
        is_nsfw: z.boolean(),
      })
      .partial(),
    answer: campaignShape,
    async handle({ caller, params: { id: campaignId }, body }) {
      const { creation_name: creationName, summary, one_liner: oneLiner, thanks_msg: thanksMessage } = body
      const changes = given({ creationName, summary, oneLiner, thanksMessage, isNsfw: body.is_nsfw })
      await store.execute(editCampaign, { actor: actorIn(caller), campaignId, changes }, clock.now())
      return shownCampaign(await standing(campaignId, store))
    },
  })

const editTierCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'editTier',
    summary: 'Change a tier, or offer it no more; what is left out stays, and so does the price for who has it',
    params: byId,
    body: z
      .strictObject({
        title: z.string(),
        description: z.string(),
        amount_cents: z.number(),
        user_limit: z.number().int().nullable(),
        is_published: z.boolean(),
        requires_shipping: z.boolean(),
      })
      .partial(),
    answer: tierShape,
    async handle({ caller, params: { id: tierId }, body }) {
      const { title, description, amount_cents: amountCents, user_limit: userLimit, is_published: isPublished } = body
      const requiresShipping = body.requires_shipping
      const changes = given({ title, description, amountCents, userLimit, isPublished, requiresShipping })
      const tier = await store.execute(editTier, { actor: actorIn(caller), tierId, changes }, clock.now())
      const { tiers } = await standing(tier.campaignId, store)
      return shownTier(tiers.find(({ id }) => id === tier.id) ?? { ...tier, patronCount: 0 })
    },
  })

const shownTier = (tier: TierStanding): z.output<typeof tierShape> => ({
  id: tier.id,
  campaign_id: tier.campaignId,
  title: tier.title,
  description: tier.description,
  amount_cents: tier.amountCents,
  user_limit: tier.userLimit,
  is_published: isOffered(tier),
  requires_shipping: tier.requiresShipping,
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
  one_liner: campaign.oneLiner,
  thanks_msg: campaign.thanksMessage,
  is_nsfw: campaign.isNsfw,
  created_at: written(campaign.createdAt),
  patron_count: patronCount,
  pledge_sum_cents: pledgeSumCents,
  tiers: tiers.map(shownTier),
})

async function standing(id: string, store: ApiTools['store']): Promise<CampaignStanding> {
  const found = await store.read.memberships.findStanding(id)
  if (found === null) throw unknownCampaign(id)
  return found
}
