import type { FastifyInstance } from 'fastify'
import { isOffered, type TierStanding } from '../../domain/membership.ts'
import { editTier } from '../../membership/campaign-edits.ts'
import { createTier } from '../../membership/campaigns.ts'
import { unknownTier } from '../../membership/refusals.ts'
import { fieldIn } from '../fields.ts'
import { refusalFrom } from '../form-refusal.ts'
import type { PageTools } from '../tools.ts'
import { type TierFields, tierFields, tierIn, tierList, tierPart, tierSent } from './tier-form.ts'
import { byCreator, done, show, type Work } from './work.ts'

const address = '/c/:vanity/manage/tiers'

/** What a campaign offers. */
export function tierRoutes(app: FastifyInstance, tools: PageTools): void {
  const guarded = { preHandler: app.csrfProtection }
  const list = byCreator(tools, async (work) => show(work, tierList(work.standing)))
  const emptyForm = byCreator(tools, async (work) => show(work, tierPart({ ...formIn(work), ...shownFirst(null) })))
  const form = byCreator(tools, async (work) => show(work, tierPart({ ...formIn(work), ...shownFirst(tierOf(work)) })))

  app.get(address, list)
  app.get(`${address}/new`, emptyForm)
  app.post(`${address}/new`, guarded, adding(tools))
  app.get(`${address}/:tier`, form)
  app.post(`${address}/:tier`, guarded, editing(tools))
}

const adding = (tools: PageTools) =>
  byCreator(tools, async (work) => {
    const fields = tierSent(work.request.body)
    const where = { actor: work.actor, campaignId: work.standing.campaign.id }
    const input = { ...where, ...tierIn(fields), newestSeenId: fieldIn(work.request.body, 'newest') }
    const refusal = await refusalFrom(() => tools.store.execute(createTier, input, tools.clock.now()))
    if (refusal === null) return done(work, `Patrons can choose “${fields.title}” from now on.`, '/tiers')
    return show(work, tierPart({ ...formIn(work), tier: null, fields, refusal }), refusal)
  })

const editing = (tools: PageTools) =>
  byCreator(tools, async (work) => {
    const tier = tierOf(work)
    const fields = tierSent(work.request.body)
    const changes = { ...tierIn(fields), isPublished: fields.isOffered }
    const input = { actor: work.actor, tierId: tier.id, changes }
    const refusal = await refusalFrom(() => tools.store.execute(editTier, input, tools.clock.now()))
    if (refusal === null) return done(work, editInWords(tier, fields), '/tiers')
    return show(work, tierPart({ ...formIn(work), tier, fields, refusal }), refusal)
  })

const formIn = ({ standing, visit }: Work) => ({ standing, csrfToken: visit.csrfToken })

const shownFirst = (tier: TierStanding | null) => ({ tier, fields: tierFields(tier), refusal: null })

function tierOf({ request, standing }: Work): TierStanding {
  const id = fieldIn(request.params, 'tier')
  const tier = standing.tiers.find((offered) => offered.id === id)
  if (tier === undefined) throw unknownTier(id)
  return tier
}

function editInWords(before: TierStanding, { title, isOffered: isStill }: TierFields): string {
  if (isOffered(before) && !isStill) return `“${title}” is offered no more. Who has it keeps it.`
  if (!isOffered(before) && isStill) return `Patrons can choose “${title}” again.`
  return `“${title}” is saved.`
}
