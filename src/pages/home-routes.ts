import type { FastifyInstance } from 'fastify'
import type { Campaign, Pledge } from '../domain/membership.ts'
import { Refusal } from '../domain/refusal.ts'
import { fieldIn } from './fields.ts'
import { homePage } from './home.ts'
import { sendPage } from './send.ts'
import type { PageTools } from './tools.ts'
import { visitOf } from './visit.ts'

/** More would not be read on one page. */
const shownOnHomePage = 100

/** The first page, and the addresses that documents use for campaigns and people. */
export function homeRoutes(app: FastifyInstance, tools: PageTools): void {
  const { store, clock, passage } = tools
  const { memberships } = store.read

  app.get('/', async (request, reply) => {
    const visit = await visitOf({ request, reply, hasForm: false }, store)
    const campaigns = await memberships.listCampaigns({ after: null, limit: shownOnHomePage })
    const ownCampaigns = visit.account === null ? [] : await memberships.listCampaignsOf(visit.account.id)
    const pledges = visit.account === null ? [] : await pledgesOf(visit.account.id, tools)
    const now = clock.now()
    const isMover = passage !== null && visit.account?.role === 'operator'
    const moved = isMover ? { now, ahead: passage.ahead() } : null
    return sendPage(reply, homePage(visit, { campaigns, ownCampaigns, pledges, clock: moved, now }))
  })

  // `pledge_url` of a campaign and `url` of a reward lead here (wire.md §5.1).
  app.get('/bePatron', async (request, reply) => {
    const campaign = await memberships.findCampaign(fieldIn(request.query, 'c'))
    if (campaign === null)
      throw new Refusal('campaign_not_found', { message: 'There is no campaign with this number.' })
    return reply.redirect(pageOf(campaign, fieldIn(request.query, 'rid')))
  })

  // The same in v2: a campaign is named there by its vanity or by its number (wire.md §2.4 B).
  app.get('/checkout/:campaign', async (request, reply) => {
    const name = fieldIn(request.params, 'campaign')
    const campaign = (await memberships.findCampaignByVanity(name)) ?? (await memberships.findCampaign(name))
    if (campaign === null) throw new Refusal('campaign_not_found', { message: 'There is no campaign of this name.' })
    return reply.redirect(pageOf(campaign, fieldIn(request.query, 'rid')))
  })

  // `url` of a user leads here. Whoever is no creator has no page.
  app.get('/user', async (request, reply) => {
    const [campaign] = await memberships.listCampaignsOf(fieldIn(request.query, 'u'))
    if (campaign === undefined) throw new Refusal('page_not_found', { message: 'There is no page about this person.' })
    return reply.redirect(`/c/${campaign.vanity}`)
  })
}

/** A campaign's page, with a tier chosen where its number can be one. */
const pageOf = ({ vanity }: Campaign, tierId: string): string =>
  `/c/${vanity}${/^\d+$/.test(tierId) ? `?tier=${tierId}` : ''}`

async function pledgesOf(patronId: string, { store }: PageTools): Promise<{ pledge: Pledge; campaign: Campaign }[]> {
  const { memberships } = store.read
  const page = { after: null, order: 'newest-first', limit: shownOnHomePage } as const
  const pledges = await memberships.listOpenPledges({ patronId }, page)
  const campaigns = await Promise.all(pledges.map((pledge) => memberships.findCampaign(pledge.campaignId)))
  return pledges.flatMap((pledge, index) => {
    const campaign = campaigns[index] ?? null
    return campaign === null ? [] : [{ pledge, campaign }]
  })
}
