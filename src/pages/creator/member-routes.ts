import type { FastifyInstance, FastifyReply } from 'fastify'
import type { MemberStanding } from '../../domain/member.ts'
import { declineCharge, recoverCharge } from '../../membership/charges.ts'
import { memberSeenBy, noteOn } from '../../membership/members.ts'
import { refundCharge } from '../../membership/refunds.ts'
import { unknownMember } from '../../membership/refusals.ts'
import { fieldIn } from '../fields.ts'
import { refusalFrom } from '../form-refusal.ts'
import { afterIn, partOf } from '../further-pages.ts'
import { linesIn } from '../text-area.ts'
import type { PageTools } from '../tools.ts'
import { type MemberStep, type MemberView, memberPart, memberSteps } from './member.ts'
import { memberList } from './member-list.ts'
import { byCreator, done, show, type Work } from './work.ts'

const address = '/c/:vanity/manage/members'

/** As many as are looked through at once. */
const membersPerPage = 20

/** Who belongs to a campaign, and what their creator does with each. */
export function memberRoutes(app: FastifyInstance, tools: PageTools): void {
  app.get(address, listing(tools))
  app.get(
    `${address}/:member`,
    byCreator(tools, async (work) => await showMember(work, await memberOf(work, tools), null, tools)),
  )
  for (const step of memberSteps) {
    app.post(`${address}/:member/${step}`, { preHandler: app.csrfProtection }, taking(step, tools))
  }
}

const listing = (tools: PageTools) =>
  byCreator(tools, async (work) => {
    const after = afterIn(work.request.query)
    const page = { after, limit: membersPerPage + 1 }
    const found = await tools.store.read.members.listMembers(work.standing.campaign.id, page)
    const { shown, next } = partOf(found, { count: membersPerPage, numberOf: ({ member }) => member.number })
    const list = { members: shown, next, isFirst: after === null, now: tools.clock.now() }
    return show(work, memberList(work.standing, list))
  })

const taking = (step: MemberStep, tools: PageTools) =>
  byCreator(tools, async (work) => {
    const member = await memberOf(work, tools)
    const refusal = await refusalFrom(() => take(step, { work, member }, tools))
    if (refusal !== null) return await showMember(work, member, { step, refusal }, tools)
    return done(work, saidAfter[step](member.account.fullName), `/members/${member.member.id}`)
  })

const saidAfter: Record<MemberStep, (name: string) => string> = {
  declines: (name) => `The charge of ${name} is declined.`,
  recoveries: (name) => `The charge of ${name} is recovered.`,
  refunds: (name) => `${name} got the last payment back.`,
  note: () => 'The note is kept.',
}

function take(step: MemberStep, { work, member }: { work: Work; member: MemberStanding }, tools: PageTools) {
  const { store, clock, linkBase } = tools
  const { actor, request } = work
  const about = { actor, memberId: member.member.id, linkBase }
  switch (step) {
    case 'declines':
      return store.execute(declineCharge, about, clock.now())
    case 'recoveries':
      return store.execute(recoverCharge, about, clock.now())
    case 'refunds':
      return store.execute(refundCharge, { ...about, paymentId: fieldIn(request.body, 'payment') }, clock.now())
    case 'note':
      return store.execute(noteOn, { ...about, note: linesIn(request.body, 'note') }, clock.now())
  }
}

async function memberOf({ actor, request, standing }: Work, { store }: PageTools): Promise<MemberStanding> {
  const id = fieldIn(request.params, 'member')
  const member = await memberSeenBy(actor, id, store.read)
  if (member.member.campaignId !== standing.campaign.id) throw unknownMember(id)
  return member
}

async function showMember(
  work: Work,
  member: MemberStanding,
  refused: MemberView['refused'],
  { store, clock }: PageTools,
): Promise<FastifyReply> {
  const history = await store.read.members.listPledgeEvents([member.member.number])
  const note = refused?.step === 'note' ? linesIn(work.request.body, 'note') : member.member.note
  const view = { campaign: work.standing, member, history, note, refused }
  const content = memberPart({ ...view, csrfToken: work.visit.csrfToken, now: clock.now() })
  return show(work, content, refused?.refusal ?? null)
}
