import { z } from 'zod'
import { mustOperate } from '../../domain/access.ts'
import type { Member } from '../../domain/member.ts'
import { runCharges } from '../../membership/charge-run.ts'
import { declineCharge, markFraud, recoverCharge } from '../../membership/charges.ts'
import type { MemberInput } from '../../membership/members.ts'
import { refundCharge } from '../../membership/refunds.ts'
import type { Command } from '../../store/command.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { given } from '../given.ts'
import { actorIn } from './actor.ts'
import { byMember, memberNow, memberShape } from './members.ts'
import type { ApiTools } from './tools.ts'

const calls = { tag: 'memberships', scope: 'memberships' } as const

/** What becomes of charges. */
export const chargeCalls = (tools: ApiTools) => ({
  run: runCall(tools),
  decline: chargeCall(tools, declineCharge, {
    id: 'declineCharge',
    summary: 'Let a member’s card be declined; for the campaign’s creator',
  }),
  recover: chargeCall(tools, recoverCharge, {
    id: 'recoverCharge',
    summary: 'Let a declined charge succeed after all',
  }),
  fraud: chargeCall(tools, markFraud, {
    id: 'markFraud',
    summary: 'Let a member’s charge be taken for fraud; for the campaign’s creator',
  }),
  refund: refundCall(tools),
})

const runShape = z
  .object({
    charged: z.number().int(),
    ended: z.number().int().describe('gifts whose time was over'),
    is_finished: z.boolean().describe('false: more is due; call again'),
  })
  .meta({ id: 'ChargeRun' })

const runCall = ({ store, clock, linkBase }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'runCharges',
    summary: 'Charge every member whose charge is due; for operators. Safe to repeat',
    body: z.strictObject({
      until: z.iso.datetime({ offset: true }).optional().describe('may lie ahead, to try out the turn of the month'),
    }),
    status: 201,
    answer: runShape,
    async handle({ caller, body: { until } }) {
      mustOperate(caller)
      const moment = until === undefined ? clock.now() : Date.parse(until)
      const { charged, ended, isFinished } = await runCharges(moment, { store, clock, linkBase })
      return { charged, ended, is_finished: isFinished }
    },
  })

const chargeCall = (
  tools: ApiTools,
  command: Command<MemberInput, Member>,
  said: { id: string; summary: string },
): Endpoint =>
  endpoint(tools.store.read, {
    ...calls,
    ...said,
    params: byMember,
    status: 201,
    answer: memberShape,
    async handle({ caller, params: { id: memberId } }) {
      const { store, clock, linkBase } = tools
      await store.execute(command, { actor: actorIn(caller), memberId, linkBase }, clock.now())
      return await memberNow(memberId, caller, tools)
    },
  })

const refundCall = (tools: ApiTools): Endpoint =>
  endpoint(tools.store.read, {
    ...calls,
    id: 'refundCharge',
    summary: 'Give a member the last payment back, or a part of it; for the campaign’s creator',
    params: byMember,
    body: z
      .strictObject({
        amount_cents: z.number().optional().describe('all that is left of it, unless it says otherwise'),
      })
      .nullish(),
    status: 201,
    answer: memberShape,
    async handle({ caller, params: { id: memberId }, body }) {
      const { store, clock, linkBase } = tools
      const input = { actor: actorIn(caller), memberId, linkBase, ...given({ amountCents: body?.amount_cents }) }
      await store.execute(refundCharge, input, clock.now())
      return await memberNow(memberId, caller, tools)
    },
  })
