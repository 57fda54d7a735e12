import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Account } from '../../domain/account.ts'
import { createCampaign } from '../../membership/campaigns.ts'
import { refusalFrom } from '../form-refusal.ts'
import { say } from '../said.ts'
import { seeOther, sendPage } from '../send.ts'
import type { PageTools } from '../tools.ts'
import { accountIn, actorOf } from '../visit.ts'
import { emptyStart, startPage, startSent } from './start-form.ts'
import { logInAndComeBack } from './work.ts'

type Step = (account: Account, request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>

const address = '/campaigns/new'

/** Where somebody who has no campaign starts one. */
export function startRoutes(app: FastifyInstance, tools: PageTools): void {
  const { store, clock } = tools

  const byNewcomer = (step: Step) => async (request: FastifyRequest, reply: FastifyReply) => {
    const account = await accountIn(request, store)
    if (account === null) return seeOther(reply, logInAndComeBack(request, address))
    const [campaign] = await store.read.memberships.listCampaignsOf(account.id)
    // A form that was sent twice leads to what it made.
    if (campaign !== undefined) return seeOther(reply, `/c/${campaign.vanity}/manage`)
    return await step(account, request, reply)
  }

  const form = byNewcomer(async (account, _request, reply) =>
    sendPage(reply, startPage({ account, csrfToken: reply.generateCsrf() }, emptyStart, null)),
  )

  const start = byNewcomer(async (account, request, reply) => {
    const fields = startSent(request.body)
    const campaign = { ...fields, vanity: fields.vanity.toLowerCase(), creatorId: account.id }
    const refusal = await refusalFrom(() =>
      store.execute(createCampaign, { ...campaign, actor: actorOf(account) }, clock.now()),
    )
    if (refusal !== null) {
      const visit = { account, csrfToken: reply.generateCsrf() }
      return sendPage(reply, startPage(visit, fields, refusal), refusal.status)
    }
    say(request, `${fields.creationName} is open to patrons.`)
    return seeOther(reply, `/c/${campaign.vanity}/manage`)
  })

  app.get(address, form)
  app.post(address, { preHandler: app.csrfProtection }, start)
}
