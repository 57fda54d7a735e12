/** Writes down how a membership is now and what happened to it, and tells whoever listens: the last step of every command. */
import type { PledgeEvent } from '../domain/member.ts'
import type { Tier } from '../domain/membership.ts'
import type { Moment } from '../store/command.ts'
import type { Records } from '../store/records.ts'
import { announce, type News } from './announce.ts'
import { type Charge } from './charging.ts'

/** What happened to the pledge, in order; everything but a charge is written with the pledge's own amount. */
export type History = readonly (Charge | Exclude<PledgeEvent['type'], 'subscription'>)[]

/** Keeps the member and the history of their pledge, then fires what the action fires. */
export async function keep(news: News, history: History, records: Records, at: Moment): Promise<void> {
  await records.members.keepMember(news.member)
  await remember(news, { history, records, at })
  await announce(news, records, at)
}

type Remembering = { history: History; records: Records; at: Moment }

async function remember({ pledge, member }: News, { history, records, at }: Remembering): Promise<void> {
  const tier = await tierNamed(pledge?.tierId ?? null, records)
  for (const entry of history) {
    const charge =
      typeof entry === 'string' ? { type: entry, amountCents: pledge?.amountCents ?? 0, paymentStatus: null } : entry
    await records.members.insertPledgeEvent({
      ...charge,
      memberNumber: member.number,
      happenedAt: at.now,
      tierId: tier?.id ?? null,
      tierTitle: tier?.title ?? null,
    })
  }
}

/** The tier that terms name, if there is one. */
export const tierNamed = async (id: string | null, { memberships }: Records): Promise<Tier | null> =>
  id === null ? null : await memberships.findTier(id)
