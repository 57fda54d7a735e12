import type { FastifyInstance } from 'fastify'
import { editCampaign } from '../../membership/campaign-edits.ts'
import { refusalFrom } from '../form-refusal.ts'
import type { PageTools } from '../tools.ts'
import { detailsPart, detailsSent } from './details-form.ts'
import { byCreator, done, show } from './work.ts'

const address = '/c/:vanity/manage/details'

/** What a campaign says of itself. */
export function detailsRoutes(app: FastifyInstance, tools: PageTools): void {
  const form = byCreator(tools, async (work) => {
    const { campaign } = work.standing
    return show(work, detailsPart(campaign, { details: campaign, refusal: null, csrfToken: work.visit.csrfToken }))
  })

  const save = byCreator(tools, async (work) => {
    const { actor, standing, visit, request } = work
    const details = detailsSent(request.body)
    const input = { actor, campaignId: standing.campaign.id, changes: details }
    const refusal = await refusalFrom(() => tools.store.execute(editCampaign, input, tools.clock.now()))
    if (refusal === null) return done(work, 'Saved: this is what the campaign says now.', '/details')
    return show(work, detailsPart(standing.campaign, { details, refusal, csrfToken: visit.csrfToken }), refusal)
  })

  app.get(address, form)
  app.post(address, { preHandler: app.csrfProtection }, save)
}
