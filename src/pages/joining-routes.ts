import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../domain/account.ts'
import type { Campaign } from '../domain/membership.ts'
import { join, leave } from '../membership/members.ts'
import { logInFor } from './campaign.ts'
import { actorOf, standingCalled, type WithVanity } from './campaign-routes.ts'
import { fieldIn } from './fields.ts'
import { seeOther } from './send.ts'
import type { PageTools } from './tools.ts'
import { accountIn } from './visit.ts'

type Step = (account: Account, campaign: Campaign, body: unknown) => Promise<unknown>

/** The forms of those who pledge nothing: join free, leave. */
export function joiningRoutes(app: FastifyInstance, tools: PageTools): void {
  const { store, clock, linkBase } = tools
  const guarded = { preHandler: app.csrfProtection }

  const doing = (step: Step) => async (request: FastifyRequest<WithVanity>, reply: FastifyReply) => {
    const { campaign } = await standingCalled(request.params.vanity, tools)
    const account = await accountIn(request, store)
    if (account === null) return seeOther(reply, logInFor(campaign.vanity, null))
    await step(account, campaign, request.body)
    return seeOther(reply, `/c/${campaign.vanity}`)
  }

  const joinFree: Step = (account, { id: campaignId }) => {
    const input = { actor: actorOf(account), campaignId, accountId: account.id, isFollower: false, linkBase }
    return store.execute(join, input, clock.now())
  }
  const depart: Step = (account, _campaign, body) => {
    const input = { actor: actorOf(account), memberId: fieldIn(body, 'member'), linkBase }
    return store.execute(leave, input, clock.now())
  }
  app.post<WithVanity>('/c/:vanity/membership', guarded, doing(joinFree))
  app.post<WithVanity>('/c/:vanity/departure', guarded, doing(depart))
}
