import type {} from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { CampaignStanding } from '../domain/membership.ts'
import type { Refusal } from '../domain/refusal.ts'
import { giveByEmail } from '../membership/gift-by-email.ts'
import { runs } from '../membership/members.ts'
import { standingCalled, type WithVanity } from './campaign-called.ts'
import { logInBefore } from './destination.ts'
import { refusalFrom } from './form-refusal.ts'
import { type GiftFields, giftAtFirst, giftPage, giftSent } from './gift.ts'
import { saidOnce, say } from './said.ts'
import { seeOther, sendPage } from './send.ts'
import type { PageTools } from './tools.ts'
import { accountIn, actorOf, visitOf } from './visit.ts'

/** Whoever tries one address after the other, to see where a place is taken, shall not get far. */
const giftRate = { max: 10, timeWindow: 60_000 }

/** A membership for somebody else. */
export function giftRoutes(app: FastifyInstance, tools: PageTools): void {
  const { store, clock, linkBase } = tools

  app.get<WithVanity>('/c/:vanity/gift', async (request, reply) => {
    const standing = await standingCalled(request.params.vanity, tools)
    if ((await accountIn(request, store)) === null) return seeOther(reply, logInBefore(request.url))
    return await show({ request, reply }, tools, { standing, fields: giftAtFirst, refusal: null })
  })

  const guards = { preHandler: app.csrfProtection, config: { rateLimit: giftRate } }
  app.post<WithVanity>('/c/:vanity/gift', guards, async (request, reply) => {
    const standing = await standingCalled(request.params.vanity, tools)
    const { id: campaignId, vanity } = standing.campaign
    const account = await accountIn(request, store)
    if (account === null) return seeOther(reply, logInBefore(`/c/${vanity}/gift`))

    const actor = actorOf(account)
    const fields = giftSent(request.body)
    const { email, tierId, months } = fields
    const gift = { actor, campaignId, email, tierId, months: Number(months), linkBase }
    const refusal = await refusalFrom(() => store.execute(giveByEmail, gift, clock.now()))
    if (refusal !== null) return await show({ request, reply }, tools, { standing, fields, refusal })

    say(request, runs(actor, standing.campaign) ? arrived(email) : perhapsArrived(email))
    return seeOther(reply, `/c/${vanity}/gift`)
  })
}

const arrived = (email: string): string => `Your gift has arrived: ${email} has the tier now.`

// The same whether it did or not: `membership/gift-by-email.ts` says why.
const perhapsArrived = (email: string): string =>
  `Thank you. If ${email} belongs to somebody who follows this campaign or has joined it, and pledges nothing yet, they have the tier now. Tell them of it: whether they are here is theirs to say, not ours.`

type Shown = { standing: CampaignStanding; fields: GiftFields; refusal: Refusal | null }

async function show(
  exchange: { request: FastifyRequest; reply: FastifyReply },
  { store }: PageTools,
  shown: Shown,
): Promise<FastifyReply> {
  const visit = await visitOf({ ...exchange, hasForm: true }, store)
  const page = giftPage(visit, { ...shown, said: saidOnce(exchange.request) })
  return sendPage(exchange.reply, page, shown.refusal?.status ?? 200)
}
