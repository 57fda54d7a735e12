import { z } from 'zod'
import type { Benefit } from '../../domain/post.ts'
import { createBenefit, deleteBenefit, editBenefit } from '../../membership/benefits.ts'
import { unknownCampaign } from '../../membership/refusals.ts'
import { type Endpoint, endpoint, moment, nextOf, nothing, pageOf, pageSize, written } from '../endpoint.ts'
import { given } from '../given.ts'
import { actorIn, digits } from './actor.ts'
import type { ApiTools } from './tools.ts'

const text = {
  title: z.string(),
  description: z.string(),
  tier_ids: z.array(digits).describe('which of the campaign’s tiers have it'),
}

const benefitShape = z
  .object({ id: z.string(), campaign_id: z.string(), ...text, created_at: moment })
  .meta({ id: 'Benefit' })

const byId = z.object({ id: digits })

const calls = { tag: 'memberships', scope: 'memberships' } as const

/** What tiers promise. */
export const benefitCalls = (tools: ApiTools) => ({
  list: listBenefitsCall(tools),
  create: createBenefitCall(tools),
  edit: editBenefitCall(tools),
  delete: deleteBenefitCall(tools),
})

const listBenefitsCall = ({ store }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'listBenefits',
    summary: 'List what a campaign’s tiers promise',
    params: byId,
    query: z.object({ after: digits.optional(), limit: pageSize }),
    answer: pageOf(benefitShape),
    async handle({ params: { id }, query: { after = null, limit } }) {
      if ((await store.read.memberships.findCampaign(id)) === null) throw unknownCampaign(id)
      const benefits = await store.read.posts.listBenefits(id, { after, limit })
      return { data: benefits.map(shownBenefit), next: nextOf(benefits, limit, (last) => last.id) }
    },
  })

const createBenefitCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'createBenefit',
    summary: 'Promise something with tiers; for the campaign’s creator',
    params: byId,
    body: z.strictObject({
      title: text.title,
      description: text.description.default(''),
      tier_ids: text.tier_ids.default([]),
    }),
    status: 201,
    answer: benefitShape,
    async handle({ caller, params: { id: campaignId }, body: { title, description, tier_ids: tierIds } }) {
      const input = { actor: actorIn(caller), campaignId, text: { title, description, tierIds } }
      return shownBenefit(await store.execute(createBenefit, input, clock.now()))
    },
  })

const editBenefitCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'editBenefit',
    summary: 'Change a benefit, or which tiers have it; what is left out stays',
    params: byId,
    body: z.strictObject(text).partial(),
    answer: benefitShape,
    async handle({ caller, params: { id: benefitId }, body: { title, description, tier_ids: tierIds } }) {
      const changes = given({ title, description, tierIds })
      const input = { actor: actorIn(caller), benefitId, changes }
      return shownBenefit(await store.execute(editBenefit, input, clock.now()))
    },
  })

const deleteBenefitCall = ({ store, clock }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'deleteBenefit',
    summary: 'Delete a benefit: no tier has it any more, and documents of Patreon’s API say that it is deleted',
    params: byId,
    status: 204,
    answer: nothing,
    async handle({ caller, params: { id: benefitId } }) {
      await store.execute(deleteBenefit, { actor: actorIn(caller), benefitId }, clock.now())
      return null
    },
  })

const shownBenefit = (benefit: Benefit): z.output<typeof benefitShape> => ({
  id: benefit.id,
  campaign_id: benefit.campaignId,
  title: benefit.title,
  description: benefit.description,
  tier_ids: [...benefit.tierIds],
  created_at: written(benefit.createdAt),
})
