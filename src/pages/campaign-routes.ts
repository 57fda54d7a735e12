import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CampaignStanding } from '../domain/membership.ts'
import { campaignPage, logInFor } from './campaign.ts'
import { creatorNameOf, standingCalled, type WithVanity } from './campaign-called.ts'
import { steps } from './campaign-steps.ts'
import { fieldIn } from './fields.ts'
import { type Filled, filledAfter, filledAtFirst } from './filled.ts'
import { refusalFrom } from './form-refusal.ts'
import { saidOnce, say } from './said.ts'
import { seeOther, sendPage } from './send.ts'
import type { PageTools } from './tools.ts'
import { accountIn, actorOf, visitOf } from './visit.ts'
import { findVisitor, type Visitor } from './visitor.ts'

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

type Shown = { standing: CampaignStanding; status: number; fill: (visitor: Visitor | null) => Filled }

/** Shows the campaign to whoever asks, as they stand with it now: a refusal may have come of a change meanwhile. */
async function show(exchange: Exchange, { store, clock }: PageTools, shown: Shown): Promise<FastifyReply> {
  const { standing, status, fill } = shown
  const visit = await visitOf({ ...exchange, hasForm: false }, store)
  const visitor = visit.account === null ? null : await findVisitor(visit.account, standing, store)
  const page = campaignPage(visit, {
    standing,
    creatorName: await creatorNameOf(standing, store),
    visitor,
    filled: fill(visitor),
    said: visitor === null ? null : saidOnce(exchange.request),
    now: clock.now(),
  })
  return sendPage(exchange.reply, page, status)
}
