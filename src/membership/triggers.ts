/**
 * Who hears of what: each thing that somebody does to a membership, and the triggers of both generations that it fires
 * (wire.md §2.3). docs/decisions/9 says why, where that page leaves it open.
 */
import type { MemberTrigger, PledgeTrigger } from '../domain/trigger.ts'

/** Everything that happens to a membership. */
export type Action =
  | ('follow' | 'join' | 'leave')
  | ('pledge' | 'gift' | 'trial' | 'edit' | 'cancel' | 'gift-over' | 'lapse')
  | ('charge' | 'decline' | 'fraud' | 'recovery' | 'refund')
  | 'note'

/** What somebody was to a campaign before: nobody, a member who never paid, or somebody who did at any time. */
export type Earlier = 'stranger' | 'unpaid' | 'payer'

type Verb = 'create' | 'update' | 'delete'

/** What becomes of the pledge, if anything, and of the member, by what they were before; null can't happen. */
type Effect = { pledge: Verb | null; member: Record<Earlier, Verb | null> }

// Who paid once is a member for good: `create` and `delete` are for those who never did.
const begins = { stranger: 'create', unpaid: 'update', payer: 'update' } as const
const changes = { stranger: null, unpaid: 'update', payer: 'update' } as const
const ends = { stranger: null, unpaid: 'delete', payer: 'update' } as const

/** The whole table. */
export const effects: Record<Action, Effect> = {
  follow: { pledge: null, member: begins },
  join: { pledge: null, member: begins },
  leave: { pledge: null, member: ends },

  pledge: { pledge: 'create', member: begins },
  gift: { pledge: 'create', member: begins },
  trial: { pledge: 'create', member: begins },
  edit: { pledge: 'update', member: changes },
  cancel: { pledge: 'delete', member: ends },
  'gift-over': { pledge: 'delete', member: ends },
  // A gift ends for who had joined before it: they are a free member again.
  lapse: { pledge: 'delete', member: changes },

  charge: { pledge: null, member: changes },
  decline: { pledge: null, member: changes },
  fraud: { pledge: null, member: changes },
  recovery: { pledge: null, member: changes },
  refund: { pledge: null, member: changes },
  note: { pledge: null, member: changes },
}

/** What an action fires, in the order in which it is told: v1, the member, the member's pledge. */
export function triggersOf(action: Action, earlier: Earlier): (PledgeTrigger | MemberTrigger)[] {
  const { pledge, member } = effects[action]
  const verb = member[earlier]
  return [
    ...(pledge === null ? [] : [`pledges:${pledge}` as const]),
    ...(verb === null ? [] : [`members:${verb}` as const]),
    ...(pledge === null ? [] : [`members:pledge:${pledge}` as const]),
  ]
}
