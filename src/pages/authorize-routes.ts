import type { FastifyInstance } from 'fastify'
import { addressFor } from '../oauth/answer.ts'
import { authorize } from '../oauth/authorize.ts'
import { arrivalOf } from './arrival.ts'
import { consentPage } from './consent.ts'
import { fieldIn } from './fields.ts'
import { oauthErrorPage } from './oauth-error.ts'
import { policyOfFormTo } from './policy.ts'
import { seeOther, sendPage } from './send.ts'
import type { PageTools } from './tools.ts'
import { visitOf } from './visit.ts'

/** Where a client sends somebody to be let in, and where it is said that it can't be. */
export function authorizeRoutes(app: FastifyInstance, tools: PageTools): void {
  const { store, clock } = tools

  app.get('/oauth2/authorize', async (incoming, reply) => {
    const arrival = await arrivalOf(incoming, tools)
    if (arrival.kind === 'elsewhere') return seeOther(reply, arrival.address)
    const visit = await visitOf({ request: incoming, reply, hasForm: true }, store)
    void reply.header('content-security-policy', policyOfFormTo(arrival.request.redirectUri))
    return sendPage(reply, consentPage(visit, arrival))
  })

  app.post('/oauth2/authorize', { preHandler: app.csrfProtection }, async (incoming, reply) => {
    const arrival = await arrivalOf(incoming, tools)
    if (arrival.kind === 'elsewhere') return seeOther(reply, arrival.address)
    const { account, request } = arrival
    if (fieldIn(incoming.body, 'decision') !== 'allow') return seeOther(reply, addressFor(denied, request))

    const { client, scopes, redirectUri, codeChallenge } = request
    const consent = { accountId: account.id, client, scopes, redirectUri, codeChallenge }
    const code = await store.execute(authorize, consent, clock.now())
    // 303, so that no browser sends the form on to the client (RFC 9700 §4.12).
    return seeOther(reply, addressFor({ code }, request))
  })

  app.get('/oauth2/errors', async (incoming, reply) => {
    const visit = await visitOf({ request: incoming, reply, hasForm: false }, store)
    const [error, description] = [fieldIn(incoming.query, 'error'), fieldIn(incoming.query, 'error_description')]
    return sendPage(reply, oauthErrorPage(visit, { error, description }), 400)
  })
}

const denied = { error: 'access_denied', error_description: 'The person said no.' } as const
