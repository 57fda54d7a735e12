import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../domain/account.ts'
import type { CampaignStanding } from '../domain/membership.ts'
import { Refusal } from '../domain/refusal.ts'
import type { Actor } from '../membership/actor.ts'
import { campaignPage, logInFor } from './campaign.ts'
import { steps } from './campaign-steps.ts'
import { fieldIn } from './fields.ts'
import { type Filled, filledAfter, filledAtFirst } from './filled.ts'
import { saidOnce, say } from './said.ts'
import { seeOther, sendPage } from './send.ts'
import type { PageTools } from './tools.ts'
import { accountIn, visitOf } from './visit.ts'
import { findVisitor, type Visitor } from './visitor.ts'

/** A campaign's address has its vanity in it. */
export type WithVanity = { Params: { vanity: string } }
type Exchange = { request: FastifyRequest; reply: FastifyReply }

/** A campaign's page, and the forms on it: follow, join, try, become a patron, edit, pay, cancel, leave. */
export function campaignRoutes(app: FastifyInstance, tools: PageTools): void {
  app.get<WithVanity>('/c/:vanity', async (request, reply) => {
    const standing = await standingCalled(request.params.vanity, tools)
    const tierId = standing.tiers.find(({ id }) => id === fieldIn(request.query, 'tier'))?.id ?? ''
    return await show({ request, reply }, tools, { standing, status: 200, fill: (who) => filledAtFirst(who, tierId) })
  })

  for (const [form, { take, said }] of Object.entries(steps)) {
    app.post<WithVanity>(`/c/:vanity/${form}`, { preHandler: app.csrfProtection }, async (request, reply) => {
      const standing = await standingCalled(request.params.vanity, tools)
      const { vanity } = standing.campaign
      const account = await accountIn(request, tools.store)
      if (account === null) return seeOther(reply, logInFor(vanity, null))

      const visitor = await findVisitor(account, standing, tools.store)
      const { body } = request
      const refusal = await refusalFrom(() => take({ actor: actorOf(account), visitor, standing, body }, tools))
      if (refusal === null) {
        say(request, said)
        return seeOther(reply, `/c/${vanity}`)
      }
      const fill: Shown['fill'] = (who) =>
        who === null ? filledAtFirst(who, '') : filledAfter({ form, body, refusal }, who)
      return await show({ request, reply }, tools, { standing, status: refusal.status, fill })
    })
  }
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

type Shown = { standing: CampaignStanding; status: number; fill: (visitor: Visitor | null) => Filled }

/** Shows the campaign to whoever asks, as they stand with it now: a refusal may have come of a change meanwhile. */
async function show(exchange: Exchange, { store, clock }: PageTools, shown: Shown): Promise<FastifyReply> {
  const { standing, status, fill } = shown
  const visit = await visitOf({ ...exchange, hasForm: false }, store)
  const creator = await store.read.accounts.find(standing.campaign.creatorId)
  const visitor = visit.account === null ? null : await findVisitor(visit.account, standing, store)
  const page = campaignPage(visit, {
    standing,
    creatorName: creator?.fullName ?? 'a creator',
    visitor,
    filled: fill(visitor),
    said: visitor === null ? null : saidOnce(exchange.request),
    now: clock.now(),
  })
  return sendPage(exchange.reply, page, status)
}
