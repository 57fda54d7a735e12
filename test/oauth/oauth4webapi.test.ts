import * as oauth from 'oauth4webapi'
import { describe, expect, test } from 'vitest'
import { aWorld } from '../world.ts'
import { accessWith, anOAuthClient, aVisitor, callback } from './visitor.ts'

const authentications = { ClientSecretPost: oauth.ClientSecretPost, ClientSecretBasic: oauth.ClientSecretBasic }
const http = { [oauth.allowInsecureRequests]: true }

const serverAt = (url: string): oauth.AuthorizationServer => ({
  issuer: url,
  authorization_endpoint: `${url}/oauth2/authorize`,
  token_endpoint: `${url}/api/oauth2/token`,
  revocation_endpoint: `${url}/api/oauth2/token/revoke`,
})

/** The address of an authorization request, and what must be shown when the browser is back. */
async function aRequest(as: oauth.AuthorizationServer, clientId: string) {
  const [verifier, state] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState()]
  const address = new URL(as.authorization_endpoint ?? '')
  address.search = new URLSearchParams({
    client_id: clientId,
    redirect_uri: callback,
    response_type: 'code',
    scope: 'users',
    state,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }).toString()
  return { path: address.pathname + address.search, verifier, state }
}

describe('a library that knows nothing of us', () => {
  test.each(Object.entries(authentications))('completes code, PKCE, refresh and revocation by %s', async (_by, by) => {
    const world = await aWorld()
    const { clientId, secret } = await anOAuthClient(world)
    const pat = await aVisitor(world, 'pat')
    const [as, client, auth] = [serverAt(world.server.url), { client_id: clientId }, by(secret)]
    const { path, verifier, state } = await aRequest(as, clientId)
    await pat.open(path)
    const back = new URL((await pat.send('/oauth2/authorize', { decision: 'allow' })).location)

    const shown = oauth.validateAuthResponse(as, client, back, state)
    const answer = await oauth.authorizationCodeGrantRequest(as, client, auth, shown, callback, verifier, http)
    const first = await oauth.processAuthorizationCodeResponse(as, client, answer)
    const again = await oauth.refreshTokenGrantRequest(as, client, auth, first.refresh_token ?? '', http)
    const second = await oauth.processRefreshTokenResponse(as, client, again)
    const speaksFor = await accessWith(world, second.access_token)
    await oauth.processRevocationResponse(await oauth.revocationRequest(as, client, auth, second.access_token, http))

    expect(first).toMatchObject({ token_type: 'bearer', expires_in: 2_678_400, scope: 'users' })
    expect(speaksFor).toMatchObject({ accountId: pat.id })
    expect(await accessWith(world, second.access_token)).toBeNull()
    const late = await oauth.refreshTokenGrantRequest(as, client, auth, second.refresh_token ?? '', http)
    await expect(oauth.processRefreshTokenResponse(as, client, late)).rejects.toMatchObject({ error: 'invalid_grant' })
  })
})
