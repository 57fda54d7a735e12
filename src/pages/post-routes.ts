import type { FastifyInstance } from 'fastify'
import type { Account } from '../domain/account.ts'
import { entitlement } from '../domain/member.ts'
import { isFor, type Post } from '../domain/post.ts'
import { runs } from '../membership/members.ts'
import { unknownCampaign, unknownPost } from '../membership/refusals.ts'
import { creatorNameOf } from './campaign-called.ts'
import { fieldIn } from './fields.ts'
import { postPage } from './post.ts'
import { sendPage } from './send.ts'
import type { PageTools } from './tools.ts'
import { actorOf, visitOf } from './visit.ts'

/** `url` of a post leads here (wire.md §6.3). */
export function postPageRoutes(app: FastifyInstance, { store, clock }: PageTools): void {
  const { posts, memberships } = store.read

  app.get('/posts/:post', async (request, reply) => {
    const post = await postCalled(fieldIn(request.params, 'post'))
    const standing = await memberships.findStanding(post.campaignId)
    if (standing === null) throw unknownCampaign(post.campaignId)
    const visit = await visitOf({ request, reply, hasForm: false }, store)
    const pledge = await pledgeOf(visit.account, post)
    const mayEdit = visit.account !== null && runs(actorOf(visit.account), standing.campaign)
    const mayRead = mayEdit || isFor(post, entitlement(pledge))
    const creatorName = await creatorNameOf(standing, store)
    return sendPage(reply, postPage(visit, { post, standing, creatorName, pledge, mayRead, mayEdit, now: clock.now() }))
  })

  async function postCalled(id: string): Promise<Post> {
    const post = await posts.findPost(id)
    if (post === null) throw unknownPost(id)
    return post
  }

  const pledgeOf = async (account: Account | null, { campaignId }: Post) =>
    account === null ? null : await memberships.findOpenPledge({ campaignId, patronId: account.id })
}
