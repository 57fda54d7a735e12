/** The token endpoint and the revocation endpoint, as Patreon's clients call them. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Client } from '../../domain/client.ts'
import { seconds } from '../../domain/time.ts'
import { exchange, type Granted } from '../../oauth/exchange.ts'
import { refresh } from '../../oauth/refresh.ts'
import { type Refused, refused } from '../../oauth/refused.ts'
import { revokeToken } from '../../oauth/revoke.ts'
import { accessTokenLife, type Tokens } from '../../oauth/tokens.ts'
import type { ApiTools } from '../api/tools.ts'
import { sendSecretly, tellRefused } from './answers.ts'
import { clientIn } from './client.ts'
import { type Parameters, parametersIn } from './parameters.ts'

/** What the endpoints work with. */
type Tools = Pick<ApiTools, 'store' | 'clock'>

type Grant = (client: Client, parameters: Parameters, tools: Tools) => Promise<Granted>

/** `POST /api/oauth2/token`: a code or a refresh token becomes an access token and a refresh token. */
export const tokenDoor =
  (tools: Tools) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const granted = await grantedFor(request, tools)
    if (granted.kind === 'refused') return tellRefused({ request, reply }, granted)
    return sendSecretly(reply, tokensShown(granted.tokens))
  }

/** `POST /api/oauth2/token/revoke`: a token's authorization ends. */
export const revocationDoor =
  ({ store, clock }: Tools) =>
  async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const parameters = parametersIn(request)
    if (isRefused(parameters)) return tellRefused({ request, reply }, parameters)
    const client = await clientIn({ header: request.headers.authorization, parameters }, store.read)
    if (isRefused(client)) return tellRefused({ request, reply }, client)
    const token = parameters('token')
    if (token === null) return tellRefused({ request, reply }, missing('token'))

    const revoked = await store.execute(revokeToken, { clientId: client.id, token }, clock.now())
    if (revoked.kind === 'refused') return tellRefused({ request, reply }, revoked)
    return sendSecretly(reply, {})
  }

async function grantedFor(request: FastifyRequest, tools: Tools): Promise<Granted> {
  const parameters = parametersIn(request)
  if (isRefused(parameters)) return parameters
  const grantType = parameters('grant_type')
  if (grantType === null) return missing('grant_type')
  const grant = grants.get(grantType)
  if (grant === undefined) {
    return refused('unsupported_grant_type', 'grant_type must be authorization_code or refresh_token.')
  }
  const client = await clientIn({ header: request.headers.authorization, parameters }, tools.store.read)
  return isRefused(client) ? client : await grant(client, parameters, tools)
}

const byCode: Grant = async (client, parameters, { store, clock }) => {
  const [code, redirectUri] = [parameters('code'), parameters('redirect_uri')]
  if (code === null) return missing('code')
  if (redirectUri === null) return missing('redirect_uri')
  const shown = { clientId: client.id, code, redirectUri, verifier: parameters('code_verifier') }
  return await store.execute(exchange, shown, clock.now())
}

const byRefreshToken: Grant = async (client, parameters, { store, clock }) => {
  const refreshToken = parameters('refresh_token')
  if (refreshToken === null) return missing('refresh_token')
  const shown = { clientId: client.id, refreshToken, scope: parameters('scope') ?? '' }
  return await store.execute(refresh, shown, clock.now())
}

// No password and no client_credentials grant (RFC 9700 §2.4): Patreon has none either.
const grants = new Map<string, Grant>([
  ['authorization_code', byCode],
  ['refresh_token', byRefreshToken],
])

const tokensShown = ({ accessToken, refreshToken, scopes }: Tokens) => ({
  access_token: accessToken,
  expires_in: accessTokenLife / seconds(1),
  refresh_token: refreshToken,
  scope: scopes.join(' '),
  token_type: 'Bearer',
})

const missing = (name: string): Refused => refused('invalid_request', `${name} is missing.`)

const isRefused = (value: object): value is Refused => 'kind' in value && value.kind === 'refused'
