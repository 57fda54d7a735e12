import type {} from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { passwordLength } from '../domain/account.ts'
import { Refusal } from '../domain/refusal.ts'
import { destinationAfterLogIn } from './destination.ts'
import { fieldIn } from './fields.ts'
import { logInPage } from './log-in.ts'
import { seeOther, sendPage } from './send.ts'
import type { PageTools } from './tools.ts'
import { accountIn, logIn, visitOf } from './visit.ts'

/** Guessing passwords must take longer than anybody has. */
const logInRate = { max: 10, timeWindow: 60_000 }

/** Logging in and out. */
export async function logInRoutes(app: FastifyInstance, tools: PageTools): Promise<void> {
  const { store } = tools
  const accountWith = await recogniser(tools)

  app.get('/login', async (request, reply) => {
    const next = fieldIn(request.query, 'next')
    if ((await accountIn(request, store)) !== null) return seeOther(reply, destinationAfterLogIn(next))
    const visit = await visitOf({ request, reply, hasForm: true }, store)
    return sendPage(reply, logInPage(visit, { email: '', next }, null))
  })

  app.post('/login', { preHandler: app.csrfProtection, config: { rateLimit: logInRate } }, async (request, reply) => {
    const [email, next] = [fieldIn(request.body, 'email').trim(), fieldIn(request.body, 'next')]
    const accountId = await accountWith(email, fieldIn(request.body, 'password'))
    if (accountId === null) {
      const visit = await visitOf({ request, reply, hasForm: true }, store)
      return sendPage(reply, logInPage(visit, { email, next }, wrongCredentials), wrongCredentials.status)
    }
    await logIn(request, accountId)
    return seeOther(reply, destinationAfterLogIn(next))
  })

  app.post('/logout', { preHandler: app.csrfProtection }, async (request, reply) => {
    await request.session.destroy()
    return seeOther(reply, destinationAfterLogIn(fieldIn(request.body, 'next')))
  })
}

/** One text for every reason, so that it tells nobody which e-mail addresses have an account. */
const wrongCredentials = new Refusal('credentials_wrong', { message: 'E-mail and password do not belong together.' })

/** Finds whose e-mail and password these are. Where there is no password to compare with, it spends the same time. */
async function recogniser({ store, passwords, random }: PageTools) {
  const decoy = await passwords.hash(random.bytes(24).toString('base64url'))

  return async (email: string, password: string): Promise<string | null> => {
    const found = await store.read.accounts.findByEmail(email)
    const hash = found?.passwordHash ?? decoy
    const matches = await passwords.verify(hash, password.slice(0, passwordLength.longest))
    return matches && found !== null && hash !== decoy && password.length <= passwordLength.longest
      ? found.account.id
      : null
  }
}
