import { z } from 'zod'
import { mustOperate } from '../../domain/access.ts'
import { Refusal } from '../../domain/refusal.ts'
import { type Instant, seconds } from '../../domain/time.ts'
import { turnOfMonth } from '../../membership/charging.ts'
import { farthestMove, passageIn } from '../../passage.ts'
import { type Endpoint, endpoint, moment, written } from '../endpoint.ts'
import type { ApiTools } from './tools.ts'

const calls = { tag: 'clock', scope: 'memberships' } as const

/** What time it is here, and moving on. */
export const clockCalls = (tools: ApiTools) => ({ show: showCall(tools), move: moveCall(tools) })

const clockShape = z
  .object({
    now: moment,
    is_movable: z.boolean(),
    ahead_seconds: z.number().describe('how far it is ahead of the machine’s own clock'),
    turn_of_month: moment.describe('when the month turns next and members are charged, in UTC'),
  })
  .meta({ id: 'Clock' })

const clockNow = ({ clock, passage }: ApiTools) => ({
  now: written(clock.now()),
  is_movable: passage !== null,
  ahead_seconds: (passage?.ahead() ?? 0) / seconds(1),
  turn_of_month: written(turnOfMonth(clock.now(), 1)),
})

const showCall = (tools: ApiTools): Endpoint =>
  endpoint(tools.store.read, {
    ...calls,
    id: 'showClock',
    summary: 'Tell what time it is here, and whether that can be moved',
    answer: clockShape,
    handle: () => Promise.resolve(clockNow(tools)),
  })

const moveShape = z.strictObject({
  by_seconds: z
    .number()
    .int()
    .min(1)
    .max(farthestMove / seconds(1))
    .optional(),
  to: z.iso.datetime({ offset: true }).optional().describe('a moment that lies ahead'),
})

const movedShape = clockShape
  .extend({
    to: moment.describe('where it is moved to'),
    is_finished: z.boolean().describe('false: deliveries on the way there take long; call again with the same `to`'),
  })
  .meta({ id: 'ClockMove' })

const moveCall = (tools: ApiTools): Endpoint =>
  endpoint(tools.store.read, {
    ...calls,
    id: 'moveClock',
    summary: 'Let time pass: charges, trials and retries on the way happen at their moments; for operators',
    body: moveShape,
    status: 201,
    answer: movedShape,
    async handle({ caller, body }) {
      mustOperate(caller)
      const passage = passageIn(tools)
      const to = momentIn(body, tools.clock.now())
      const isFinished = await passage.to(to)
      return { ...clockNow(tools), to: written(to), is_finished: isFinished }
    },
  })

function momentIn({ by_seconds, to }: z.output<typeof moveShape>, now: Instant): Instant {
  if (by_seconds !== undefined && to === undefined) return now + seconds(by_seconds)
  if (to !== undefined && by_seconds === undefined) return Date.parse(to)
  throw new Refusal(to === undefined ? 'field_missing' : 'field_invalid', {
    message: 'A move says how far it goes, or where to.',
    field: 'to',
    expected: 'either by_seconds or to',
  })
}
