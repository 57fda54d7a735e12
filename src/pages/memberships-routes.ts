import type { FastifyInstance } from 'fastify'
import type { MemberStanding } from '../domain/member.ts'
import { unknownMember } from '../membership/refusals.ts'
import { logInBefore } from './destination.ts'
import { afterIn, partOf } from './further-pages.ts'
import { membershipPage } from './membership.ts'
import { type Membership, membershipsPage } from './memberships.ts'
import { seeOther, sendPage } from './send.ts'
import type { PageTools } from './tools.ts'
import { accountIn, visitOf } from './visit.ts'

/** More would not be read on one page. */
const membershipsShown = 20
const eventsShown = 50

/** What somebody belongs to, for their own eyes. */
export function membershipsRoutes(app: FastifyInstance, tools: PageTools): void {
  const { store, clock } = tools
  const { members } = store.read

  app.get('/memberships', async (request, reply) => {
    const account = await accountIn(request, store)
    if (account === null) return seeOther(reply, logInBefore(request.url))
    const after = afterIn(request.query)
    const standings = await members.listMembershipsOf(account.id, { after, limit: membershipsShown + 1 })
    const { shown, next } = partOf(standings, { count: membershipsShown, numberOf: ({ member }) => member.number })
    const visit = await visitOf({ request, reply, hasForm: false }, store)
    const view = {
      memberships: await besideCampaigns(shown, tools),
      address: await members.findAddress(account.id),
      next,
    }
    return sendPage(reply, membershipsPage(visit, { ...view, isFirst: after === null, now: clock.now() }))
  })

  app.get<{ Params: { id: string } }>('/memberships/:id', async (request, reply) => {
    const account = await accountIn(request, store)
    if (account === null) return seeOther(reply, logInBefore(request.url))
    const standing = await members.findMember(request.params.id)
    const isOwn = standing?.member.accountId === account.id && standing.member.leftAt === null
    const [membership] = isOwn ? await besideCampaigns([standing], tools) : []
    if (membership === undefined) throw unknownMember(request.params.id)

    const after = afterIn(request.query)
    const events = (await members.listPledgeEvents([membership.standing.member.number])).toReversed()
    const rest = after === null ? events : events.filter(({ id }) => Number(id) < after)
    const { shown: history, next } = partOf(rest, { count: eventsShown, numberOf: ({ id }) => id })
    const visit = await visitOf({ request, reply, hasForm: false }, store)
    const view = { ...membership, history, next, isFirst: after === null, now: clock.now() }
    return sendPage(reply, membershipPage(visit, view))
  })
}

async function besideCampaigns(standings: readonly MemberStanding[], { store }: PageTools): Promise<Membership[]> {
  const ids = standings.map(({ member }) => member.campaignId)
  const campaigns = await store.read.memberships.listUncounted(ids)
  return standings.flatMap((standing) => {
    const campaign = campaigns.find((one) => one.campaign.id === standing.member.campaignId)
    return campaign === undefined ? [] : [{ standing, campaign }]
  })
}
