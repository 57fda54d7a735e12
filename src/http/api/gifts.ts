import { z } from 'zod'
import { give, tryOut } from '../../membership/gifts.ts'
import { type Endpoint, endpoint } from '../endpoint.ts'
import { actorIn, digits } from './actor.ts'
import { pledgeShape, shownPledge } from './pledges.ts'
import type { ApiTools } from './tools.ts'

const byId = z.object({ id: digits })

const calls = { tag: 'memberships', scope: 'memberships' } as const

/** Memberships that cost the member nothing, for a time. */
export const giftCalls = (tools: ApiTools) => ({ give: giveCall(tools), tryOut: tryCall(tools) })

const giveCall = ({ store, clock, linkBase }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'giveMembership',
    summary: 'Give somebody a tier for some months; for the campaign’s creator',
    params: byId,
    body: z.strictObject({ patron_id: digits, tier_id: digits, months: z.number().int().default(1) }),
    status: 201,
    answer: pledgeShape,
    async handle({ caller, params: { id }, body: { patron_id: patronId, tier_id: tierId, months } }) {
      const input = { actor: actorIn(caller), campaignId: id, patronId, tierId, months, linkBase }
      return shownPledge(await store.execute(give, input, clock.now()))
    },
  })

const tryCall = ({ store, clock, linkBase }: ApiTools): Endpoint =>
  endpoint(store.read, {
    ...calls,
    id: 'tryMembership',
    summary: 'Try a tier for some days; then it is paid, unless it was cancelled',
    params: byId,
    body: z.strictObject({
      tier_id: digits,
      days: z.number().int().default(7),
      patron_id: digits.optional().describe('operators may name somebody else'),
    }),
    status: 201,
    answer: pledgeShape,
    async handle({ caller, params: { id }, body: { patron_id, tier_id: tierId, days } }) {
      const patronId = patron_id ?? caller.accountId
      const input = { actor: actorIn(caller), campaignId: id, patronId, tierId, days, linkBase }
      return shownPledge(await store.execute(tryOut, input, clock.now()))
    },
  })
