/** Somebody at work on a campaign that they run: who it is, what they are told, and what was wrong. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CampaignStanding } from '../../domain/membership.ts'
import type { Refusal } from '../../domain/refusal.ts'
import type { Actor } from '../../membership/actor.ts'
import { mustRun } from '../../membership/members.ts'
import { standingCalled } from '../campaign-called.ts'
import { logInBefore } from '../destination.ts'
import { fieldIn } from '../fields.ts'
import { say } from '../said.ts'
import { seeOther, sendPage } from '../send.ts'
import type { PageTools } from '../tools.ts'
import { accountIn, actorOf, type Visit } from '../visit.ts'
import { type Content, managePage } from './manage-page.ts'

/** One request of a campaign's creator or an operator. */
export type Work = {
  request: FastifyRequest
  reply: FastifyReply
  visit: Visit
  actor: Actor
  standing: CampaignStanding
}

/** Does a step for the campaign's creator and operators. Strangers log in and come back; nobody else gets so far. */
export const byCreator =
  (tools: PageTools, step: (work: Work) => Promise<FastifyReply>) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const standing = await standingCalled(fieldIn(request.params, 'vanity'), tools)
    const account = await accountIn(request, tools.store)
    if (account === null) return seeOther(reply, logInAndComeBack(request, manageAddress(standing)))

    const actor = actorOf(account)
    await mustRun(actor, standing.campaign.id, tools.store.read)
    return await step({ request, reply, actor, standing, visit: { account, csrfToken: reply.generateCsrf() } })
  }

/** Log-in that leads back to the page that was asked for; to `otherwise` where a form was sent, which is lost. */
export const logInAndComeBack = ({ method, url }: FastifyRequest, otherwise: string): string =>
  logInBefore(method === 'GET' ? url : otherwise)

/** Where a campaign is managed. */
const manageAddress = ({ campaign }: CampaignStanding): string => `/c/${campaign.vanity}/manage`

/** Answers with a page; with the status of what was refused, where something was. */
export const show = (work: Work, content: Content, refusal: Refusal | null = null): FastifyReply =>
  sendPage(work.reply, managePage(work, content), refusal?.status ?? 200)

/** Leads on to a page of the campaign, which says what was done. */
export function done({ request, reply, standing }: Work, sentence: string, part: string): FastifyReply {
  say(request, sentence)
  return seeOther(reply, `${manageAddress(standing)}${part}`)
}
