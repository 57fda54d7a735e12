/** Somebody whom a client sent here: who they are, and whether what the client asks makes sense. */
import type { FastifyRequest } from 'fastify'
import type { Account } from '../domain/account.ts'
import { addressFor, errorsAddress } from '../oauth/answer.ts'
import { type AuthorizationRequest, asked, type Mistake, type Parameters } from '../oauth/authorization-request.ts'
import { addressLimit, logInBefore } from './destination.ts'
import { fieldIn } from './fields.ts'
import type { PageTools } from './tools.ts'
import { accountIn } from './visit.ts'

/** Either the person may be asked, or they go elsewhere. */
export type Arrival =
  | { kind: 'here'; account: Account; request: AuthorizationRequest; address: string }
  | { kind: 'elsewhere'; address: string }

/** Reads the request and the session anew; what an earlier page said counts for nothing. */
export async function arrivalOf(incoming: FastifyRequest, { store }: Pick<PageTools, 'store'>): Promise<Arrival> {
  const address = addressOf(incoming)
  if (address.length > addressLimit) return elsewhere(errorsAddress('invalid_request', 'Request too long.', null))

  const found = await store.read.clients.findByClientId(fieldIn(incoming.query, 'client_id'))
  const result = asked(parametersIn(incoming.query), found?.client ?? null)
  const account = await accountIn(incoming, store)
  if (result.kind === 'refused') return elsewhere(addressOfMistake(result, account, incoming))
  if (account === null) return elsewhere(logInBefore(address))
  return { kind: 'here', account, request: result.request, address }
}

/**
 * A mistake is told to the client where the way back is sure, and only with somebody who is logged in: a link to us must
 * not lead a stranger straight on to another site (RFC 9700 §4.11.2). Nobody has to log in to hear of a mistake.
 */
function addressOfMistake(mistake: Mistake, account: Account | null, { query }: FastifyRequest): string {
  const { error, description, wayBack } = mistake
  if (wayBack !== null && account !== null) return addressFor({ error, error_description: description }, wayBack)
  const state = fieldIn(query, 'state')
  return errorsAddress(error, description, state === '' ? null : state)
}

const elsewhere = (address: string): Arrival => ({ kind: 'elsewhere', address })

/** The request's own address. What browsers leave as it is and a path may not have is written with `%`. */
const addressOf = ({ url }: FastifyRequest): string => url.replace(/[^\x21-\x7e]|\\/g, encodeURIComponent)

function parametersIn(query: unknown): Parameters {
  return {
    one(name) {
      const value = fieldIn(query, name)
      return value === '' ? null : value
    },
    isRepeated: (name) => typeof query === 'object' && query !== null && Array.isArray(Reflect.get(query, name)),
  }
}
