import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Refusal } from '../domain/refusal.ts'
import { keepAddress } from '../membership/addresses.ts'
import { type AddressFields, addressFields, addressIn, addressPage, addressSent } from './address.ts'
import { destinationAfterLogIn, logInBefore } from './destination.ts'
import { fieldIn } from './fields.ts'
import { refusalFrom } from './form-refusal.ts'
import { saidOnce, say } from './said.ts'
import { seeOther, sendPage } from './send.ts'
import type { PageTools } from './tools.ts'
import { accountIn, actorOf, visitOf } from './visit.ts'

/** Where somebody wants things sent. */
export function addressRoutes(app: FastifyInstance, tools: PageTools): void {
  const { store, clock } = tools

  app.get('/address', async (request, reply) => {
    const account = await accountIn(request, store)
    if (account === null) return seeOther(reply, logInBefore(request.url))
    const fields = addressFields(await store.read.members.findAddress(account.id))
    return await show({ request, reply }, tools, { fields, refusal: null, next: fieldIn(request.query, 'next') })
  })

  app.post('/address', { preHandler: app.csrfProtection }, async (request, reply) => {
    const account = await accountIn(request, store)
    if (account === null) return seeOther(reply, logInBefore('/address'))
    const fields = addressSent(request.body)
    const next = fieldIn(request.body, 'next')
    const input = { actor: actorOf(account), accountId: account.id, address: addressIn(fields) }
    const refusal = await refusalFrom(() => store.execute(keepAddress, input, clock.now()))
    if (refusal !== null) return await show({ request, reply }, tools, { fields, refusal, next })

    say(request, 'Your address is kept.')
    return seeOther(reply, next === '' ? '/address' : destinationAfterLogIn(next))
  })
}

type Shown = { fields: AddressFields; refusal: Refusal | null; next: string }

async function show(
  exchange: { request: FastifyRequest; reply: FastifyReply },
  { store }: PageTools,
  shown: Shown,
): Promise<FastifyReply> {
  const visit = await visitOf({ ...exchange, hasForm: true }, store)
  const page = addressPage(visit, { ...shown, said: saidOnce(exchange.request) })
  return sendPage(exchange.reply, page, shown.refusal?.status ?? 200)
}
