import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../domain/account.ts'
import type { CampaignStanding, Pledge } from '../domain/membership.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Actor } from '../membership/actor.ts'
import { cancelPledge, editPledge, pledge } from '../membership/pledges.ts'
import { endedPledge } from '../membership/refusals.ts'
import { campaignPage, logInFor } from './campaign.ts'
import { fieldIn } from './fields.ts'
import { fieldsFor, fieldsSent, type PledgeFields, termsIn } from './pledge-form.ts'
import { seeOther, sendPage } from './send.ts'
import type { PageTools } from './tools.ts'
import { accountIn, visitOf } from './visit.ts'

/** A campaign's address has its vanity in it. */
export type WithVanity = { Params: { vanity: string } }
type Exchange = { request: FastifyRequest; reply: FastifyReply }

/** A campaign's page, and the forms on it: become a patron, edit the pledge, cancel it. */
export function campaignRoutes(app: FastifyInstance, tools: PageTools): void {
  const { store } = tools

  app.get<WithVanity>('/c/:vanity', async (request, reply) => {
    const standing = await standingCalled(request.params.vanity, tools)
    const { current } = await visitorOf(request, standing, tools)
    const tierId = standing.tiers.find(({ id }) => id === fieldIn(request.query, 'tier'))?.id ?? ''
    return await show({ request, reply }, tools, {
      standing,
      current,
      fields: fieldsFor(current, tierId),
      refusal: null,
    })
  })

  app.post<WithVanity>('/c/:vanity/pledge', { preHandler: app.csrfProtection }, async (request, reply) => {
    const standing = await standingCalled(request.params.vanity, tools)
    const { account, current } = await visitorOf(request, standing, tools)
    if (account === null) return seeOther(reply, logInFor(standing.campaign.vanity, null))

    const fields = fieldsSent(request.body)
    const refusal = await refusalFrom(() =>
      makeOrEdit({ account, current, standing, fields, body: request.body }, tools),
    )
    if (refusal !== null) return await show({ request, reply }, tools, { standing, current, fields, refusal })
    return seeOther(reply, `/c/${standing.campaign.vanity}`)
  })

  app.post<WithVanity>('/c/:vanity/cancellation', { preHandler: app.csrfProtection }, async (request, reply) => {
    const standing = await standingCalled(request.params.vanity, tools)
    const { account, current } = await visitorOf(request, standing, tools)
    const { vanity } = standing.campaign
    if (account === null) return seeOther(reply, logInFor(vanity, null))

    const pledgeId = shownPledge(request.body, current) ?? ''
    await store.execute(
      cancelPledge,
      { actor: actorOf(account), pledgeId, linkBase: tools.linkBase },
      tools.clock.now(),
    )
    return seeOther(reply, `/c/${vanity}`)
  })
}

type Sent = {
  account: Account
  current: Pledge | null
  standing: CampaignStanding
  fields: PledgeFields
  body: unknown
}

/** Does what the form was shown for: a form sent twice, or from an old window, does not do something else instead. */
export async function makeOrEdit(
  { account, current, standing, fields, body }: Sent,
  { store, clock, linkBase }: PageTools,
) {
  const { terms, cadenceMonths } = termsIn(fields, standing)
  const about = { actor: actorOf(account), terms, cadenceMonths, linkBase }
  const pledgeId = shownPledge(body, current)
  if (pledgeId !== null) return await store.execute(editPledge, { ...about, pledgeId }, clock.now())

  const campaignId = standing.campaign.id
  return await store.execute(pledge, { ...about, campaignId, patronId: account.id }, clock.now())
}

function shownPledge(body: unknown, current: Pledge | null): string | null {
  const shown = fieldIn(body, 'pledge')
  if (shown === '') return null
  if (shown !== current?.id) throw endedPledge(shown)
  return shown
}

/** What a step is refused with, if it is the person's own mistake. */
export async function refusalFrom(step: () => Promise<unknown>): Promise<Refusal | null> {
  try {
    await step()
    return null
  } catch (error) {
    if (error instanceof Refusal && error.status < 500) return error
    throw error
  }
}

/** Who acts when somebody who is logged in sends a form. */
export const actorOf = ({ id, role }: Account): Actor => ({ accountId: id, isOperator: role === 'operator' })

/** The campaign that an address names. */
export async function standingCalled(vanity: string, { store }: PageTools): Promise<CampaignStanding> {
  const campaign = await store.read.memberships.findCampaignByVanity(vanity.toLowerCase())
  const standing = campaign === null ? null : await store.read.memberships.findStanding(campaign.id)
  if (standing !== null) return standing
  throw new Refusal('campaign_not_found', { message: 'There is no campaign of this name.', field: 'vanity' })
}

async function visitorOf(request: FastifyRequest, { campaign }: CampaignStanding, { store }: PageTools) {
  const account = await accountIn(request, store)
  if (account === null) return { account, current: null }
  const current = await store.read.memberships.findOpenPledge({ campaignId: campaign.id, patronId: account.id })
  return { account, current }
}

type Shown = { standing: CampaignStanding; current: Pledge | null; fields: PledgeFields; refusal: Refusal | null }

async function show({ request, reply }: Exchange, { store, clock }: PageTools, shown: Shown): Promise<FastifyReply> {
  const { standing, current, fields, refusal } = shown
  const visit = await visitOf({ request, reply, hasForm: false }, store)
  const creator = await store.read.accounts.find(standing.campaign.creatorId)
  const member = visit.account === null ? null : await memberOf(visit.account, standing, store)
  const creatorName = creator?.fullName ?? 'a creator'
  const page = campaignPage(visit, {
    standing,
    creatorName,
    pledge: current,
    member,
    fields,
    refusal,
    now: clock.now(),
  })
  return sendPage(reply, page, refusal?.status ?? 200)
}

async function memberOf({ id }: Account, { campaign }: CampaignStanding, { read }: PageTools['store']) {
  const found = await read.members.findMemberOf({ campaignId: campaign.id, accountId: id })
  return found?.member.leftAt === null ? found.member : null
}
