import type {} from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { acceptLink } from '../accounts/commands.ts'
import { type Account, passwordLength } from '../domain/account.ts'
import { Refusal } from '../domain/refusal.ts'
import { fingerprintOf } from '../domain/vault.ts'
import { fieldIn } from './fields.ts'
import { seeOther, sendPage } from './send.ts'
import type { PageTools } from './tools.ts'
import { logIn, visitOf } from './visit.ts'
import { welcomePage } from './welcome.ts'

type WithToken = { Params: { token: string } }

/** Hashing a password is expensive by design, so a link can't be used to keep us busy. */
const welcomeRate = { max: 10, timeWindow: 60_000 }

/** The one-time link with which somebody chooses a password. */
export function welcomeRoutes(app: FastifyInstance, { store, clock, passwords }: PageTools): void {
  app.get<WithToken>('/welcome/:token', async (request, reply) => {
    const { token } = request.params
    const account = await invited(token)
    const visit = await visitOf({ request, reply, hasForm: true }, store)
    return sendPage(reply, welcomePage(visit, { account, token }, null))
  })

  const guards = { preHandler: app.csrfProtection, config: { rateLimit: welcomeRate } }
  app.post<WithToken>('/welcome/:token', guards, async (request, reply) => {
    const { token } = request.params
    const account = await invited(token)
    const password = fieldIn(request.body, 'password')
    const refusal = refusalOf(password)
    if (refusal !== null) {
      const visit = await visitOf({ request, reply, hasForm: true }, store)
      return sendPage(reply, welcomePage(visit, { account, token }, refusal), refusal.status)
    }
    const passwordHash = await passwords.hash(password)
    const { id } = await store.execute(acceptLink, { tokenHash: fingerprintOf(token), passwordHash }, clock.now())
    await logIn(request, id)
    return seeOther(reply, '/')
  })

  async function invited(token: string): Promise<Account> {
    const account = await store.read.accounts.findLink(fingerprintOf(token), clock.now())
    if (account !== null) return account
    throw new Refusal('link_spent', {
      message: 'This link was used already, or is too old. An operator of this Tidings can send you a new one.',
    })
  }
}

function refusalOf(password: string): Refusal | null {
  const { shortest, longest } = passwordLength
  if (password.length >= shortest && password.length <= longest) return null
  return new Refusal('field_invalid', {
    message: `A password has ${shortest} to ${longest} characters; this one has ${password.length}.`,
    field: 'password',
    expected: `${shortest} to ${longest} characters`,
  })
}
