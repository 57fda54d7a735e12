import type { FastifyInstance } from 'fastify'
import { Refusal } from '../domain/refusal.ts'
import { days, type Instant } from '../domain/time.ts'
import { turnOfMonth } from '../membership/charging.ts'
import { passageIn } from '../passage.ts'
import { fieldIn } from './fields.ts'
import { seeOther } from './send.ts'
import type { PageTools } from './tools.ts'
import { accountIn, logIn } from './visit.ts'

/** The form that lets time pass. */
export function clockRoutes(app: FastifyInstance, tools: PageTools): void {
  const { store, clock } = tools

  app.post('/clock/moves', { preHandler: app.csrfProtection }, async (request, reply) => {
    const account = await accountIn(request, store)
    if (account?.role !== 'operator') {
      throw new Refusal('not_permitted', { message: 'Only an operator of this Tidings moves its clock.' })
    }
    await passageIn(tools).to(momentIn(request.body, clock.now()))
    // Whoever moves time sees what became of it, even where their log-in would be too old by now.
    await logIn(request, account.id)
    return seeOther(reply, '/')
  })
}

function momentIn(body: unknown, now: Instant): Instant {
  switch (fieldIn(body, 'to')) {
    case 'turn':
      return turnOfMonth(now, 1)
    case 'day':
      return now + days(1)
  }
  throw new Refusal('field_invalid', {
    message: 'The clock is moved to the turn of the month, or by a day.',
    field: 'to',
  })
}
