import { z } from 'zod'
import { type Caller, isOperator } from '../../domain/access.ts'
import type { Actor } from '../../membership/actor.ts'

/** An id in the form that accounts, campaigns, tiers and pledges have. */
export const digits = z.string().regex(/^\d{1,15}$/, 'an id, which is digits')

/** Who acts when a caller does something to a membership. */
export const actorIn = (caller: Caller): Actor => ({ accountId: caller.accountId, isOperator: isOperator(caller) })
