/** Somebody whom a client sent here: who they are, and whether what the client asks makes sense. */
import type { FastifyRequest } from 'fastify'
import type { Account } from '../domain/account.ts'
import { addressFor, errorsAddress } from '../oauth/answer.ts'
import { type AuthorizationRequest, asked, type Parameters } from '../oauth/authorization-request.ts'
import { addressLimit } from './destination.ts'
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
  const isRefused = result.kind === 'refused'
  if (isRefused && result.wayBack === null) {
    const state = fieldIn(incoming.query, 'state')
    return elsewhere(errorsAddress(result.error, result.description, state === '' ? null : state))
  }
  // Log-in comes before any answer: a link to us must not lead a stranger straight on to somebody's site, whatever is
  // wrong with the request (RFC 9700 §4.11.2).
  const account = await accountIn(incoming, store)
  if (account === null) return elsewhere(`/login?next=${encodeURIComponent(address)}`)
  if (result.kind === 'sound') return { kind: 'here', account, request: result.request, address }
  const { error, description, wayBack } = result
  return elsewhere(wayBack === null ? '/' : addressFor({ error, error_description: description }, wayBack))
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
